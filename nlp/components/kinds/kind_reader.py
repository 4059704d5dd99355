"""Which kinds of music a request asks for: what it names for sure, and softly what people put on in such a situation.

A scene is heard by a phrase that names it, and by how near the whole sentence and each of its clauses lie to the
sentences of the tables. What is ruled out, lengths and other limits are taken away before: the encoder hears the
nearest word, and no negation at all. Genres that are named are asked for surely; a scene then only chooses among what
is near them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.components.answer import joined_targets
from nlp.components.draft import RequestDraft, SlotValue
from nlp.encoder import Encoder
from nlp.knowledge.artists import ArtistFacts, all_artists
from nlp.knowledge.kinds import Kinds, Shares, all_kinds
from nlp.knowledge.scenes import ScenePhrase, Scenes, all_scenes
from nlp.languages import NO_WORDS, languages_of
from nlp.vibe import AXES, Axis, AxisRange, KindWish, YearSpan

NEAREST = 8
"""Scenes that a reading is mixed of."""

SHARPNESS = 0.03
"""Likeness by which a scene counts for 1/e of the nearest. Checked on held-out sentences of the tables."""

LEAST, LEAST_ALONE = 0.44, 0.52
"""Likeness below which a scene is not heard at all: the second where nothing else of the request was understood, as
with a greeting. Judgement, by reading what unlike sentences come near to."""

PHRASE = 0.06
"""What each word (up to four) of a phrase that names a scene adds to its likeness."""

NAMED, NAMED_WORD = 0.34, 0.08
"""The least likeness of a scene that a phrase names, and what each of its words adds: one word alone may mean much."""

SAME_MUSIC, OTHER_WORDS = 0.2, 0.5
"""How much of a scene's music has to be near a genre for its word to stay a genre: where the scene's phrase is the same
word, and where it is longer. Judgement."""

HAVE_IT = 0.3
"""How much of a scene's music has to be near what is named for the scene to say more of it. Judgement."""

FOREMOST, FOREIGN_COUNTS = 0.6, 0.3
"""Kinds of other tongues below this part of the most wanted one count for less. Judgement."""

REFUSED = 0.5
ASKED = 0.2

CLAUSE_COUNTS = 0.35
"""The share of the best clause beside the whole sentence."""

SCENE_WITHIN = 0.5
"""What a scene counts beside named genres, for the kinds near those. Judgement."""

NEAR_ENOUGH = 0.6
ARTISTS_OF = 0.12
"""The share of a scene in the reading from which its typical artists are listened to."""

AXIS_WEIGHT = 0.7
AXIS_HEARD = 0.3
MOST_ARTISTS = 40

WORDS_OF_TONGUE, SURE_OF_TONGUE = 4, 0.7
"""Words and probability from which a request is taken to be in another language than English. Judgement."""

_NAMED_KINDS = frozenset({"genre", "filler", "artist", "era", "years", "axis", "degree", "change"})
LEAST_OF_FEW, FEW_WORDS = 0.64, 3
"""The same for a word or two of which no table knows any: "groblin" is near to goblins and means nothing."""

