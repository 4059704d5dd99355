"""Which kinds of music a request asks for: what it names for sure, and softly what people put on for such a sentence.

The sentence is heard as a whole by the `RequestModel`, with everything that is ruled out in it: it was taught what "no
sad songs" and "if I hear wonderwall again" mean. Genres that are named are asked for surely; the sentence then only
chooses among what is near them. Without the encoder's package the words alone tell: phrases of scenes, and words in
common with the sentences of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nlp.components.answer import joined_targets
from nlp.components.draft import RequestDraft, SlotValue
from nlp.components.kinds.named_kinds import meaning, named_kinds
from nlp.components.kinds.named_scenes import scene_by_words, with_scenes
from nlp.components.wishes.axis_ranges import AxisWish
from nlp.knowledge.artists import ArtistFacts, all_artists, artist_key
from nlp.knowledge.kinds import Kinds, Shares, all_kinds
from nlp.knowledge.request_model import Hearing, RequestModel
from nlp.knowledge.scenes import ScenePhrase, all_scenes
from nlp.languages import NO_WORDS, languages_of
from nlp.vibe import AxisRange, KindWish

MUSIC = 0.5
"""Probability from which a sentence is taken to ask for music."""

NEAR, NEAR_OF_FEW, FEW_WORDS = 0.5, 0.75, 3
"""Likeness of the nearest known sentence below which a text of which nothing else was understood asks for nothing: the
second for fewer words than the third. "Chair" is near to other furniture. Judgement."""

FOREMOST, FOREIGN_COUNTS = 0.6, 0.3
"""Kinds of other tongues below this part of the most wanted one count for less. Judgement."""

REFUSED = 0.5
ASKED = 0.2
SPOILS = 0.3
"""Probability from which a kind is taken to spoil what is asked for. Judgement."""

WITHIN = 0.5
"""What a sentence counts beside named genres, for the kinds near those. Judgement."""

NEAR_ENOUGH = 0.6
AXIS_WEIGHT = 0.7
LIKE_SHARE = 0.9
MOST_ARTISTS = 80

NO_WORDS_FROM = 0.5
"""Instrumentalness from which a song counts as one without words."""

WORDS_OF_TONGUE, SURE_OF_TONGUE = 4, 0.7
"""Words and probability from which a request is taken to be in another language than English. Judgement."""

MOOD_WEIGHT = 0.5
"""What the range of a mood's word counts beside the whole sentence. Of 114 requests with songs chosen by hand, 65 % of
the songs lie in the ranges of their moods' words and 52 % of any songs; of words with a learned meaning 40 and 44 %."""

