"""What every collection holds of a member and of a server: the one table that export and deletion go by.

A document that has a field for a member or a server and no row here fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.documents import (
    AuthToken,
    FeedbackEvent,
    GenerationSession,
    GroupShare,
    GuildSettings,
    JobRun,
    Limit,
    Mood,
    MoodQuery,
    OAuthState,
    Playlist,
    PostedCard,
    Publication,
    Schedule,
    Stored,
    TasteShare,
    User,
    UserLibrary,
)
from bot.documents.base import Key, object_ids, stamped

Query = dict[str, Any]
Raw = Mapping[str, Any]

BATCH = 500
"""Documents between two looks at what else there is to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberIds:
    """A member by all their ids: Discord's, those of their playlists, and ours.

    Ours are more than one where another application made a second document for them.
    """

    discord_id: str
    user_ids: tuple[Key, ...]
    playlist_ids: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHolding:
    """How one collection's documents about a member are found.

    `name` is what the export calls them. What is not the member's own stays and only loses the fields named in
    `forgets`. `secret` fields are never exported, `working` ones only where there is room.
    """

    document: type[Stored]
    name: str
    query: Callable[[MemberIds], Query]
    forgets: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    working: tuple[str, ...] = ()

    async def read(self, ids: MemberIds) -> list[Raw]:
        """The documents about a member, raw and without what is secret."""
        hidden = dict.fromkeys(self.secret, 0)
        found = self.document.plain().find(self.query(ids), hidden or None).batch_size(BATCH)
        return [raw async for raw in found]

    async def forget_some(self, ids: MemberIds) -> tuple[int, int]:
        """Delete some of the documents about a member, or what they say of them; see `Stored.sweep`."""
        return await self.document.sweep(self.query(ids), _without(self.forgets))


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildHolding:
    """How one collection's documents about a server are found; those that are members' own lose `forgets` only."""

    document: type[Stored]
    query: Callable[[str], Query]
    forgets: tuple[str, ...] = ()

    async def forget_some(self, guild_id: str) -> tuple[int, int]:
        """Delete some of the documents about a server, or what they say of it; see `Stored.sweep`."""
        return await self.document.sweep(self.query(guild_id), _without(self.forgets))


def _without(fields: tuple[str, ...]) -> Raw | None:
    return stamped({"$unset": dict.fromkeys(fields, "")}) if fields else None


def _by_user(ids: MemberIds) -> Query:
    return {"userId": {"$in": object_ids(ids.user_ids)}}


def _by_playlist(ids: MemberIds) -> Query:
    return {"playlistId": {"$in": object_ids(ids.playlist_ids)}}


def _by_guild(guild_id: str) -> Query:
    return {"guildId": guild_id}


def _published(ids: MemberIds) -> Query:
    """The member's playlists wherever they were saved, and whatever they saved on an account of their own."""
    return {"$or": [_by_playlist(ids), {**_by_user(ids), "own": True}]}


OF_MEMBERS: Sequence[MemberHolding] = (
    MemberHolding(document=MoodQuery, name="requests", query=_by_user),
    MemberHolding(document=GenerationSession, name="sessions", query=_by_user, working=("candidates",)),
    MemberHolding(document=PostedCard, name="cards", query=_by_playlist),
    # What others put on the server's account stays theirs; who saved it is forgotten.
    MemberHolding(document=Publication, name="published", query=_published),
    MemberHolding(document=Publication, name="saved", query=_by_user, forgets=("userId",)),
    MemberHolding(document=Playlist, name="playlists", query=_by_user, working=("exposure",)),
    MemberHolding(document=FeedbackEvent, name="feedback", query=_by_user),
    MemberHolding(document=TasteShare, name="tastes", query=_by_user),
    MemberHolding(document=GroupShare, name="groups", query=_by_user, working=("taste",)),
    MemberHolding(document=UserLibrary, name="library", query=_by_user),
    MemberHolding(document=AuthToken, name="accounts", query=_by_user, secret=("accessToken", "refreshToken")),
    MemberHolding(
        document=OAuthState,
        name="links",
        query=_by_user,
        secret=("accessToken", "refreshToken", "verifier", "codeHash", "browsers"),
    ),
    # A schedule is its server's, and goes on; who set it up is forgotten.
    MemberHolding(document=Schedule, name="schedules", query=_by_user, forgets=("userId",)),
    MemberHolding(document=Limit, name="limits", query=lambda ids: {"_id": f"member:{ids.discord_id}"}),
    # The member's own document comes last: until it is gone, nothing new is stored about them.
    MemberHolding(document=User, name="profile", query=lambda ids: {"_id": {"$in": object_ids(ids.user_ids)}}),
)
"""In the order in which they are deleted."""