_SITUATIONS = frozenset({"activity", "scene", "weather", "season", "time", "place"})
_NOT_HEARD = frozenset({"length", "clean", "target", "years", "artist-", "genre-", "instrument-", "language-", "edit"})
_FOLLOW_UP = frozenset({"change", "keep", "without", "like", "times"})
_SHORTEST_CLAUSE = 2
_LIKE_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What the scenes of a request say together; shares of the `scenes` add up to 1."""

    kinds: Shares
    without: Shares
    axes: tuple[AxisRange, ...]
    artists: tuple[str, ...]
    fame: float
    years: YearSpan | None
    scenes: tuple[tuple[str, float], ...]


def read_kinds(draft: RequestDraft, encoder: Encoder | None) -> KindWish | None:
    """The kinds that a request asks for; None where nothing in it tells of any."""
    kinds, silent = all_kinds(), _silent(draft)
    words = ["" if silent[index] else draft.folded(index) for index in range(len(draft.words))]
    scenes = all_scenes()
    phrases = scenes.phrases(words)
    refused = _meaning(kinds, (str(finding.value) for finding in draft.findings if finding.slot == "genre-"))
    named = _named(draft, kinds, scenes, words, phrases)
    liked = _liked(draft)
    asked = np.max([named, *(_LIKE_SHARE * facts.shares() / facts.shares().max() for facts in liked)], axis=0)
    wanted = asked if asked.any() else None
    named_all = _all_named(draft, silent, phrases)
    heard = _heard(draft, scenes, phrases, _clauses(draft, silent), encoder, wanted, named=named_all)
    if not asked.any() and heard is None:
        return None
    shares = asked
    if heard is not None:
        within = kinds.around(asked) >= NEAR_ENOUGH if asked.any() else True
        shares = np.maximum(asked, heard.kinds * within * (SCENE_WITHIN if asked.any() else 1))
    shares = np.where(refused >= REFUSED, 0, _at_home(kinds, shares, _tongue(draft))).astype(np.float32)
    return _wish(draft, shares, heard, liked, sure=bool(named.any())) if shares.any() else None


def _at_home(kinds: Kinds, shares: Shares, tongue: str) -> Shares:
    """The shares with less of kinds that are not asked for in the first place and sung in other tongues than the
    request's: who asks for gospel in English does not mean the Brazilian one.
    """
    most = float(shares.max(initial=0))
    foreign = [tongue not in row.tongues and not {"*", NO_WORDS} & set(row.tongues) for row in kinds.rows]
    return np.where(np.array(foreign) & (shares < FOREMOST * most), shares * FOREIGN_COUNTS, shares)


def _all_named(draft: RequestDraft, silent: Sequence[bool], phrases: Sequence[ScenePhrase]) -> bool:
    """Whether every word that says something is a scene's, a genre's or a filler's."""
    covered = {index for first, last, _ in phrases for index in range(first, last)}
    for index in range(len(draft.words)):
        mention = draft.at(index)
        known = mention is not None and mention.kind in _NAMED_KINDS
        if not (silent[index] or index in covered or known):
            return False
    return True


def _wish(
    draft: RequestDraft, shares: Shares, heard: _Heard | None, liked: tuple[ArtistFacts, ...], *, sure: bool
) -> KindWish:
    kinds = all_kinds()
    unwanted = np.zeros(len(kinds), dtype=np.float32) if heard is None else heard.without.copy()
    unwanted[shares > ASKED] = 0
    artists = [facts.name for facts in liked]
    if heard is not None:
        artists += [name for name in heard.artists if not sure or _is_of(name, kinds, shares)]
    return KindWish(
        wanted=kinds.pairs(shares / shares.max(), least=0.05),
        unwanted=kinds.pairs(unwanted, least=0.25, most=len(kinds)),
        sure=sure,
        axes=() if heard is None else heard.axes,
        spoken=tuple(joined_targets(_spoken(draft, scene=heard is not None, genre=sure))),
        artists=tuple(dict.fromkeys(artists))[:MOST_ARTISTS],
        fame=_fame(kinds, shares, heard),
        years=None if heard is None else heard.years,
        scenes=() if heard is None else tuple(name for name, share in heard.scenes if share >= ARTISTS_OF),
        tongue=_tongue(draft),
    )


def _spoken(draft: RequestDraft, *, scene: bool, genre: bool) -> Iterator[SlotValue]:
    """The findings whose ranges count beside the kinds: not those of a word whose meaning the kinds already hold."""
    for finding in draft.findings:
        mention = draft.at(draft.covered(finding.start, finding.end)[0])
        of = "" if mention is None else mention.kind
        if not ((scene and of in _SITUATIONS) or (genre and of == "genre")):
            yield finding


def _tongue(draft: RequestDraft) -> str:
    """The language of the request; English where it is short or not sure."""
    found = languages_of(draft.text, most=1, least=SURE_OF_TONGUE) if len(draft.words) >= WORDS_OF_TONGUE else ()
    return found[0][0] if found else "en"


