"""What members' own feedback says for the next playlist: their taste, and what never comes again.

Ratings are read when a playlist is made, so that a taste is never older than the last press. What members of a server
have in common is kept in TasteShare documents, one a member and server, made out of what they rated there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.database import guarded
from bot.documents import FeedbackEvent, GuildSettings, Key, Playlist, TasteShare, User
from bot.errors import DatabaseDown
from bot.generation.learning.taste import Learned, Opinion, consensus, learn
from bot.generation.library import Library
from bot.generation.values import Numbers, Taste
from bot.services.feedback.rating_values import SET_WEIGHT, VALUES, mood_of_vibe
from nlp.vibe import Vibe

EVENT_LIMIT = 500
"""Newest events that are read; older ones have faded."""

SET_LIMIT = 20
"""Newest ratings of whole sets that are learnt from."""

MEMBER_LIMIT = 400
"""Members of a server, those who rated last, whose tastes make up the server's."""

LEAST_SHARED = 4
"""Songs that a member must have rated in a server to have a say in its taste."""

LEAST_COURSE = 8
"""Songs that a member must have rated before it is said how their taste moved."""

PAUSE = timedelta(seconds=5)
"""What is kept of a member's taste is made anew no more often than this."""

SUMMARY_NAMES = 30
"""Genres, and artists, that a summary names at most: those that are liked or disliked most."""

_MOST_NOTED = 10_000

Raw = Mapping[str, Any]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPreferences:
    """What a recipe gets of a member: their taste, and the songs and artists that they never want to hear again."""

    taste: Taste
    left_out: frozenset[str]
    artists_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteTrend:
    """How a taste went: as it is now, as it was before, None where too little was rated, and since when."""

    now: Learned
    before: Learned | None = None
    since: datetime | None = None


