"""What a server has set for itself: read by every request, changed by its moderators, checked before it is stored."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import process

from bot.catalogue.index import Catalogue
from bot.database import guarded
from bot.documents import GuildSettings, RecapPost
from bot.errors import BadEntry, NotHere
from bot.generation.library import Library, prepare
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.tracks import TrackTable
from bot.generation.values import Recipe, Rules
from bot.services.feedback.emoji import emoji_in
from bot.services.request_words import readable
from bot.services.values import FeedbackKind, ReactionRules, Requester
from nlp.genres import genre_graph
from nlp.names import fold
from nlp.vibe import Vibe

MOST_PLACES = 25
"""Channels, or roles, that can be named: what one of Discord's menus holds."""

MOST_LEFT_OUT = 40
"""Genres, or artists, that can be left out."""

MOST_REACTIONS = 10
"""Emoji under a card; Discord takes 20 kinds on one message, and members need some for themselves."""

LENGTHS = (5, 10, 15, 20, 25, 30, 40, 50, 75, 100)
"""Songs of a set when nothing is said."""

Switch = Literal["clean", "credits", "learning"]
"""What is on or off."""

SWITCHES: tuple[Switch, ...] = get_args(Switch)

Period = Literal["week", "month"]
"""For how long a recap tells of a server, and how often it comes by itself."""

PERIODS: tuple[Period, ...] = get_args(Period)

ReactionKind = Literal["like", "dislike", "love", "skip", "never"]
"""What an emoji under a card can stand for."""

REACTION_KINDS: tuple[ReactionKind, ...] = get_args(ReactionKind)