def _meaning(kinds: Kinds, genres: Iterable[str]) -> Shares:
    """The kinds that these genres mean, the surest of them 1."""
    shares = np.zeros(len(kinds), dtype=np.float32)
    for genre in dict.fromkeys(genres):
        if (meant := kinds.of_genre(genre)) is not None:
            shares = np.maximum(shares, meant)
    return shares


def _named(
    draft: RequestDraft, kinds: Kinds, scenes: Scenes, words: Sequence[str], phrases: Sequence[ScenePhrase]
) -> Shares:
    """The kinds that are named for sure: the longest names first, and no word that is part of a longer phrase.

    "Swing dance" is a scene, though swing and dance are genres; "barbershop" is a place where a scene says so and
    plays other music than the genre.
    """
    by_name = kinds.phrases(words)
    shares = np.zeros(len(kinds), dtype=np.float32)
    for _, _, meant in by_name:
        shares = np.maximum(shares, meant)
    spans = [(first, last) for first, last, _ in by_name]
    for finding in draft.findings:
        first, last = draft.covered(finding.start, finding.end)
        if finding.slot != "genre+" or any(_longer(span, (first, last)) for span in spans):
            continue
        meant = _meaning(kinds, [str(finding.value)])
        if not any(_is_scene(scenes, phrase, (first, last), kinds.around(meant)) for phrase in phrases):
            shares = np.maximum(shares, meant)
    return shares


def _longer(span: tuple[int, int], inner: tuple[int, int]) -> bool:
    """Whether a span of words holds another one and more."""
    return span[0] <= inner[0] and inner[1] <= span[1] and span != inner


def _is_scene(scenes: Scenes, phrase: ScenePhrase, span: tuple[int, int], around: Shares) -> bool:
    """Whether a phrase makes a scene of the words that would be a genre by themselves."""
    first, last, numbers = phrase
    if not (_longer((first, last), span) or (first, last) == span):
        return False
    agreed = max(float((scenes.kinds[number] * around).sum() / scenes.kinds[number].sum()) for number in numbers)
    return agreed < (SAME_MUSIC if (first, last) == span else OTHER_WORDS)


def _liked(draft: RequestDraft) -> tuple[ArtistFacts, ...]:
    """What is known of the artists that the songs shall sound like or be by."""
    names = dict.fromkeys(str(f.value) for f in draft.findings if f.slot in {"artist~", "artist+"})
    return tuple(found[0] for name in names if (found := all_artists().find(name)))


def _is_of(name: str, kinds: Kinds, named: Shares) -> bool:
    """Whether an artist plays what was named, as far as is known."""
    return any(
        float(facts.shares() @ (kinds.around(named) >= NEAR_ENOUGH)) >= 0.5 for facts in all_artists().find(name)
    )


def _fame(kinds: Kinds, shares: Shares, heard: _Heard | None) -> float:
    """How much known songs are wanted, 0 to 3: what the situation says, else what the kinds say."""
    by_kinds = float(np.average([row.fame for row in kinds.rows], weights=shares))
    return round(by_kinds if heard is None else 0.7 * heard.fame + 0.3 * by_kinds, 2)


def _heard(
    draft: RequestDraft,
    scenes: Scenes,
    phrases: Sequence[ScenePhrase],
    clauses: Sequence[str],
    encoder: Encoder | None,
    asked: Shares | None,
    *,
    named: bool,
) -> _Heard | None:
    """The scenes of a request, mixed by how near they are; None where none is near.

    Where music is `asked` for by name, only scenes that would have it are heard. Where every word is `named` in the
    tables nothing is left for the encoder.
    """
    if not clauses or (not phrases and any(finding.slot in _FOLLOW_UP for finding in draft.findings)):
        return None
    likeness = scenes.likeness(clauses, None if named else encoder)
    near = likeness[:, 0].copy()
    if len(clauses) > 1:
        near = (1 - CLAUSE_COUNTS) * near + CLAUSE_COUNTS * likeness[:, 1:].max(axis=1)
    for first, last, numbers in phrases:
        for number in numbers:
            said = min(last - first, 4)
            near[number] = max(near[number] + PHRASE * said, NAMED + NAMED_WORD * said)
    if asked is not None:
        have_it = scenes.kinds @ (all_kinds().around(asked) >= NEAR_ENOUGH) / scenes.kinds.sum(axis=1)
        near = np.where(have_it >= HAVE_IT, near, 0)
    best = np.argsort(-near, kind="stable")[:NEAREST]
    unsure = LEAST_OF_FEW if len(draft.words) < FEW_WORDS else LEAST_ALONE
    best = best[near[best] >= (LEAST if draft.findings else unsure)]
    if not len(best):
        return None
    shares = np.exp((near[best] - near[best[0]]) / SHARPNESS)
    return _mixed(scenes, best.tolist(), (shares / shares.sum()).tolist())