class TasteService:
    """Learns from feedback. `library` is the catalogue as it is now, prepared for choosing; it is asked in a thread."""

    def __init__(self, *, library: Callable[[], Library], clock: Callable[[], datetime]) -> None:
        self._library = library
        self._clock = clock
        self._noted: dict[tuple[Key, str | None], datetime] = {}
        self._keeping = False

    async def liking(self, user_id: Key, *, vibe: Vibe, guild_id: str | None, learning: bool) -> MemberPreferences:
        """What is known of a member for this wish on this server; without `learning` only what never comes again.

        Raises DatabaseDown.
        """
        with guarded():
            banned = await never_again(user_id)
            if not learning:
                return MemberPreferences(taste=Taste(), left_out=banned.songs, artists_out=banned.artists)
            rated, shares = await asyncio.gather(_rated(user_id), _shares(guild_id, but=user_id))
        learned = await asyncio.to_thread(self._learned, rated, mood_of_vibe(vibe), shares)
        return MemberPreferences(taste=learned.taste, left_out=banned.songs, artists_out=banned.artists)

    async def learned(self, user_id: Key) -> Learned:
        """A member's own taste, whatever is asked for: what a profile shows. Raises DatabaseDown."""
        with guarded():
            rated = await _rated(user_id)
        return await asyncio.to_thread(self._learned, rated, (), ())

    async def course(self, user_id: Key) -> TasteTrend:
        """A member's own taste now, and as the older half of their ratings had it. Raises DatabaseDown."""
        with guarded():
            rated = await _rated(user_id)
        said = [_aware(event["createdAt"]) for event in (*rated.songs, *(event for event, _ in rated.sets))]
        older = _Rated(songs=rated.songs[len(rated.songs) // 2 :])
        now = await asyncio.to_thread(self._learned, rated, (), ())
        before = await asyncio.to_thread(self._learned, older, (), ()) if len(rated.songs) >= LEAST_COURSE else None
        return TasteTrend(now=now, before=before, since=min(said, default=None))

    async def note(self, user_id: Key, guild_id: str | None) -> None:
        """A member rated or asked for something on this server: what is kept of their taste is made anew.

        At most once in PAUSE for each, and for one member at a time: the next playlist reads the ratings themselves,
        and a rush of them shall not wait for this. Nobody is told of a database that does not take it: it is made up
        for with the next one.
        """
        who, moment = (user_id, guild_id), self._clock()
        if self._keeping or moment - self._noted.get(who, moment - PAUSE) < PAUSE:
            return
        if len(self._noted) >= _MOST_NOTED:
            self._noted.clear()
        self._noted[who] = moment
        self._keeping = True
        try:
            await self.keep(user_id, guild_id)
        except DatabaseDown:
            _log.warning("the taste of a member could not be kept; it will be with their next rating")
        finally:
            self._keeping = False

    async def keep(self, user_id: Key, guild_id: str | None) -> None:
        """Keeps what a member's ratings came to: in their preferences, and as their share in the server's taste.

        Nothing is kept of members, or on servers, that paused learning. Raises DatabaseDown.
        """
        with guarded():
            if not await User.may_teach(user_id):
                return
            rated = await _rated(user_id)
        learned = await asyncio.to_thread(self._learned, rated, (), ())
        with guarded():
            await User.keep_taste(user_id, summary(learned, self._clock()))
        if guild_id is not None:
            await self._share(user_id, guild_id, rated)

    async def _share(self, user_id: Key, guild_id: str, rated: _Rated) -> None:
        here = rated.of_guild(guild_id)
        with guarded():
            teaches = await GuildSettings.may_teach(guild_id)
        if not teaches or len(here.songs) < LEAST_SHARED:
            return
        taste = (await asyncio.to_thread(self._learned, here, (), ())).taste
        with guarded():
            await TasteShare.keep(user_id, guild_id, axes=dict(taste.axes), genres=dict(taste.genres))
            # A member who had everything deleted meanwhile leaves nothing behind.
            if not await User.standing([user_id]):
                await TasteShare.drop_of(user_id)

    def _learned(self, rated: _Rated, mood: Numbers, shares: Sequence[Taste]) -> Learned:
        library = self._library()
        opinions = opinions_of(rated.songs, rated.sets, library, self._clock())
        return learn(library, opinions, mood=mood, under=consensus(shares))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rated:
    """A member's events that say something, newest first and each song once, and the songs of rated sets."""

    songs: tuple[Raw, ...]
    sets: tuple[tuple[Raw, tuple[Key, ...]], ...] = ()

    def of_guild(self, guild_id: str) -> _Rated:
        """Only what was said on one server."""
        return _Rated(songs=tuple(event for event in self.songs if _guild(event) == guild_id))


def opinions_of(
    songs: Sequence[Raw], sets: Sequence[tuple[Raw, Sequence[Key]]], library: Library, now: datetime
) -> list[Opinion]:
    """Events, newest first, as opinions about rows of the library, oldest first; songs that are gone are left out."""
    found: list[tuple[datetime, Opinion]] = []
    about = [(event, (event["trackId"],)) for event in songs]
    for event, track_ids in (*about, *sets):
        rows = (library.keys.get(str(track_id)) for track_id in track_ids)
        at = _aware(event["createdAt"])
        opinion = Opinion(
            rows=tuple(row for row in rows if row is not None),
            value=VALUES[event["event"]],
            age_days=max(timedelta(), now - at) / timedelta(days=1),
            weight=1.0 if event.get("trackId") is not None else SET_WEIGHT,
            mood=_mood(event),
        )
        if opinion.rows:
            found.append((at, opinion))
    return [opinion for _, opinion in sorted(found, key=lambda one: one[0])]


def summary(learned: Learned, now: datetime) -> dict[str, Any]:
    """What `User.preferences.taste` keeps of a taste: weights by name, with what is uncertain of them."""
    taste, spread = learned.taste, learned.spread

    def most(numbers: Numbers) -> list[list[Any]]:
        strongest = sorted(numbers, key=lambda one: -abs(one[1]))[:SUMMARY_NAMES]
        return [[name, amount, round(spread.get(name, 0.0), 3)] for name, amount in strongest if amount]

    return {
        "at": now,
        "opinions": learned.opinions,
        "something": round(learned.something, 3),
        "changed": round(learned.changed, 3),
        "axes": [list(pair) for pair in taste.axes],
        "genres": most(taste.genres),
        "artists": most(taste.artists),
        "liked": [list(fact) for fact in taste.liked if fact[0] != "song"],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Banned:
    """What a member never wants again: tracks by their keys, and artists by name. The engine spares every version."""

    songs: frozenset[str]
    artists: tuple[str, ...]


async def never_again(user_id: Key) -> Banned:
    """Every song and artist that the member banned and did not take back, however long ago. Bans do not fade."""
    found = await FeedbackEvent.bans_of(user_id)
    taken_back = {event.get("undoes") for event in found}
    stands = [
        event
        for event in found
        if event["event"] == "never" and event.get("trackId") is not None and event["_id"] not in taken_back
    ]
    artists = (name for event in stands for name in (event.get("contextJson") or {}).get("artists") or ())
    return Banned(
        songs=frozenset(str(event["trackId"]) for event in stands),
        artists=tuple(sorted({name for name in artists if isinstance(name, str)})),
    )


async def _rated(user_id: Key) -> _Rated:
    """The newest events of a member that say something and stand, the newest about each song alone."""
    events = await FeedbackEvent.latest_teaching(user_id, EVENT_LIMIT)
    taken_back = {event["undoes"] for event in events if event.get("undoes") is not None}
    said = [
        event
        for event in events
        if event["event"] in VALUES and event["_id"] not in taken_back and event.get("undoes") is None
    ]
    songs: dict[Key, Raw] = {}
    for event in said:
        if event.get("trackId") is not None:
            songs.setdefault(event["trackId"], event)
    sets = [event for event in said if event.get("trackId") is None and event.get("playlistId") is not None]
    return _Rated(songs=tuple(songs.values()), sets=await _with_songs(sets[:SET_LIMIT]))


async def _with_songs(events: Sequence[Raw]) -> tuple[tuple[Raw, tuple[Key, ...]], ...]:
    """Ratings of sets with the songs of each; a rating of a set that was rated again since is left out."""
    newest: dict[Key, Raw] = {}
    for event in events:
        newest.setdefault(event["playlistId"], event)
    if not newest:
        return ()
    found = await Playlist.raws(newest, "tracks.trackId")
    return tuple((newest[key], tuple(entry["trackId"] for entry in raw["tracks"])) for key, raw in found.items())


async def _shares(guild_id: str | None, *, but: Key) -> tuple[Taste, ...]:
    """The tastes of a server's other members, as far as they showed them there."""
    if guild_id is None:
        return ()
    shares = await TasteShare.of_guild(guild_id, most=MEMBER_LIMIT)
    return tuple(
        Taste(axes=_numbers(raw.get("axes")), genres=_numbers(raw.get("genres")))
        for raw in shares
        if raw["userId"] != but
    )


def _numbers(kept: Any) -> Numbers:
    """Pairs of names and weights as they were kept; what another application made of them is left out."""
    pairs: Iterable[Any] = kept if isinstance(kept, list) else ()
    return tuple(
        (str(pair[0]), float(pair[1]))
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], (int, float))
    )


def _mood(event: Raw) -> Numbers:
    return _numbers((event.get("contextJson") or {}).get("mood"))


def _guild(event: Raw) -> Any:
    return ((event.get("contextJson") or {}).get("where") or {}).get("guildId")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