_NAME_LIMIT = 80
_SEPARATORS = re.compile(r"[,;\n]+")
_NEAR = 60.0
_ID = re.compile(r"\d{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapPlan:
    """A recap that comes by itself: how often, in which channel, and when the next one comes."""

    every: Period
    channel_id: str
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildRules:
    """What holds on a server; the defaults hold in direct messages, and before anything is set.

    `channels` and `roles` are ids as strings, empty for all; `default_tracks` is None for the engine's own default;
    `hidden_moods` are keys without the server's id; `time_zone` is an IANA name; `recap` is None where none comes by
    itself.
    """

    channels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    reactions: ReactionRules = field(default_factory=ReactionRules)
    default_tracks: int | None = None
    clean: bool = False
    genres_out: tuple[str, ...] = ()
    artists_out: tuple[str, ...] = ()
    credits: bool = True
    time_zone: str = "UTC"
    learning: bool = True
    hidden_moods: tuple[str, ...] = ()
    recap: RecapPlan | None = None

    def admit(self, requester: Requester, *, only_me: bool = False) -> None:
        """Raises NotHere when this one may not ask here.

        Channels hold for everyone, but not for what only the requester sees; roles do not hold for moderators. A vibe
        that moderators scheduled is bound by neither.
        """
        if requester.appointed:
            return
        if self.roles and not requester.manager and not set(self.roles) & set(requester.role_ids):
            raise NotHere(roles=self.roles)
        here = {requester.channel_id, requester.parent_channel_id}
        if self.channels and not only_me and not set(self.channels) & here:
            raise NotHere(channels=self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What leaving genres and artists out does: songs that remain of all, and artists of whom there is no song."""

    rules: GuildRules
    remaining: int
    total: int
    strangers: tuple[str, ...] = ()


class SettingsService:
    """Reads and changes the settings of servers. `catalogue` knows the genres and artists that can be left out."""

    def __init__(self, *, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def of(self, guild_id: str | None) -> GuildRules:
        """What holds on a server; None is a direct message. Raises DatabaseDown."""
        if guild_id is None:
            return GuildRules()
        with guarded():
            return rules_of(await GuildSettings.of_guild(guild_id))

    async def set_channels(self, guild_id: str, channels: Sequence[str]) -> GuildRules:
        """Where vibes may be asked for; empty is everywhere. Raises BadEntry, DatabaseDown."""
        return await self._set(guild_id, channels=_ids(channels, "channels"))

    async def set_roles(self, guild_id: str, roles: Sequence[str]) -> GuildRules:
        """Who may ask; empty is everyone. Raises BadEntry, DatabaseDown."""
        return await self._set(guild_id, roles=_ids(roles, "roles"))

    async def set_length(self, guild_id: str, songs: str) -> GuildRules:
        """How many songs a set has when nothing is said: one of LENGTHS. Raises BadEntry, DatabaseDown."""
        if songs not in map(str, LENGTHS):
            raise BadEntry(field="length", reason="unknown", entry=songs)
        return await self._set(guild_id, defaultTracks=int(songs))

    async def turn(self, guild_id: str, switch: str, on: bool) -> GuildRules:
        """Turns one of SWITCHES on or off. Raises BadEntry, DatabaseDown."""
        if switch not in SWITCHES:
            raise BadEntry(field="switch", reason="unknown", entry=switch)
        return await self._set(guild_id, **{switch: on})

    async def set_reactions(
        self, guild_id: str, written: Mapping[str, str], *, own_emoji: frozenset[str] = frozenset()
    ) -> GuildRules:
        """The emoji for each of REACTION_KINDS, in their order; all empty means that no reaction counts.

        `own_emoji` are those of the server, as Discord writes them. Raises BadEntry when something is no emoji or an
        emoji would mean two things, DatabaseDown.
        """
        events: list[tuple[str, FeedbackKind]] = []
        for kind in REACTION_KINDS:
            for emoji in emoji_in(written.get(kind, ""), own=own_emoji, field="reactions"):
                if emoji in dict(events):
                    raise BadEntry(field="reactions", reason="twice", entry=emoji)
                events.append((emoji, kind))
        if len(events) > MOST_REACTIONS:
            raise BadEntry(field="reactions", reason="too_many", entry=str(MOST_REACTIONS))
        stored = [{"emoji": emoji, "event": kind} for emoji, kind in events]
        return await self._set(guild_id, reactions=stored, reactionsOff=not stored)

    async def leave_out(self, guild_id: str, *, genres: str, artists: str) -> LeftOut:
        """Genres and artists that are never played here, each list separated by commas or lines; empty is none.

        Raises BadEntry when a genre is unknown or no song would remain, DatabaseDown.
        """
        genres_out, artists_out = self._genres(genres), _names(artists, "artists")
        names = self._catalogue.names
        written = tuple(dict.fromkeys(names.lookup(fold(name)) or name for name in artists_out))
        strangers = tuple(name for name in artists_out if names.lookup(fold(name)) is None)
        before = await self.of(guild_id)
        table = self._catalogue.table
        rules = Rules(clean=before.clean, genres_out=genres_out, artists_out=written)
        remaining = await asyncio.to_thread(_remaining, table, rules)
        if not remaining and len(table):
            raise BadEntry(field="genres", reason="nothing_left")
        after = await self._set(guild_id, genresOut=list(genres_out), artistsOut=list(written))
        return LeftOut(rules=after, remaining=remaining, total=len(table), strangers=strangers)

    async def set_time_zone(self, guild_id: str, written: str) -> GuildRules:
        """The server's time zone by its IANA name, or by its city alone. Raises BadEntry, DatabaseDown."""
        return await self._set(guild_id, timeZone=zone_named(written))

    async def _set(self, guild_id: str, **fields: Any) -> GuildRules:
        with guarded():
            return rules_of(await GuildSettings.put(guild_id, fields))

    def _genres(self, written: str) -> tuple[str, ...]:
        """The genres by the names that the catalogue or the tables have for them."""
        graph, table = genre_graph(), self._catalogue.table
        here = {fold(genre): genre for genre in table.genres.words}
        found: list[str] = []
        for name in _names(written, "genres"):
            genre = graph.canonical(name) or here.get(fold(name))
            if genre is None:
                hints = _nearest(fold(name), here)
                raise BadEntry(field="genres", reason="unknown", entry=name, hints=hints)
            found.append(genre)
        return tuple(dict.fromkeys(found))


def rules_of(settings: GuildSettings) -> GuildRules:
    """The settings as plain values. What another application wrote there and we cannot use is left out."""
    chosen = tuple((rule.emoji, rule.event) for rule in settings.reactions)
    reactions = ReactionRules(events=chosen) if chosen or settings.reactions_off else ReactionRules()
    return GuildRules(
        channels=tuple(settings.channels),
        roles=tuple(settings.roles),
        reactions=reactions,
        default_tracks=settings.default_tracks,
        clean=settings.clean,
        genres_out=tuple(settings.genres_out),
        artists_out=tuple(settings.artists_out),
        credits=settings.credits,
        time_zone=settings.time_zone if settings.time_zone in _zones() else "UTC",
        learning=settings.learning,
        hidden_moods=tuple(settings.hidden_moods),
        recap=_recap_plan(settings.recap),
    )


def zone_named(written: str) -> str:
    """The IANA name of a time zone for its name or its city: "berlin" is "Europe/Berlin". Raises BadEntry."""
    wanted = re.sub(r"\s+", "_", written.strip()).casefold()
    zones = sorted(_zones())
    by_name = {zone.casefold(): zone for zone in zones}
    if wanted in by_name:
        return by_name[wanted]
    cities = [zone for zone in zones if "/" in zone and zone.casefold().rpartition("/")[2] == wanted]
    # Old names of a zone end alike ("America/Indianapolis"); the shortest is the plain one.
    if wanted and cities:
        return min(cities, key=len)
    near = _nearest(wanted, {zone.casefold().rpartition("/")[2]: zone for zone in zones if "/" in zone})
    raise BadEntry(field="time_zone", reason="unknown" if wanted else "empty", entry=written.strip(), hints=near)


def local_time(rules: GuildRules, clock: Callable[[], datetime]) -> datetime:
    """What the clock shows on this server."""
    return clock().astimezone(ZoneInfo(rules.time_zone))


def _recap_plan(kept: RecapPost | None) -> RecapPlan | None:
    if kept is None or not _ID.fullmatch(kept.channel_id):
        return None
    every: Period = "month" if kept.every == "month" else "week"
    return RecapPlan(every=every, channel_id=kept.channel_id, next_at=kept.next_at)


@cache
def _zones() -> frozenset[str]:
    """The time zones that this machine knows."""
    return frozenset(available_timezones()) | {"UTC"}


def _remaining(table: TrackTable, rules: Rules) -> int:
    """How many songs a server's rules leave."""
    return int(eligible(prepare(table), rules).sum())


def eligible(library: Library, rules: Rules) -> Any:
    """The rows that a server's rules leave, as a mask."""
    return hard_constraints(library, Recipe(vibe=Vibe(), seed=0, rules=rules)).rows(len(library))


def _ids(written: Sequence[str], field: str) -> list[str]:
    if len(written) > MOST_PLACES:
        raise BadEntry(field=field, reason="too_many", entry=str(MOST_PLACES))
    for entry in written:
        if not _ID.fullmatch(entry):
            raise BadEntry(field=field, reason="unknown", entry=entry)
    return list(dict.fromkeys(written))


def _names(written: str, field: str) -> tuple[str, ...]:
    parts = (" ".join(readable(part).split()) for part in _SEPARATORS.split(written))
    names = tuple({fold(part): part for part in parts if fold(part)}.values())
    for name in names:
        if len(name) > _NAME_LIMIT:
            raise BadEntry(field=field, reason="too_long", entry=name)
    if len(names) > MOST_LEFT_OUT:
        raise BadEntry(field=field, reason="too_many", entry=str(MOST_LEFT_OUT))
    return names


def _nearest(wanted: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Up to three of the known names that are nearly what was written."""
    found = process.extract(wanted, list(known), limit=3, score_cutoff=_NEAR)
    return tuple(known[key] for key, _, _ in found)
