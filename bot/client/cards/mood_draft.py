"""A mood before it is saved, as its moderators see it: what was understood, what it would play, what it overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import discord
from discord import ui

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import moderator_ids as named
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import OPTIONS, Card, button, gap, menu, row, text
from bot.client.cards.moods import mood_option
from bot.client.markdown import chip, escaped, linked, plain
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.moods.editor import MOST_MOODS, MoodPlan, Removed
from bot.services.moods.preview import MoodPreview
from bot.services.moods.range_parser import said_range
from bot.services.moods.service import meaning
from bot.services.values import MoodView

USUAL_SET = 25
"""Songs of a set when nothing is said; a mood with fewer is stretched."""

_CHIPS, _NAMES = 12, 8
_FORMS: tuple[named.DraftForm, ...] = get_args(named.DraftForm)


def named_mood(label: str, icon: str) -> str:
    """A mood's icon and name, safe to show."""
    return f"{escaped(icon, 8)} {escaped(label, 40)}".strip()


def draft_card(draft: MoodPlan, preview: MoodPreview, *, said: str | None = None, say: Messages = ENGLISH) -> Card:
    """The draft with its preview; `said` is a line above it (safe to show), such as what could not be taken."""
    return Card(
        *((text(said), gap()) if said else ()),
        text(*_heading(draft, say)),
        text(*_understood(draft, say)),
        gap(),
        text(*_measured(preview, say)),
        row(*_controls(draft, say)),
        accent=CALM_BLUE,
    )


def _heading(draft: MoodPlan, say: Messages) -> Iterator[str]:
    yield f"## {named_mood(draft.label, draft.icon) if draft.label else say.UNNAMED}"
    stands_for = None if draft.stands_for is None else escaped(draft.stands_for, 40)
    state = say.draft_state(draft.key or None, draft.order, edits=draft.edits is not None, stands_for=stands_for)
    yield f"-# {state}"
    if draft.aliases:
        yield f"-# {say.draft_aliases(' '.join(chip(alias, 40) for alias in draft.aliases))}"


def _understood(draft: MoodPlan, say: Messages) -> Iterator[str]:
    words = dict.fromkeys(piece.text.casefold() for piece in draft.heard)
    if words:
        yield say.heard(" ".join(chip(word, 40) for word in list(words)[:_CHIPS]))
    if draft.unknown:
        yield f"-# {say.draft_unknown(' '.join(chip(word, 30) for word in draft.unknown[:_NAMES]))}"
    if draft.unused:
        yield f"-# {say.draft_unused(', '.join(escaped(name, 40) for name in draft.unused[:_NAMES]))}"
    # Last: a line right after a list would be read as part of its last item.
    for wish in draft.ranges:
        yield f"- {say.draft_range(wish.axis, said_range(wish), say.mood_means(meaning((wish,))))}"


def _measured(preview: MoodPreview, say: Messages) -> Iterator[str]:
    yield say.draft_fits(preview.fits, preview.total)
    if preview.fits < USUAL_SET <= preview.total:
        yield f"-# {say.draft_few(USUAL_SET)}"
    if preview.songs:
        yield f"-# {say.draft_best()}"
    for song in preview.songs:
        artists = escaped(", ".join(song.artists), 40)
        yield f"`{song.position:>2}` {linked(song.title or '?', song.url, 60)}" + (f" · {artists}" if artists else "")
    if preview.total:
        yield _overlapping(preview, say)


def _overlapping(preview: MoodPreview, say: Messages) -> str:
    if not preview.overlaps:
        return say.draft_alone()
    nearest, *others = preview.overlaps
    said = say.draft_overlap(escaped(nearest.label, 40), nearest.share)
    return f"{said} {say.draft_also([(escaped(other.label, 40), other.share) for other in others])}" if others else said


