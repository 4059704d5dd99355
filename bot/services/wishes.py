"""A request after its words were understood, and how presses and moods become one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.generation.values import Previous
from bot.services.chains import followed, next_name, settled, step_text
from bot.services.members import Member
from bot.services.sessions import Parent, RequestKeys
from bot.services.settings import GuildRules
from bot.services.songs import means
from bot.services.stored import StoredPlaylist
from bot.services.values import Asker, Change, Chip
from bot.services.wording import chips, name_of
from nlp.vibe import Evidence, MoodWord, Vibe


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request after its words were understood: all that the rest of the line needs to know about it.

    `words` and `heard` cover the whole chain, `text` only this request.
    """

    asker: Asker
    who: Member
    vibe: Vibe
    text: str
    words: str
    name: str
    heard: tuple[Chip, ...]
    unknown: tuple[str, ...]
    keys: RequestKeys
    rules: GuildRules = field(default_factory=GuildRules)
    moods: tuple[MoodWord, ...] = ()
    tracks: int | None = None
    minutes: float | None = None
    only_me: bool = False
    seed: int | None = None
    parse_ms: float = 0.0
    parent: Parent | None = None
    previous: Previous | None = None
    played: frozenset[str] = frozenset()


def playing(mood: MoodWord, asker: Asker, *, who: Member, version: str) -> Wish:
    """The wish for a mood alone."""
    heard = Evidence(start=0, end=len(mood.label), means=f"mood: {mood.label.lower()}", source="mood")
    vibe = Vibe(text=mood.label, version=version, understood=True, targets=mood.defaults, evidence=(heard,))
    return Wish(
        asker=asker,
        who=who,
        vibe=vibe,
        text=mood.label,
        words=mood.label,
        name=name_of(vibe, mood.label),
        heard=chips(vibe, mood.label),
        unknown=(),
        keys=RequestKeys.new(),
    )


def following(change: Change, parent: StoredPlaylist, keys: RequestKeys, *, who: Member, version: str) -> Wish:
    """The wish of a press: the parent's vibe, settled and stepped, with the length that was asked for there."""
    previous = means(parent.tracks.values())
    options = parent.session.get("options") or {}
    if change.changes:
        vibe = followed(parent.vibe, previous, change.changes, version=version)
    else:
        vibe = replace(settled(parent.vibe, previous), evidence=(), unknown=())
    text = step_text(change.changes)
    return Wish(
        asker=change.asker,
        who=who,
        vibe=vibe,
        text=text,
        words=f"{parent.text}, {text}" if change.changes and parent.text else parent.text or text,
        name=next_name(parent.playlist.get("name") or "", change.changes),
        heard=(*parent.heard, *(chip for chip in chips(vibe, text) if chip not in parent.heard)),
        unknown=parent.unknown,
        keys=keys,
        tracks=options.get("tracks"),
        minutes=options.get("minutes"),
        parent=Parent(query=parent.queries[-1]["_id"], playlist=parent.playlist["_id"]),
        previous=previous if change.changes else None,
        played=frozenset(str(track_id) for track_id in parent.track_ids),
    )
