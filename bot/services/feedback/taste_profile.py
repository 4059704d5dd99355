"""What a member is shown of their taste, and what they can have forgotten of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.database import guarded
from bot.documents import FeedbackEvent, Key, TasteShare, Track, User
from bot.errors import Gone
from bot.generation.learning.taste import LEAST_MEMBERS
from bot.generation.values import Numbers
from bot.services.feedback.rating_values import VALUES
from bot.services.feedback.taste_service import MEMBER_LIMIT, TasteService, never_again
from bot.services.members import member
from bot.services.playlists.object_ids import stored_key
from bot.services.values import Requester
from nlp.vibe import AXES, Axis

MOST_NAMES = 6
"""Genres, or artists, that are named on each side."""

MOST_ARTISTS = 25
"""Artists that can be chosen: what one of Discord's menus holds."""

LEANS = 0.06
"""A smaller leaning is none, from -1 to 1."""

MOVED = 0.12
"""A smaller change of a leaning is none."""

UNSURE = 0.5
"""Below this probability that there is anything to be learnt it is said."""

_CHANGED = 0.6
_NAMED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Lean:
    """Where a taste leans on an axis, -1 to 1: a member's own, the server's, and theirs before; None: not known."""

    axis: Axis
    own: float
    server: float | None = None
    before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedArtist:
    """An artist of whom a member rated songs; `track_id` is one of them and stands for the artist."""

    track_id: str
    name: str
    ratings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteProfile:
    """A member's taste. `ratings` is what it rests on, since `since`; names stand in the order of how much."""

    learning: bool = True
    ratings: int = 0
    since: datetime | None = None
    unsure: bool = False
    changed: bool = False
    leans: tuple[Lean, ...] = ()
    genres: tuple[str, ...] = ()
    genres_against: tuple[str, ...] = ()
    artists: tuple[str, ...] = ()
    artists_against: tuple[str, ...] = ()
    songs_banned: int = 0
    artists_banned: tuple[str, ...] = ()
    rated_artists: tuple[RatedArtist, ...] = ()


class TasteProfileService:
    """Shows a member's taste to themselves, and forgets of it what they want forgotten."""

    def __init__(self, *, tastes: TasteService) -> None:
        self._tastes = tastes

    async def profile(self, requester: Requester) -> TasteProfile:
        """The taste of the one who asks; looking stores nothing. Raises DatabaseDown."""
        user_id = User.key_of(requester.user_id)
        with guarded():
            learning, banned, shares, artists = await asyncio.gather(
                User.may_teach(user_id),
                never_again(user_id),
                _server(requester.guild_id),
                _artists_rated(user_id),
            )
        course = await self._tastes.course(user_id)
        now, before = course.now, course.before
        return TasteProfile(
            learning=learning is not False,
            ratings=now.opinions,
            since=course.since,
            unsure=now.something < UNSURE,
            changed=now.changed > _CHANGED,
            leans=tuple(
                Lean(
                    axis=axis,
                    own=leaning(now.taste.axes, axis),
                    server=_mean([leaning(one, axis) for one in shares]),
                    before=None if before is None else leaning(before.taste.axes, axis),
                )
                for axis in AXES
            ),
            genres=_most(now.taste.genres, 1),
            genres_against=_most(now.taste.genres, -1),
            artists=_most(now.taste.artists, 1),
            artists_against=_most(now.taste.artists, -1),
            songs_banned=len(banned.songs),
            artists_banned=banned.artists,
            rated_artists=artists[:MOST_ARTISTS],
        )

    async def artist(self, requester: Requester, track_id: str) -> RatedArtist:
        """The artist that a rated song stands for. Raises Gone("song"), DatabaseDown."""
        key = stored_key(track_id, what="song")
        with guarded():
            artists = await _artists_rated(User.key_of(requester.user_id))
            raw = await Track.raw(key, "artists.name")
        name = _first(raw or {})
        found = next((one for one in artists if one.name == name), None)
        if found is None:
            raise Gone(what="song")
        return found

    async def rated_in(self, requester: Requester, track_id: str) -> str:
        """The playlist in which the one who asks rated a song last. Raises Gone("song"), DatabaseDown."""
        key = stored_key(track_id, what="song")
        with guarded():
            found = await FeedbackEvent.rated_last_in(User.key_of(requester.user_id), key, VALUES)
        if found is None:
            raise Gone(what="song")
        return str(found)

    async def forget_artist(self, requester: Requester, track_id: str) -> RatedArtist:
        """What was rated of an artist teaches nothing any more; what is never to be heard again stays so.

        Raises Gone("song"), DatabaseDown.
        """
        artist = await self.artist(requester, track_id)
        user_id = (await member(requester)).id
        with guarded():
            tracks = await _tracks_rated(user_id)
            of_them = [key for key, name in tracks.items() if name == artist.name]
        await self._forget(user_id, of_them, requester.guild_id)
        return artist

    async def reset(self, requester: Requester) -> None:
        """Nothing that was rated so far teaches anything any more. Raises DatabaseDown."""
        await self._forget((await member(requester)).id, None, None)

    async def _forget(self, user_id: Key, tracks: Sequence[Key] | None, guild_id: str | None) -> None:
        with guarded():
            await FeedbackEvent.teach_nothing(user_id, VALUES, tracks)
            await TasteShare.drop_of(user_id)
            await User.forget_taste(user_id)
        await self._tastes.keep(user_id, guild_id)


def leaning(axes: Numbers, axis: Axis) -> float:
    """Where a taste leans on an axis: the weights of its places, those above the middle for and those below against."""
    sides = [(name.rpartition("@"), amount) for name, amount in axes]
    told = sum(amount * (2 * float(place) - 1) for (name, _, place), amount in sides if name == axis)
    return max(-1.0, min(1.0, told))


def _most(numbers: Numbers, side: int) -> tuple[str, ...]:
    ranked = sorted((one for one in numbers if side * one[1] > _NAMED), key=lambda one: -side * one[1])
    return tuple(name for name, _ in ranked[:MOST_NAMES])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if len(values) >= LEAST_MEMBERS else None


async def _server(guild_id: str | None) -> list[Numbers]:
    if guild_id is None:
        return []
    shares = await TasteShare.of_guild(guild_id, most=MEMBER_LIMIT)
    return [tuple((str(name), float(amount)) for name, amount in raw.get("axes") or ()) for raw in shares]


async def _tracks_rated(user_id: Key) -> dict[Key, str]:
    """The songs that a member's ratings teach something of, each with its first artist."""
    tracks = await Track.raws(await FeedbackEvent.tracks_rated(user_id, VALUES), "artists.name")
    return {key: _first(raw) for key, raw in tracks.items()}


async def _artists_rated(user_id: Key) -> tuple[RatedArtist, ...]:
    """The artists of those songs, the most rated first."""
    tracks = {key: name for key, name in (await _tracks_rated(user_id)).items() if name}
    counts, stands = Counter(tracks.values()), {name: key for key, name in tracks.items()}
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(RatedArtist(track_id=str(stands[name]), name=name, ratings=count) for name, count in ranked)


def _first(track: Any) -> str:
    artists = track.get("artists") or [{}]
    return str(artists[0].get("name") or "")
