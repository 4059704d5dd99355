"""What moderators press and write about moods. Each asks anew whether the one who does it may manage the server."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from bot.client.cards.custom_ids import moderator_ids as named
from bot.client.cards.mood_draft import (
    draft_card,
    hidden_card,
    named_mood,
    removed_card,
    said_card,
    saved_card,
)
from bot.client.components.forms import Form, Submission, field
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.error_handling import message_for
from bot.client.interaction_response import InteractionReply, managed_guild
from bot.client.markdown import escaped
from bot.client.texts.messages import Messages
from bot.errors import BadEntry
from bot.services.moods.editor import USUAL_ICON, WORDS_LIMIT, MoodForm, MoodPlan
from bot.services.moods.range_parser import KEY_LIMIT, LABEL_LIMIT, written_ranges

_ALIASES, _ICON, _ORDER, _RANGES = 300, 32, 2, 1000
_NAMES = frozenset({"label", "icon", "aliases", "order", "key"})
"""The fields that a new mood may have wrong without losing what was written about its sound."""


class ManagerPress(PersistentButton, template=r"(?!)"):
    """A press that takes Manage Server, whoever the card was shown to."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Refuse everybody else first."""
        await self.managed(interaction, answer, managed_guild(interaction))

    @abstractmethod
    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """Do what the press asks for, on this server."""


class ManagerSubmission(Submission, template=r"(?!)"):
    """A form that takes Manage Server, whoever it was opened by."""

    async def submitted(self, interaction: Interaction, answer: InteractionReply, written: Mapping[str, str]) -> None:
        """Refuse everybody else first."""
        guild_id = managed_guild(interaction)
        await answer.begin()
        await self.managed(interaction, answer, guild_id, written)

    @abstractmethod
    async def managed(
        self,
        interaction: Interaction,
        answer: InteractionReply,
        guild_id: str,
        written: Mapping[str, str],
    ) -> None:
        """Do what the form asks for, on this server; the answer has begun."""


def new_mood_form(say: Messages) -> Form:
    """The form of `/mood add`: a name, and how it sounds in words; the rest has defaults."""
    return Form(
        say.NEW_MOOD,
        named.NEW_MOOD_FORM,
        _label(say, ""),
        _words(say, ""),
        _icon(say, USUAL_ICON),
        _aliases(say, ""),
        _order(say, ""),
    )


async def show_draft(
    interaction: Interaction,
    answer: InteractionReply,
    guild_id: str,
    draft: MoodPlan,
    *,
    said: str | None = None,
) -> None:
    """Put the draft with its preview in the place of what was pressed on, or promised."""
    preview = await interaction.client.services.mood_edits.preview(guild_id, draft)
    await answer.edit(draft_card(draft, preview, said=said, say=answer.say))


class NewMood(ManagerSubmission, template=named.NEW_MOOD_FORM):
    """A new mood, as it was written."""

    async def managed(
        self,
        interaction: Interaction,
        answer: InteractionReply,
        guild_id: str,
        written: Mapping[str, str],
    ) -> None:
        """Show it as a draft. A name that cannot be taken is told above it, and the rest is kept."""
        edits, words = interaction.client.services.mood_edits, written.get("words", "")
        try:
            draft, said = await edits.begin(guild_id, _form(written), words), None
        except BadEntry as wrong:
            sentence = message_for(wrong, say=answer.say)
            if wrong.field not in _NAMES or sentence is None:
                raise
            draft = await edits.begin(guild_id, MoodForm(), words)
            said = f"⚠️ **{sentence.title}** {sentence.cause} {sentence.step}"
        await show_draft(interaction, answer, guild_id, draft, said=said)