_HEARD_AS_WHOLE = frozenset({"activity", "scene", "weather", "season", "time", "place", "meaning"})
_NOT_HEARD = frozenset({"length", "clean", "target", "years", "artist-", "genre-", "instrument-", "language-", "edit"})
_FOLLOW_UP = frozenset({"change", "keep", "without", "like", "times"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is asked for by name: `shares` of kinds, 0 where nothing is; `sure` where a genre is among it."""

    shares: Shares
    sure: bool
    liked: tuple[ArtistFacts, ...]


def read_kinds(draft: RequestDraft, model: RequestModel | None) -> KindWish | None:
    """The kinds that a request asks for; None where nothing in it tells of any."""
    kinds, scenes = all_kinds(), all_scenes()
    silent = _silent(draft)
    words = ["" if silent[index] else draft.folded(index) for index in range(len(draft.words))]
    phrases = scenes.phrases(words)
    heard = _heard(draft, words, phrases, model)
    named = named_kinds(draft, scenes, words, phrases, None if heard is None else heard.kinds)
    asked = _Asked(shares=named, sure=bool(named.any()), liked=_liked(draft))
    for facts in asked.liked:
        asked = replace(asked, shares=np.maximum(asked.shares, LIKE_SHARE * facts.shares() / facts.shares().max()))
    if not asked.shares.any() and heard is None:
        return None
    refused = meaning(kinds, (str(finding.value) for finding in draft.findings if finding.slot == "genre-"))
    tongue = _tongue(draft)
    shares = _at_home(kinds, _mixed(kinds, asked, heard), _meant_tongue(heard) or tongue)
    shares = np.where(refused >= REFUSED, 0, shares).astype(np.float32)
    return _wish(draft, shares, heard, asked, phrases) if shares.any() else None


def _heard(
    draft: RequestDraft, words: Sequence[str], phrases: Sequence[ScenePhrase], model: RequestModel | None
) -> Hearing | None:
    """What the whole sentence asks for; None where it asks for nothing, or only changes the last set."""
    follows = any(finding.slot in _FOLLOW_UP for finding in draft.findings)
    if _is_filler(draft) or (follows and not phrases):
        return None
    if model is None:
        return scene_by_words(draft, words, phrases)
    heard = model.hear(draft.text)
    heard = with_scenes(heard, phrases)
    understood = any(finding.slot != "word" for finding in draft.findings) or bool(phrases)
    known = heard.near >= (NEAR_OF_FEW if len(draft.words) < FEW_WORDS else NEAR)
    return heard if understood or (heard.music >= MUSIC and known) else None


def _is_filler(draft: RequestDraft) -> bool:
    """Whether no word says anything: "some music", or nothing at all."""
    mentions = [draft.at(index) for index in range(len(draft.words))]
    return all(mention is not None and mention.kind == "filler" for mention in mentions)


def _mixed(kinds: Kinds, asked: _Asked, heard: Hearing | None) -> Shares:
    """The shares of what is named and what the sentence asks for, the most wanted about 1."""
    if heard is None:
        return asked.shares
    whole: Shares = heard.kinds / heard.kinds.max()
    if not asked.shares.any():
        return whole
    within = kinds.around(asked.shares) >= NEAR_ENOUGH
    shares: Shares = np.maximum(asked.shares, whole * within * np.float32(WITHIN)).astype(np.float32)
    return shares


def _at_home(kinds: Kinds, shares: Shares, tongue: str) -> Shares:
    """The shares with less of kinds that are not asked for in the first place and sung in other tongues than the
    request's: who asks for gospel in English does not mean the Brazilian one.
    """
    most = float(shares.max(initial=0))
    foreign = [tongue not in row.tongues and not {"*", NO_WORDS} & set(row.tongues) for row in kinds.rows]
    at_home: Shares = np.where(np.array(foreign) & (shares < FOREMOST * most), shares * FOREIGN_COUNTS, shares)
    return at_home


def _wish(
    draft: RequestDraft, shares: Shares, heard: Hearing | None, asked: _Asked, phrases: Sequence[ScenePhrase]
) -> KindWish:
    kinds = all_kinds()
    unwanted = np.zeros(len(kinds), dtype=np.float32) if heard is None else heard.without.copy()
    unwanted[shares > ASKED] = 0
    if asked.sure:
        unwanted[kinds.around(asked.shares) >= NEAR_ENOUGH] = 0
    return KindWish(
        wanted=kinds.pairs(shares / shares.max(), least=0.05),
        unwanted=kinds.pairs(unwanted, least=SPOILS, most=len(kinds)),
        sure=asked.sure,
        axes=() if heard is None else _axes(heard),
        spoken=tuple(joined_targets(_spoken(draft, scene=heard is not None, genre=asked.sure))),
        artists=_artists(draft, shares, heard, asked),
        fame=_fame(kinds, shares, heard),
        years=None if heard is None else heard.years,
        scenes=tuple(all_scenes().rows[numbers[0]].name for _, _, numbers in phrases),
        tongue=_meant_tongue(heard) or _tongue(draft),
    )


def _axes(heard: Hearing) -> tuple[AxisRange, ...]:
    """The ranges of the sentence; one that means no words at all says so."""
    axes = tuple(replace(wish, weight=round(AXIS_WEIGHT * wish.weight, 3)) for wish in heard.axes)
    if heard.tongue != NO_WORDS or any(wish.axis == "instrumentalness" for wish in axes):
        return axes
    return (*axes, AxisRange(axis="instrumentalness", low=NO_WORDS_FROM, weight=AXIS_WEIGHT))


def _artists(draft: RequestDraft, shares: Shares, heard: Hearing | None, asked: _Asked) -> tuple[str, ...]:
    """Typical artists, those that are asked for first; of a named genre only who plays it. Whoever is named and not
    asked for is named to be left out, as in "grunge, and if I hear Nirvana again".
    """
    names = [facts.name for facts in asked.liked]
    if heard is not None:
        near = all_kinds().around(shares) >= NEAR_ENOUGH
        names += [name for name in heard.artists if not asked.sure or _plays(name, near)]
    asked_for = {facts.name for facts in asked.liked}
    text = f" {' '.join(draft.folded(index) for index in range(len(draft.words)))} "
    left = (name for name in dict.fromkeys(names) if name in asked_for or f" {artist_key(name)} " not in text)
    return tuple(left)[:MOST_ARTISTS]


def _plays(name: str, near: npt.NDArray[np.bool_]) -> bool:
    """Whether an artist plays one of the `near` kinds mostly, as far as is known."""
    return any(float(facts.shares() @ near) >= 0.5 for facts in all_artists().find(name))


def _spoken(draft: RequestDraft, *, scene: bool, genre: bool) -> Iterator[SlotValue]:
    """The findings whose ranges count beside the kinds: not those of a word whose meaning the kinds already hold."""
    for finding in draft.findings:
        mention = draft.at(draft.covered(finding.start, finding.end)[0])
        of = "" if mention is None else mention.kind
        if (scene and of in _HEARD_AS_WHOLE) or ((scene or genre) and of == "genre"):
            continue
        value = finding.value
        if scene and of == "mood" and isinstance(value, AxisWish):
            weight = MOOD_WEIGHT * value.range.weight
            yield replace(finding, value=replace(value, range=replace(value.range, weight=weight)))
        else:
            yield finding


def _tongue(draft: RequestDraft) -> str:
    """The language of the request; English where it is short or not sure."""
    found = languages_of(draft.text, most=1, least=SURE_OF_TONGUE) if len(draft.words) >= WORDS_OF_TONGUE else ()
    return found[0][0] if found else "en"


def _meant_tongue(heard: Hearing | None) -> str | None:
    """The language that the songs are meant to be in, beside the request's own."""
    return None if heard is None or heard.tongue == NO_WORDS else heard.tongue


def _liked(draft: RequestDraft) -> tuple[ArtistFacts, ...]:
    """What is known of the artists that the songs shall sound like or be by."""
    names = dict.fromkeys(str(f.value) for f in draft.findings if f.slot in {"artist~", "artist+"})
    return tuple(found[0] for name in names if (found := all_artists().find(name)))


def _fame(kinds: Kinds, shares: Shares, heard: Hearing | None) -> float:
    """How much known songs are wanted, 0 to 3: what the sentence says, else what the kinds say."""
    by_kinds = float(np.average([row.fame for row in kinds.rows], weights=shares))
    return round(by_kinds if heard is None else 0.7 * heard.fame + 0.3 * by_kinds, 2)


def _silent(draft: RequestDraft) -> list[bool]:
    """The words that name no scene: what is ruled out with its negation, lengths, limits, what is left out."""
    silent = [False] * len(draft.words)
    for mention in draft.mentions:
        if mention.denial or mention.kind == "negation":
            silent[mention.first : mention.last] = [True] * (mention.last - mention.first)
    for finding in draft.findings:
        if finding.slot in _NOT_HEARD:
            first, last = draft.covered(finding.start, finding.end)
            silent[first:last] = [True] * (last - first)
    return silent
