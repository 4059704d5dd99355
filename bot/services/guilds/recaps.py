"""The sounds of a server: what its members asked for openly and loved in a week or a month, and one playlist of it.

Nothing private is in it, and nobody's rating is told by name. Where moderators want it, it is posted by itself: the
next time is noted before anything is posted, so that it comes once or, when we are stopped just then, not at all.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.database import guarded
from bot.documents import (
    FeedbackEvent,
    GenerationSession,
    GuildSettings,
    Key,
    MoodQuery,
    Playlist,
    PostedCard,
    Track,
    User,
    derived_key,
)
from bot.errors import Gone, NotAllowed, VibratoError
from bot.services.guilds.settings import GuildRules, Period, SettingsService
from bot.services.job_ledger import LeaseHold
from bot.services.playlists.service import PlaylistService
from bot.services.playlists.song_views import stored_song
from bot.services.values import PlaylistView, Publisher, Requester, SongView
from nlp.vibe import Vibe

_log = logging.getLogger(__name__)

LENGTHS: Mapping[Period, timedelta] = {"week": timedelta(days=7), "month": timedelta(days=30)}

MOST_CARDS = 2_000
"""Playlists of one recap, the newest."""

SONGS = 25
"""Songs of its playlist at most."""

LEAST_SONGS = 10
"""With fewer loved ones, what was played most is played too."""

HOUR = 17
"""When it is posted by itself, on the server's clock: on Mondays, or on the first of the month."""

_MOODS = 5
_WORTH = {"love": 2, "like": 1}
_KINDS = ("mood", "genre", "context", "instrument")

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """What a server listened to. `loved` are songs with how often each was loved or liked, `moods` what was asked for
    with how often; `songs` are the keys of its playlist in order.
    """

    period: Period
    playlists: int = 0
    members: int = 0
    minutes: int = 0
    loves: int = 0
    loved: tuple[tuple[SongView, int], ...] = ()
    moods: tuple[tuple[str, int], ...] = ()
    songs: tuple[str, ...] = ()


class RecapPublisher(Publisher, Protocol):
    """Posts a playlist into a channel."""

    async def add_reactions(self) -> None:
        """Add the feedback reactions. Never raises."""


class RecapRooms(Protocol):
    """The channels of all servers."""

    async def room(self, guild_id: str, channel_id: str) -> object:
        """A channel that may be written to. Raises NotAllowed, Gone, DiscordRefused."""

    async def post_recap(self, guild_id: str, channel_id: str, recap: Recap, *, nonce: str) -> RecapPublisher:
        """Post what a recap says, and give what posts its playlist. Raises NotAllowed, Gone, DiscordRefused."""

    async def tell_recap_stopped(self, guild_id: str, channel_id: str, permission: str | None) -> None:
        """Tell those who run the server that it is posted no more; without `permission` its channel is gone."""


class RecapService:
    """Tells of a server, and plays what it loved."""

    def __init__(
        self,
        *,
        playlists: PlaylistService,
        settings: SettingsService,
        rooms: RecapRooms,
        clock: Callable[[], datetime],
    ) -> None:
        self._playlists = playlists
        self._settings = settings
        self._rooms = rooms
        self._clock = clock

    async def recap(self, guild_id: str, period: Period) -> Recap:
        """The last week or month of a server. Raises DatabaseDown."""
        since = self._clock() - LENGTHS[period]
        with guarded():
            playlists = await _playlists(guild_id, since)
            loves = await _loves(playlists)
            moods = await _moods(playlists)
            played = Counter(entry["trackId"] for raw in playlists for entry in raw["tracks"])
            ranked = sorted(loves, key=lambda key: (-loves[key][0], -played[key], str(key)))
            others = [key for key, _ in played.most_common(LEAST_SONGS + len(ranked)) if key not in loves]
            keys = ranked[:SONGS] + others[: max(0, LEAST_SONGS - len(ranked))]
            tracks = await _tracks([*keys, *played])
        return Recap(
            period=period,
            playlists=len(playlists),
            members=len({raw["userId"] for raw in playlists}),
            minutes=round(
                sum(int(tracks[key].get("durationMs") or 0) * n for key, n in played.items() if key in tracks) / 60_000
            ),
            loves=sum(count for _, count in loves.values()),
            loved=tuple(
                (stored_song(tracks[key], {}, place), loves[key][1])
                for place, key in enumerate(ranked, 1)
                if key in tracks
            ),
            moods=moods,
            songs=tuple(str(key) for key in keys if key in tracks),
        )

    async def play(
        self,
        recap: Recap,
        *,
        name: str,
        requester: Requester,
        publisher: Publisher,
        press_id: str,
        rules: GuildRules | None = None,
    ) -> PlaylistView:
        """The playlist of a recap, made and posted. Raises as `PlaylistService.create` does."""
        return await self._playlists.play_songs(
            recap.songs, name=name, requester=requester, publisher=publisher, press_id=press_id, rules=rules
        )

    async def post_every(self, guild_id: str, channel_id: str, period: Period | None) -> datetime | None:
        """Have it posted in a channel by itself, or not any more; when it comes next.

        Raises NotAllowed, Gone and DiscordRefused when it cannot be posted there, DatabaseDown.
        """
        if period is None:
            with guarded():
                await GuildSettings.drop_recap(guild_id)
            return None
        await self._rooms.room(guild_id, channel_id)
        rules = await self._settings.of(guild_id)
        following = next_recap(period, ZoneInfo(rules.time_zone), self._clock())
        kept = {"every": period, "channelId": channel_id, "nextAt": following}
        with guarded():
            await GuildSettings.put(guild_id, {"recap": kept})
        return following

    async def post_due(self, turn: LeaseHold) -> str:
        """Post every recap whose time has come; says how many."""
        with guarded():
            found = await GuildSettings.with_recaps_due(turn.slot)
        posted = 0
        for raw in found:
            turn.check()
            posted += await self._post(raw, turn.slot)
        return f"{posted} recaps posted"

    async def _post(self, raw: Raw, moment: datetime) -> bool:
        recap_post, guild_id = raw["recap"], str(raw["guildId"])
        period: Period = "month" if recap_post.get("every") == "month" else "week"
        slot = recap_post["nextAt"]
        rules = await self._settings.of(guild_id)
        following = next_recap(period, ZoneInfo(rules.time_zone), max(moment, _aware(slot)))
        with guarded():
            claimed = await GuildSettings.advance_recap(guild_id, slot=slot, next_at=following)
        if not claimed:
            return False
        try:
            key = f"recap:{guild_id}:{slot:%Y%m%d%H}"
            return await self._told(guild_id, str(recap_post["channelId"]), period, key, rules)
        except (NotAllowed, Gone) as closed:
            _log.warning("the recap of server %s is switched off: %r", guild_id, closed)
            await self.post_every(guild_id, "", None)
            lacked = closed.permission if isinstance(closed, NotAllowed) else None
            await self._rooms.tell_recap_stopped(guild_id, str(recap_post["channelId"]), lacked)
        except VibratoError as error:
            _log.warning("the recap of server %s could not be posted: %r", guild_id, error)
        return False

    async def _told(self, guild_id: str, channel_id: str, period: Period, key: str, rules: GuildRules) -> bool:
        recap = await self.recap(guild_id, period)
        if not recap.playlists:
            return False
        publisher = await self._rooms.post_recap(guild_id, channel_id, recap, nonce=str(derived_key("nonce", key)))
        # A server's recap is a member of its own, as a schedule is.
        requester = Requester(
            user_id=own_member(guild_id), display_name="Recap", guild_id=guild_id, channel_id=channel_id, appointed=True
        )
        await self.play(
            recap,
            name=f"Recap of the last {period}",
            requester=requester,
            publisher=publisher,
            press_id=key,
            rules=rules,
        )
        await publisher.add_reactions()
        return True


