"""Drafts and moods of a server as they lie in the database."""

from __future__ import annotations

from collections.abc import Iterable

from bot.database import guarded
from bot.documents import GuildSettings, Mood
from bot.documents.base import now
from bot.documents.guild_settings import MoodDraft
from bot.documents.mood import Range
from bot.errors import Gone
from nlp.vibe import AxisRange


def draft_of(mood: Mood, draft_id: str) -> MoodDraft:
    """A draft of a mood as it is."""
    return MoodDraft(
        draft_id=draft_id,
        at=now(),
        key=mood.plain_key,
        label=mood.label,
        icon=mood.icon or "",
        order=mood.order,
        aliases=list(mood.aliases),
        defaults=dict(mood.defaults),
        edits=mood.plain_key,
    )


async def stored_draft(guild_id: str, draft_id: str, *, removed: bool = False) -> MoodDraft:
    """A draft of this server; with `removed` a mood to be put back. Raises Gone("draft"), DatabaseDown."""
    with guarded():
        draft = await GuildSettings.draft(guild_id, draft_id)
    if draft is None or draft.removed != removed:
        raise Gone(what="draft")
    return draft


async def stored_mood(guild_id: str, key: str) -> Mood:
    """The stored mood of a key on this server. Raises Gone("mood"), also for another server's."""
    with guarded():
        moods = await Mood.for_guild(guild_id)
    found = next((mood for mood in moods if mood.key == key), None)
    if found is None:
        raise Gone(what="mood")
    return found


async def built_in_label(key: str) -> str | None:
    """The label of the built-in mood of this key, None where there is none. Raises DatabaseDown."""
    with guarded():
        return next((mood.label for mood in await Mood.for_guild(None) if mood.key == key), None)


async def write_mood(guild_id: str, draft: MoodDraft) -> None:
    """The draft as the server's mood. One that got another key leaves its old one."""
    with guarded():
        here = await Mood.for_guild(guild_id)
        last = max((mood.order for mood in here if mood.plain_key != draft.key), default=0)
        await Mood.put(
            guild_id,
            draft.key,
            label=draft.label,
            icon=draft.icon,
            order=last + 1 if draft.order is None else draft.order,
            defaults=draft.defaults,
            aliases=draft.aliases,
        )
        if draft.edits is None:
            await GuildSettings.show_mood(guild_id, draft.key)
        elif draft.edits != draft.key:
            await Mood.drop(guild_id, draft.edits)


def plain_key(guild_id: str, key: str) -> str:
    """A key without the server's id."""
    return key.removeprefix(f"{guild_id}:")


def defaults_of(ranges: Iterable[AxisRange]) -> dict[str, Range]:
    """Ranges as a mood keeps them: whole BPM, everything else to two decimals."""
    return {
        wish.axis: Range(
            low=_rounded(wish, wish.low), high=_rounded(wish, wish.high), weight=round(wish.weight, 2), hard=wish.hard
        )
        for wish in ranges
    }


def ranges_in(defaults: dict[str, Range]) -> tuple[AxisRange, ...]:
    """The ranges that a mood keeps, in the order of the axes."""
    return Mood(key="draft", label="draft", defaults=defaults).word().defaults


def _rounded(wish: AxisRange, end: float | None) -> float | None:
    return None if end is None else round(end, 0 if wish.axis == "tempo" else 2)