class OpenDraftForm(ManagerPress, template=named.OPEN_DRAFT_FORM):
    """Words, ranges, or names of a draft."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """Open the form, with what the draft has in its fields."""
        draft = await interaction.client.services.mood_edits.draft(guild_id, self.facts["draft"])
        form = _draft_form(self.facts["form"])
        fields = _FIELDS[form](draft, answer.say)
        await answer.ask(Form(answer.say.FORM_TITLES[form], named.draft_form(draft.draft_id, form), *fields))


class DraftChanged(ManagerSubmission, template=named.DRAFT_FORM):
    """A form of a draft that was sent off."""

    async def managed(
        self,
        interaction: Interaction,
        answer: InteractionReply,
        guild_id: str,
        written: Mapping[str, str],
    ) -> None:
        """Show the draft as it is then."""
        edits, draft_id, form = (
            interaction.client.services.mood_edits,
            self.facts["draft"],
            _draft_form(self.facts["form"]),
        )
        if form == "words":
            draft = await edits.reword(guild_id, draft_id, written.get("words", ""))
        elif form == "ranges":
            draft = await edits.redraw(guild_id, draft_id, written.get("ranges", ""))
        else:
            draft = await edits.rename(guild_id, draft_id, _form(written))
        await show_draft(interaction, answer, guild_id, draft)


class EndDraft(ManagerPress, template=named.DRAFT_STEP):
    """Save, Discard."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """The mood is in the list, or nothing has changed."""
        await answer.begin()
        edits, draft_id = interaction.client.services.mood_edits, self.facts["draft"]
        if self.facts["step"] == "save":
            await answer.edit(saved_card(await edits.save(guild_id, draft_id), say=answer.say))
        else:
            await edits.discard(guild_id, draft_id)
            await answer.edit(said_card(answer.say.draft_discarded()))


class StepOnMood(ManagerPress, template=named.MOOD_STEP):
    """Remove, Keep it, Hide, Show, Change it."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """Do it, and say how it is undone."""
        await answer.begin()
        edits, key, say = interaction.client.services.mood_edits, self.facts["mood"], answer.say
        match self.facts["step"]:
            case "remove":
                await answer.edit(removed_card(await edits.remove(guild_id, key), say=say))
            case "hide":
                await answer.edit(hidden_card(await edits.hide(guild_id, key), say=say))
            case "show":
                await answer.edit(hidden_card(await edits.show(guild_id, key), say=say))
            case "edit":
                await show_draft(interaction, answer, guild_id, await edits.begin_edit(guild_id, key))
            case _:
                mood = await edits.find(guild_id, key)
                await answer.edit(said_card(say.kept(named_mood(mood.label, mood.icon))))


class PutBack(ManagerPress, template=named.PUT_BACK):
    """Put it back, under what was removed."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """The mood is as it was."""
        await answer.begin()
        mood = await interaction.client.services.mood_edits.put_back(guild_id, self.facts["draft"])
        await answer.edit(said_card(answer.say.put_back(escaped(mood.label, 40))))


class ChooseEdited(ManagerPress, template=named.EDIT_MENU):
    """The menu of the moderators' list."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """Open the chosen mood as a draft."""
        await answer.begin()
        data: Any = interaction.data
        draft = await interaction.client.services.mood_edits.begin_edit(guild_id, str(data["values"][0]))
        await show_draft(interaction, answer, guild_id, draft)


MOOD_PRESSES: tuple[type[PersistentButton], ...] = (OpenDraftForm, EndDraft, StepOnMood, PutBack, ChooseEdited)
"""What moderators can press about moods."""

MOOD_FORMS: tuple[type[Submission], ...] = (NewMood, DraftChanged)
"""What they can write."""


def _form(written: Mapping[str, str]) -> MoodForm:
    return MoodForm(**{name: written.get(name, "") for name in ("label", "key", "icon", "order", "aliases")})


def _draft_form(name: str) -> named.DraftForm:
    return "words" if name == "words" else "ranges" if name == "ranges" else "names"


def _word_fields(draft: MoodPlan, say: Messages) -> tuple[Any, ...]:
    return (_words(say, draft.words),)


def _range_fields(draft: MoodPlan, say: Messages) -> tuple[Any, ...]:
    return (
        field(
            "ranges",
            say.FIELD_RANGES,
            description=say.FIELD_RANGES_HINT,
            default=written_ranges(draft.ranges),
            longest=_RANGES,
            required=True,
            lines=True,
        ),
    )


def _name_fields(draft: MoodPlan, say: Messages) -> tuple[Any, ...]:
    return (
        _label(say, draft.label),
        _icon(say, draft.icon or USUAL_ICON),
        _aliases(say, ", ".join(draft.aliases)),
        _order(say, "" if draft.order is None else str(draft.order)),
        field("key", say.FIELD_KEY, description=say.FIELD_KEY_HINT, default=draft.key, longest=KEY_LIMIT),
    )


_FIELDS = {"words": _word_fields, "ranges": _range_fields, "names": _name_fields}


def _label(say: Messages, default: str) -> Any:
    return field(
        "label",
        say.FIELD_LABEL,
        description=say.FIELD_LABEL_HINT,
        placeholder=say.FIELD_LABEL_EXAMPLE,
        default=default,
        longest=LABEL_LIMIT,
        required=True,
    )


def _words(say: Messages, default: str) -> Any:
    return field(
        "words",
        say.FIELD_WORDS,
        description=say.FIELD_WORDS_HINT,
        placeholder=say.FIELD_WORDS_EXAMPLE,
        default=default,
        longest=WORDS_LIMIT,
        required=True,
        lines=True,
    )


def _icon(say: Messages, default: str) -> Any:
    return field("icon", say.FIELD_ICON, description=say.FIELD_ICON_HINT, default=default, longest=_ICON)


def _aliases(say: Messages, default: str) -> Any:
    return field(
        "aliases",
        say.FIELD_ALIASES,
        description=say.FIELD_ALIASES_HINT,
        placeholder=say.FIELD_ALIASES_EXAMPLE,
        default=default,
        longest=_ALIASES,
    )


def _order(say: Messages, default: str) -> Any:
    return field("order", say.FIELD_ORDER, description=say.FIELD_ORDER_HINT, default=default, longest=_ORDER)