def own_member(guild_id: str) -> str:
    """Whose the playlists of a server's own recaps are."""
    return f"recap:{guild_id}"


def next_recap(period: Period, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time after a moment: a Monday, or the first of a month, at HOUR on the server's clock."""
    here = after.astimezone(zone)
    day = here.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while day <= here or (day.weekday() != 0 if period == "week" else day.day != 1):
        day = (day + timedelta(days=1)).replace(hour=HOUR)
    return day.astimezone(UTC)


async def _playlists(guild_id: str, since: datetime) -> list[Raw]:
    """What was posted openly on a server since then, without its own recaps."""
    keys = await PostedCard.playlists_on(guild_id, since=since, limit=MOST_CARDS)
    return await Playlist.open_among(keys, but_of=User.key_of(own_member(guild_id)))


async def _loves(playlists: Sequence[Raw]) -> dict[Key, tuple[int, int]]:
    """The songs that were loved or liked there: how much, and by how many. Ratings that teach nothing do not count."""
    ids = [raw["_id"] for raw in playlists]
    tracks = {entry["trackId"] for raw in playlists for entry in raw["tracks"]}
    undone = await FeedbackEvent.undone_among(tracks, ids)
    by_member: dict[tuple[Key, Key], int] = {}
    for raw in await FeedbackEvent.said_among(tracks, ids, _WORTH):
        if raw["_id"] not in undone:
            who = (raw["trackId"], raw["userId"])
            by_member[who] = max(by_member.get(who, 0), _WORTH[raw["event"]])
    found: dict[Key, tuple[int, int]] = {}
    for (track_id, _), worth in by_member.items():
        total, count = found.get(track_id, (0, 0))
        found[track_id] = (total + worth, count + 1)
    return found


async def _moods(playlists: Sequence[Raw]) -> tuple[tuple[str, int], ...]:
    """What was asked for most, by what the words were taken for; never the words themselves."""
    made_by = [raw["sourceSessionId"] for raw in playlists if raw.get("sourceSessionId")]
    sessions = await GenerationSession.raws(made_by, "moodQueryId")
    queries = await MoodQuery.raws((raw["moodQueryId"] for raw in sessions.values()), "parsed")
    counts: Counter[str] = Counter()
    for raw in queries.values():
        counts.update(asked_for(Vibe.from_dict(raw.get("parsed") or {})))
    return tuple(counts.most_common(_MOODS))


def asked_for(vibe: Vibe) -> frozenset[str]:
    """The moods, genres and scenes that a request asked for, by name."""
    said = (piece.means for piece in vibe.evidence if piece.polarity == "+")
    parts = (means.partition(":") for means in said)
    return frozenset(name.strip() for kind, _, name in parts if kind.strip() in _KINDS and name.strip())


async def _tracks(keys: Sequence[Key]) -> dict[Key, Raw]:
    return await Track.raws(dict.fromkeys(keys), "spotifyTrackId", "name", "artists", "durationMs", "year")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