def _controls(draft: MoodPlan, say: Messages) -> Iterator[ui.Item[Card]]:
    """Save first, or naming it where it has no name yet; then what can be changed."""
    labels = {"words": say.CHANGE_WORDS, "ranges": say.CHANGE_RANGES, "names": say.CHANGE_NAMES}
    green = discord.ButtonStyle.success
    if draft.label:
        yield button(say.SAVE, named.draft_step(draft.draft_id, "save"), emoji="✅", style=green)
    else:
        labels["names"] = say.NAME_IT
    for form in _FORMS:
        naming = form == "names" and not draft.label
        style = green if naming else discord.ButtonStyle.secondary
        yield button(labels[form], named.open_draft_form(draft.draft_id, form), style=style)
    yield button(say.DISCARD, named.draft_step(draft.draft_id, "discard"))


def saved_card(mood: MoodView, *, say: Messages = ENGLISH) -> Card:
    """That a mood is in the list, with a press that plays it."""
    return Card(
        text(say.mood_saved(escaped(mood.label, 40)), f"-# {say.mood_saved_elsewhere()}"),
        row(
            button(say.play(plain(mood.label, 40)), playlist_ids.mood(mood.key), emoji="▶️"),
            button(say.EDIT, named.mood_step(_plain(mood), "edit")),
        ),
        accent=CALM_BLUE,
    )


def said_card(words: str) -> Card:
    """One line, safe to show."""
    return Card(text(words), accent=CALM_BLUE)


def removal_card(mood: MoodView, *, say: Messages = ENGLISH) -> Card:
    """The question before a mood is removed; for a built-in one, that it can only be hidden."""
    key, label = _plain(mood), named_mood(mood.label, mood.icon)
    title, consequence = say.ask_removal(label) if mood.own else say.not_removable(label)
    red = discord.ButtonStyle.danger
    act = (
        button(say.REMOVE, named.mood_step(key, "remove"), emoji="🗑️", style=red)
        if mood.own
        else button(say.HIDE, named.mood_step(key, "hide"), style=red)
    )
    return Card(
        text(f"**{title}**", consequence),
        row(act, button(say.KEEP, named.mood_step(key, "keep"))),
        accent=CALM_BLUE,
    )


def removed_card(removed: Removed, *, say: Messages = ENGLISH) -> Card:
    """That a mood is gone, with the press that puts it back."""
    back = None if removed.back is None else escaped(removed.back, 40)
    return Card(
        text(say.removed(escaped(removed.label, 40), back)),
        row(button(say.PUT_BACK, named.put_back(removed.draft_id), emoji="↩️")),
        accent=CALM_BLUE,
    )


def hidden_card(mood: MoodView, *, say: Messages = ENGLISH) -> Card:
    """That a mood is hidden, or to be seen again, with the press that undoes it."""
    label, key = escaped(mood.label, 40), _plain(mood)
    words = say.hidden(label) if mood.hidden else say.shown_again(label)
    undo = (
        button(say.SHOW, named.mood_step(key, "show"))
        if mood.hidden
        else button(say.HIDE, named.mood_step(key, "hide"))
    )
    return Card(text(words), row(undo), accent=CALM_BLUE)


def mood_list_card(moods: tuple[MoodView, ...], *, say: Messages = ENGLISH) -> Card:
    """Every mood of the server, hidden ones too, and menus to change one."""
    heading, note = say.mood_list(len(moods), MOST_MOODS)
    lines = (_line(mood, say) for mood in moods)
    menus = (
        menu(
            named.edit_menu(start // OPTIONS),
            say.CHANGE_A_MOOD,
            [mood_option(mood, say) for mood in moods[start:][:OPTIONS]],
        )
        for start in range(0, len(moods), OPTIONS)
    )
    return Card(text(f"## {heading}", f"-# {note}"), text(*lines), *menus, accent=CALM_BLUE)


def _line(mood: MoodView, say: Messages) -> str:
    mark = say.mood_mark(own=mood.own, hidden=mood.hidden)
    return f"{named_mood(mood.label, mood.icon)}" + (f" · {mark}" if mark else "")


def _plain(mood: MoodView) -> str:
    return mood.key.rpartition(":")[2]
