"""What a server has set for itself, and what its moderators are about to set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.documents.base import DocumentPart, Stored, derived_id, encoded, now, stamped
from bot.documents.feedback_event import EventKind
from bot.documents.mood import Range

MOST_DRAFTS = 20
"""Drafts that a server keeps; the oldest go first."""


class ReactionRule(DocumentPart):
    """An emoji, as Discord names it, and the event that it stands for."""

    emoji: str
    event: EventKind


class MoodDraft(DocumentPart):
    """A mood that is not in the list: being made (`removed` False), or taken out and still to be put back.

    `key` is without the server's id, empty while there is none; `order` is None for the end of the list; `words` are
    those that the ranges were read from; `edits` is the plain key of the mood that is being changed.
    """

    draft_id: str
    at: datetime
    key: str = ""
    label: str = ""
    icon: str = ""
    order: int | None = None
    aliases: list[str] = []
    defaults: dict[str, Range] = {}
    words: str = ""
    edits: str | None = None
    removed: bool = False


class RecapPost(DocumentPart):
    """A recap that comes by itself: for each week or month, in which channel, and when the next one comes."""

    every: str
    channel_id: str
    next_at: datetime


class GuildSettings(Stored):
    """A server's settings. Its id is derived from the server's.

    Without `reactions` the built-in ones hold, and none with `reactions_off`. Empty `channels` and `roles` mean all.
    `hidden_moods` are keys without the server's id. `left_at` is when the bot left the server.
    `recap` is None where none comes by itself.
    """

    guild_id: str
    channels: list[str] = []
    reactions: list[ReactionRule] = []
    reactions_off: bool = False
    default_tracks: int | None = None
    clean: bool = False
    genres_out: list[str] = []
    artists_out: list[str] = []
    roles: list[str] = []
    credits: bool = True
    time_zone: str = "UTC"
    learning: bool = True
    hidden_moods: list[str] = []
    mood_drafts: list[MoodDraft] = []
    left_at: datetime | None = None
    recap: RecapPost | None = None

    class Settings:
        """Where and how it is kept."""

        name = "guildsettings"
        keep_nulls = False

    @classmethod
    def of(cls, guild_id: str) -> GuildSettings:
        """Settings as they are before anything was set."""
        return cls(id=derived_id("guild", guild_id), guild_id=guild_id)

    @classmethod
    async def of_guild(cls, guild_id: str) -> GuildSettings:
        """The server's settings, or the built-in ones; `save` stores them."""
        return await cls.get(derived_id("guild", guild_id)) or cls.of(guild_id)

    @classmethod
    async def change(cls, guild_id: str, update: Mapping[str, Any]) -> GuildSettings:
        """Apply update operators to the server's settings, at once and whoever else does; what they are then."""
        operators = stamped({**update, "$setOnInsert": {"guildId": guild_id}})
        try:
            return await cls._changed(guild_id, operators)
        except DuplicateKeyError:
            # Two made the document at once; now it is there.
            return await cls._changed(guild_id, operators)

    @classmethod
    async def put(cls, guild_id: str, fields: Mapping[str, Any]) -> GuildSettings:
        """Set fields, by their stored names; the settings as they are then."""
        return await cls.change(guild_id, {"$set": fields})

    @classmethod
    async def hide_mood(cls, guild_id: str, plain_key: str) -> None:
        """Leave a mood out of the server's list."""
        await cls.change(guild_id, {"$addToSet": {"hiddenMoods": plain_key}})

    @classmethod
    async def show_mood(cls, guild_id: str, plain_key: str) -> None:
        """Leave a mood out no more."""
        await cls.change(guild_id, {"$pull": {"hiddenMoods": plain_key}})

    @classmethod
    async def may_teach(cls, guild_id: str) -> bool:
        """Whether what is said on the server may teach anything."""
        raw = await cls.get_motor_collection().find_one({"guildId": guild_id}, {"learning": 1})
        return (raw or {}).get("learning") is not False

    @classmethod
    async def quiet_among(cls, guild_ids: Iterable[str]) -> frozenset[str]:
        """Those of these servers that paused learning."""
        keys = [derived_id("guild", guild_id) for guild_id in sorted(guild_ids)]
        if not keys:
            return frozenset()
        found = cls.get_motor_collection().find({"_id": {"$in": keys}, "learning": False}, {"guildId": 1})
        return frozenset([raw["guildId"] async for raw in found])

    @classmethod
    async def quiet(cls) -> set[str]:
        """Every server that paused learning."""
        found = cls.get_motor_collection().find({"learning": False}, {"guildId": 1})
        return {raw["guildId"] async for raw in found}

    @classmethod
    async def with_recaps_due(cls, moment: datetime) -> list[Mapping[str, Any]]:
        """The servers, raw, whose recap is to come by itself by that moment, and that the bot has not left."""
        due = {"recap.nextAt": {"$lte": moment}, "leftAt": None}
        found: list[Mapping[str, Any]] = await cls.plain().find(due).to_list(None)
        return found

    @classmethod
    async def advance_recap(cls, guild_id: str, *, slot: datetime, next_at: datetime) -> bool:
        """Go on from one recap to the next one; False when somebody did."""
        mine = {"_id": derived_id("guild", guild_id), "recap.nextAt": slot}
        change = stamped({"$set": {"recap.nextAt": next_at}})
        return bool((await cls.get_motor_collection().update_one(mine, change)).modified_count)

    @classmethod
    async def drop_recap(cls, guild_id: str) -> None:
        """Let no recap come by itself any more."""
        await cls.change(guild_id, {"$unset": {"recap": ""}})

    @classmethod
    async def left_before(cls, moment: datetime) -> list[str]:
        """The servers that the bot left before that moment."""
        found = cls.get_motor_collection().find({"leftAt": {"$lt": moment}}, {"guildId": 1})
        return [raw["guildId"] async for raw in found]

    @classmethod
    async def note_left(cls, guild_id: str, at: datetime) -> None:
        """Note when the bot left a server; the first time counts."""
        collection, key = cls.get_motor_collection(), derived_id("guild", guild_id)
        await collection.update_one({"_id": key}, stamped({"$setOnInsert": {"guildId": guild_id}}), upsert=True)
        await collection.update_one({"_id": key, "leftAt": None}, stamped({"$set": {"leftAt": at}}))

    @classmethod
    async def note_joined(cls, guild_ids: Iterable[str]) -> None:
        """Note that the bot is on these servers (again)."""
        keys = [derived_id("guild", guild_id) for guild_id in guild_ids]
        here = {"_id": {"$in": keys}, "leftAt": {"$ne": None}}
        await cls.get_motor_collection().update_many(here, stamped({"$unset": {"leftAt": ""}}))

    @classmethod
    async def _changed(cls, guild_id: str, operators: Mapping[str, Any]) -> GuildSettings:
        raw = await cls.get_motor_collection().find_one_and_update(
            {"_id": derived_id("guild", guild_id)}, operators, upsert=True, return_document=ReturnDocument.AFTER
        )
        found: GuildSettings = cls.model_validate(raw)
        return found

    @classmethod
    async def keep_draft(cls, guild_id: str, draft: MoodDraft) -> None:
        """Keep a draft; one with its id is replaced, and beyond MOST_DRAFTS the oldest are dropped."""
        draft.at = now()
        await cls.change(guild_id, {"$pull": {"moodDrafts": {"draftId": draft.draft_id}}})
        newest = {"$each": [encoded(draft)], "$slice": -MOST_DRAFTS}
        await cls.change(guild_id, {"$push": {"moodDrafts": newest}})

    @classmethod
    async def draft(cls, guild_id: str, draft_id: str) -> MoodDraft | None:
        """A draft of this server, or None."""
        settings = await cls.of_guild(guild_id)
        return next((draft for draft in settings.mood_drafts if draft.draft_id == draft_id), None)

    @classmethod
    async def drop_draft(cls, guild_id: str, draft_id: str) -> bool:
        """Forget a draft; False when it was not there (any more), so that of many at once one wins."""
        result = await cls.get_motor_collection().update_one(
            {"_id": derived_id("guild", guild_id), "moodDrafts.draftId": draft_id},
            stamped({"$pull": {"moodDrafts": {"draftId": draft_id}}}),
        )
        return bool(result.modified_count)
