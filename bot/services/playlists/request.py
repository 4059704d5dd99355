"""A request after its words were understood, and how presses and moods become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.generation.values import Edit, Previous
from bot.services.guilds.settings import GuildRules
from bot.services.members import Member
from bot.services.playlists.follow_up import followed, next_name, settled, step_text
from bot.services.playlists.listener_group import ListenerGroup
from bot.services.playlists.playlist_loader import StoredPlaylist
from bot.services.playlists.request_text import name_of
from bot.services.playlists.session_store import Parent, RequestKeys
from bot.services.playlists.song_views import mean_features
from bot.services.values import FollowUpRequest, Requester
from nlp.vibe import Evidence, Length, MoodWord, SetEdit, Vibe


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistRequest:
    """A request after its words were understood: all that the rest of the line needs to know about it.

    `words` cover the whole chain, `text` only this request.
    """

    requester: Requester
    who: Member
    vibe: Vibe
    text: str
    words: str
    name: str
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
    edit: Edit | None = None
    company: ListenerGroup | None = None


def request_for_mood(mood: MoodWord, requester: Requester, *, who: Member, version: str) -> PlaylistRequest:
    """The wish for a mood alone."""
    heard = Evidence(start=0, end=len(mood.label), means=f"mood: {mood.label.lower()}", source="mood")
    vibe = Vibe(text=mood.label, version=version, understood=True, targets=mood.defaults, evidence=(heard,))
    return PlaylistRequest(
        requester=requester,
        who=who,
        vibe=vibe,
        text=mood.label,
        words=mood.label,
        name=name_of(vibe, mood.label),
        keys=RequestKeys.new(),
    )


def request_for_tracks(
    songs: Sequence[str], name: str, requester: Requester, *, who: Member, version: str
) -> PlaylistRequest:
    """The wish for songs by their keys, in this order."""
    vibe = Vibe(text=name, version=version, understood=True)
    return PlaylistRequest(
        requester=requester,
        who=who,
        vibe=vibe,
        text=name,
        words=name,
        name=name,
        keys=RequestKeys.new(),
        tracks=len(songs),
        edit=Edit(songs=tuple(songs)),
    )


def follow_up_from_press(
    change: FollowUpRequest, parent: StoredPlaylist, keys: RequestKeys, *, who: Member, version: str
) -> PlaylistRequest:
    """The wish of a press: the parent's vibe, settled and stepped, with the length that was asked for there."""
    previous = mean_features(parent.tracks.values())
    options = parent.session.get("options") or {}
    if change.changes:
        vibe = followed(parent.vibe, previous, change.changes, version=version)
    else:
        vibe = replace(settled(parent.vibe, previous), evidence=(), unknown=())
    text = step_text(change.changes)
    return PlaylistRequest(
        requester=change.requester,
        who=who,
        vibe=vibe,
        text=text,
        words=f"{parent.text}, {text}" if change.changes and parent.text else parent.text or text,
        name=next_name(parent.playlist.get("name") or "", change.changes),
        keys=keys,
        tracks=options.get("tracks"),
        minutes=options.get("minutes"),
        parent=Parent(query=parent.queries[-1]["_id"], playlist=parent.playlist["_id"]),
        previous=previous if change.changes else None,
        played=frozenset(str(track_id) for track_id in parent.track_ids),
    )


def continues(vibe: Vibe) -> bool:
    """Whether words speak of the playlist before: they compare or edit, and name no other music to compare with."""
    elsewhere = vibe.artists.like or vibe.artists.wanted or vibe.similar_tracks
    return bool(vibe.changes or vibe.edit) and not elsewhere


def follow_up_from_text(wish: PlaylistRequest, parent: StoredPlaylist) -> PlaylistRequest:
    """The wish of typed words as the next one after a playlist, of which everything stays that can."""
    previous = mean_features(parent.tracks.values())
    options = parent.session.get("options") or {}
    length = wish.vibe.length or _resized(wish.vibe, parent.vibe, options, len(parent.track_ids))
    as_long = {} if wish.tracks or wish.minutes or length else options
    return replace(
        wish,
        vibe=settled(parent.vibe, previous).follow(replace(wish.vibe, length=length)),
        words=f"{parent.text}, {wish.text}" if parent.text else wish.text,
        name=next_name(parent.playlist.get("name") or "", wish.vibe.changes) or wish.name,
        tracks=wish.tracks or as_long.get("tracks"),
        minutes=wish.minutes or as_long.get("minutes"),
        parent=Parent(query=parent.queries[-1]["_id"], playlist=parent.playlist["_id"]),
        previous=previous,
        edit=_edit(wish.vibe, tuple(str(track_id) for track_id in parent.track_ids)),
    )


def _resized(vibe: Vibe, before: Vibe, options: Mapping[str, Any], songs: int) -> Length | None:
    """The length of a set that shall be longer or shorter than the one before, in what that was asked for."""
    times = vibe.edit.times if vibe.edit else 1.0
    if times == 1 or not songs:
        return None
    asked = before.length.minutes if before.length else None
    minutes = options.get("minutes") or (None if options.get("tracks") else asked)
    if minutes:
        return Length(minutes=round(minutes * times), kind="about")
    return Length(tracks=max(1, round(songs * times)), kind="exact")


def _edit(vibe: Vibe, songs: tuple[str, ...]) -> Edit:
    said = vibe.edit or SetEdit()

    def numbers(places: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(place if place > 0 else len(songs) + 1 + place for place in places)

    return Edit(songs=songs, kept=numbers(said.keep), dropped=numbers(said.without), like=numbers(said.like))
