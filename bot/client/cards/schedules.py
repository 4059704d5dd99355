"""Scheduled vibes as cards: the list with its buttons, the question before removing, the word when one was stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import discord
from discord import ui

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import schedule_ids as named
from bot.client.cards.layout import Card, button, gap, row, text
from bot.client.cards.notice import AMBER
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.guilds.settings import GuildRules
from bot.services.schedules.views import ScheduleView

PAGE = 5
"""Schedules on one page: each takes a text, a line and three buttons of Discord's 40 components."""

_VIBE = 80


def schedules_card(
    schedules: Sequence[ScheduleView], *, page: int = 0, said: str | None = None, say: Messages = ENGLISH
) -> Card:
    """The schedules of `page` (from 0; beyond the last it is the last); `said` (safe to show) stands above them."""
    pages = max(1, -(-len(schedules) // PAGE))
    page = min(page, pages - 1)
    heading, note = say.schedules()
    parts: list[ui.Item[Card]] = [
        text(f"## {heading}", f"-# {note if schedules else say.no_schedules()}", f"**{said}**" if said else "")
    ]
    for schedule in schedules[page * PAGE : (page + 1) * PAGE]:
        parts += [gap(), *_entry(schedule, say)]
    if pages > 1:
        back = button(say.BACK, named.turn_schedules(max(page - 1, 0)), emoji="◀️", disabled=page == 0)
        on = button(say.NEXT, named.turn_schedules(page + 1), emoji="▶️", disabled=page == pages - 1)
        parts += [gap(), row(back, on)]
    return Card(*parts, accent=CALM_BLUE)


def page_with(schedules: Sequence[ScheduleView], schedule_id: str) -> int:
    """The page on which a schedule stands; the first when it does not."""
    places = [place for place, schedule in enumerate(schedules) if schedule.schedule_id == schedule_id]
    return places[0] // PAGE if places else 0


def added_card(schedule: ScheduleView, *, say: Messages = ENGLISH) -> Card:
    """A schedule that was made just now."""
    said = say.schedule_added(f"<#{schedule.channel_id}>")
    hint = f"-# {say.zone_hint()}" if schedule.time_zone == GuildRules().time_zone else ""
    return Card(text(f"**{said}**", hint), gap(), *_entry(schedule, say), accent=CALM_BLUE)


def sure_card(schedule: ScheduleView, *, say: Messages = ENGLISH) -> Card:
    """The question before a schedule is removed."""
    asked = say.sure_to_remove(escaped(schedule.vibe, _VIBE))
    sure = named.schedule_step(schedule.schedule_id, "sure")
    keep = named.schedule_step(schedule.schedule_id, "keep")
    return Card(
        text(f"**{asked.title}**", asked.cause, f"-# {asked.step}"),
        row(button(say.REMOVE_IT, sure, style=discord.ButtonStyle.danger), button(say.KEEP_IT, keep)),
        accent=AMBER,
    )


def gone_card(schedule: ScheduleView, *, say: Messages = ENGLISH) -> Card:
    """That a schedule was removed, with the way back."""
    undo = button(say.UNDO, named.schedule_step(schedule.schedule_id, "undo"), emoji="↩️")
    return Card(text(say.schedule_removed(escaped(schedule.vibe, _VIBE))), row(undo), accent=CALM_BLUE)


def stopped_card(schedule: ScheduleView, *, say: Messages = ENGLISH) -> Card:
    """To those who run the server: that a schedule was stopped, why, and how it goes on."""
    resume = button(say.RESUME, named.schedule_step(schedule.schedule_id, "resume"), emoji="▶️")
    said = say.schedule_stopped(escaped(schedule.vibe, _VIBE), f"<#{schedule.channel_id}>")
    reason = say.stop_reason(schedule.reason)
    return Card(text(said, f"{reason[:1].upper()}{reason[1:]}"), row(resume), accent=AMBER)


def _entry(schedule: ScheduleView, say: Messages) -> tuple[ui.Item[Card], ...]:
    """One schedule: what, where, when, how it stands, and what can be done."""
    key = schedule.schedule_id
    running = schedule.state == "on"
    pausing = (
        button(say.PAUSE, named.schedule_step(key, "pause"), emoji="⏸️")
        if running
        else button(say.RESUME, named.schedule_step(key, "resume"), emoji="▶️")
    )
    return (
        text(*_lines(schedule, say)),
        row(
            pausing,
            button(say.POST_NOW, named.schedule_step(key, "now"), emoji="📣"),
            button(say.REMOVE_SCHEDULE, named.schedule_step(key, "remove"), emoji="🗑️"),
        ),
    )


def _lines(schedule: ScheduleView, say: Messages) -> Iterator[str]:
    yield f"**{escaped(schedule.vibe, _VIBE)}** · <#{schedule.channel_id}>"
    yield f"-# {say.schedule_times(say.when(schedule.when), escaped(schedule.time_zone, 40))}"
    if schedule.state == "paused":
        yield say.is_paused()
    elif schedule.state == "stopped":
        yield say.is_stopped(schedule.reason)
    elif schedule.next_at is not None:
        yield say.next_time(moment(schedule.next_at, "F"), moment(schedule.next_at, "R"))
    if schedule.last is not None:
        yield f"-# {say.last_time(schedule.last, moment(schedule.last.slot, 'R'))}"


def moment(at: datetime, style: str) -> str:
    """A moment as Discord shows it to everyone in their own time: F in full, R from now."""
    return f"<t:{int(at.timestamp())}:{style}>"