OF_GUILDS: Sequence[GuildHolding] = (
    GuildHolding(document=Mood, query=_by_guild),
    GuildHolding(document=Schedule, query=_by_guild),
    GuildHolding(document=JobRun, query=_by_guild),
    GuildHolding(document=PostedCard, query=_by_guild),
    GuildHolding(document=TasteShare, query=_by_guild),
    GuildHolding(document=GroupShare, query=_by_guild),
    GuildHolding(document=Limit, query=lambda guild_id: {"_id": f"guild:{guild_id}"}),
    # Requests, playlists and ratings are the members' own. Only where they were made is forgotten.
    GuildHolding(document=MoodQuery, query=_by_guild, forgets=("guildId",)),
    GuildHolding(document=Playlist, query=lambda guild_id: {"discord.guildId": guild_id}, forgets=("discord",)),
    GuildHolding(
        document=FeedbackEvent,
        query=lambda guild_id: {"contextJson.where.guildId": guild_id},
        forgets=("contextJson.where",),
    ),
    # The settings come last: they know that the server is to be forgotten.
    GuildHolding(document=GuildSettings, query=_by_guild),
)
"""In the order in which they are forgotten."""

Owner = Literal["member", "guild"]

NAMES_OF: Mapping[Owner, frozenset[str]] = {
    "member": frozenset(
        {
            "userId",
            "discordUserId",
            "spotifyUserId",
            "ownerId",
            "memberId",
            "authorId",
            "creatorId",
            "createdBy",
            "updatedBy",
            "moderatorId",
            "askerId",
        }
    ),
    "guild": frozenset({"guildId", "serverId"}),
}
"""What a field is called that says whose a document is."""


def owner_fields(document: type[Stored], owner: Owner) -> tuple[str, ...]:
    """The fields of a document that say whose it is, by their paths in the database."""
    return tuple(_paths(document, NAMES_OF[owner]))


def _paths(model: Any, names: frozenset[str], before: str = "", depth: int = 4) -> list[str]:
    found: list[str] = []
    for name, field in model.model_fields.items():
        path = f"{before}{field.alias or name}"
        if (field.alias or name) in names:
            found.append(path)
        for part in _models_in(field.annotation) if depth else ():
            found += _paths(part, names, f"{path}.", depth - 1)
    return found


def _models_in(annotation: Any) -> list[Any]:
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


async def ids_of(discord_id: str) -> MemberIds:
    """All ids of a member, whoever wrote their documents."""
    user_ids = tuple(dict.fromkeys((User.key_of(discord_id), *await User.keys_of(discord_id))))
    return MemberIds(discord_id=discord_id, user_ids=user_ids, playlist_ids=tuple(await Playlist.keys_of(user_ids)))


async def counts_of(ids: MemberIds) -> tuple[int, int, int]:
    """How many requests, playlists (without deleted ones) and ratings of a member are kept."""
    mine = _by_user(ids)
    return (
        int(await MoodQuery.get_motor_collection().count_documents(mine)),
        int(await Playlist.get_motor_collection().count_documents({**mine, "deletedAt": None})),
        int(await FeedbackEvent.get_motor_collection().count_documents(mine)),
    )


async def known_guilds() -> set[str]:
    """Every server that something of its own is kept about."""
    known: set[str] = set()
    for document in (GuildSettings, Mood, Schedule):
        known |= set(await document.get_motor_collection().distinct("guildId", {"guildId": {"$ne": None}}))
    return known