def _mixed(scenes: Scenes, numbers: list[int], shares: list[float]) -> _Heard:
    rows = [scenes.rows[number] for number in numbers]
    weights = np.array(shares, dtype=np.float32)
    artists = [name for row, share in zip(rows, shares, strict=True) if share >= ARTISTS_OF for name in row.artists]
    first = rows[0]
    era = first.years if first.years is not None and shares[0] >= 0.5 else None
    return _Heard(
        kinds=weights @ scenes.kinds[numbers],
        without=weights @ scenes.without[numbers],
        axes=_axes([(share, wish) for row, share in zip(rows, shares, strict=True) for wish in row.axes]),
        artists=tuple(dict.fromkeys(artists)),
        fame=sum(share * row.fame for row, share in zip(rows, shares, strict=True)),
        years=era,
        scenes=tuple((row.name, share) for row, share in zip(rows, shares, strict=True)),
    )


def _axes(said: Sequence[tuple[float, AxisRange]]) -> tuple[AxisRange, ...]:
    """The ranges on which enough of the scenes agree: ends are means, weighed by the shares of the scenes."""
    found: list[AxisRange] = []
    by_axis: dict[Axis, list[tuple[float, AxisRange]]] = {}
    for share, wish in said:
        by_axis.setdefault(wish.axis, []).append((share, wish))
    for axis in (axis for axis in AXES if axis in by_axis):
        wishes = by_axis[axis]
        lows = [(share, wish.low) for share, wish in wishes if wish.low is not None]
        highs = [(share, wish.high) for share, wish in wishes if wish.high is not None]
        low, high = _end(lows), _end(highs)
        heard = max(sum(share for share, _ in ends) for ends in (lows, highs))
        if low is not None and high is not None and low > high:
            continue
        if low is not None or high is not None:
            found.append(AxisRange(axis=axis, low=low, high=high, weight=round(AXIS_WEIGHT * min(1.0, heard), 3)))
    return tuple(found)


def _end(ends: Sequence[tuple[float, float]]) -> float | None:
    heard = sum(share for share, _ in ends)
    return round(sum(share * end for share, end in ends) / heard, 3) if heard >= AXIS_HEARD else None


def _silent(draft: RequestDraft) -> list[bool]:
    """The words that say nothing of a scene: what is ruled out with its negation, lengths, limits, what is left out."""
    silent = [False] * len(draft.words)
    for mention in draft.mentions:
        if mention.denial or mention.kind == "negation":
            silent[mention.first : mention.last] = [True] * (mention.last - mention.first)
    for finding in draft.findings:
        if finding.slot in _NOT_HEARD:
            first, last = draft.covered(finding.start, finding.end)
            silent[first:last] = [True] * (last - first)
    return silent


def _clauses(draft: RequestDraft, silent: Sequence[bool]) -> list[str]:
    """The whole request without its silent words, then its clauses where there are several."""
    clauses: list[list[str]] = [[]]
    for index, word in enumerate(draft.words):
        if word.breaks or word.key == "but":
            clauses.append([])
        if not silent[index] and word.key != "but":
            clauses[-1].append(draft.text[word.start : word.end])
    spoken = [clause for clause in clauses if clause]
    whole = ", ".join(" ".join(clause) for clause in spoken)
    parts = [" ".join(clause) for clause in spoken if len(clause) >= _SHORTEST_CLAUSE]
    return [whole, *(parts if len(parts) > 1 else [])] if whole else []
