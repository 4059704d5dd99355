"""What a server has set for itself."""

from __future__ import annotations

from bot.documents.base import Part, Stored, derived_id
from bot.documents.feedback_event import EventKind


class ReactionRule(Part):
    """An emoji, as Discord names it, and the event that it stands for."""

    emoji: str
    event: EventKind


class GuildSettings(Stored):
    """A server's settings; without `reactions` the built-in ones hold. Its id is derived from the server's."""

    guild_id: str
    reactions: list[ReactionRule] = []

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
