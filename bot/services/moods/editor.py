"""Moods by the moderators of a server: drafted, previewed, saved, removed and put back, hidden and shown.

Nothing here reaches beyond the server: a key names one of its own moods or a built-in one, and a built-in one that is
changed becomes the server's own, which stands in for it there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.database import guarded
from bot.documents import GuildSettings, Mood
from bot.documents.base import now
from bot.documents.guild_settings import MoodDraft
from bot.errors import BadEntry, Gone, TooMany
from bot.generation.library import Library
from bot.generation.values import Rules
from bot.services.feedback.emoji import emoji_in
from bot.services.guilds.settings import SettingsService
from bot.services.moods.draft_store import (
    built_in_label,
    defaults_of,
    draft_of,
    plain_key,
    ranges_in,
    stored_draft,
    stored_mood,
    write_mood,
)
from bot.services.moods.preview import MoodPreview, preview
from bot.services.moods.range_parser import (
    aliases_of,
    key_of,
    label_of,
    not_of_a_mood,
    order_of,
    ranges_of,
    read_ranges,
)
from bot.services.moods.service import MoodService
from bot.services.moods.word_reader import WordReader
from bot.services.playlists.request_text import chips
from bot.services.request_words import readable
from bot.services.values import MoodView, RecognisedPhrase
from nlp.components.lookup.inflection import stems
from nlp.names import fold
from nlp.vibe import AxisRange, MoodWord, Vibe

MOST_MOODS = 40
"""Moods of a server, the built-in ones among them."""

WORDS_LIMIT = 200
"""Characters that a mood is described with."""

USUAL_ICON = "🎵"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodForm:
    """The fields of a form as they were written."""

    label: str = ""
    key: str = ""
    icon: str = ""
    order: str = ""
    aliases: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodPlan:
    """A mood before it is saved. `key` is without the server's id, empty while it has no name.

    `heard`, `unknown` and `unused` are what was understood of `words`, what was not, and what a mood cannot hold.
    `edits` is the key of the mood that is being changed, `stands_for` the label of the built-in mood that it will
    stand in for.
    """

    draft_id: str
    key: str
    label: str
    icon: str
    order: int | None
    aliases: tuple[str, ...]
    ranges: tuple[AxisRange, ...]
    words: str = ""
    heard: tuple[RecognisedPhrase, ...] = ()
    unknown: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    edits: str | None = None
    stands_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A mood that is out of the list, and the id under which it can be put back.

    `back` is the label of the built-in mood that is to be seen again in its place.
    """

    draft_id: str
    label: str
    back: str | None = None


class MoodEditService:
    """Every call takes the server's id from the interaction. `library` prepares the catalogue; it runs in a thread."""

    def __init__(
        self,
        *,
        reader: WordReader,
        moods: MoodService,
        settings: SettingsService,
        library: Callable[[], Library],
        tokens: Callable[[], str],
    ) -> None:
        self._reader = reader
        self._moods = moods
        self._settings = settings
        self._library = library
        self._tokens = tokens

    async def begin(self, guild_id: str, form: MoodForm, words: str) -> MoodPlan:
        """A new draft of these words; without a label it is to be named before it is saved.

        Raises BadEntry for what cannot be taken, DatabaseDown.
        """
        draft = MoodDraft(draft_id=self._tokens(), at=now())
        if form.label.strip():
            await self._fill(guild_id, draft, form)
        await self._put_words(guild_id, draft, words)
        return await self._kept(guild_id, draft)

    async def begin_edit(self, guild_id: str, key: str) -> MoodPlan:
        """A draft of a mood as it is now. Raises Gone("mood"), DatabaseDown."""
        mood = await stored_mood(guild_id, (await self.find(guild_id, key)).key)
        return await self._kept(guild_id, draft_of(mood, self._tokens()))

    async def draft(self, guild_id: str, draft_id: str) -> MoodPlan:
        """A draft of this server. Raises Gone("draft"), DatabaseDown."""
        return await self._view(guild_id, await stored_draft(guild_id, draft_id))

    async def rename(self, guild_id: str, draft_id: str, form: MoodForm) -> MoodPlan:
        """The draft under the names of a form. Raises BadEntry, Gone("draft"), DatabaseDown."""
        draft = await stored_draft(guild_id, draft_id)
        await self._fill(guild_id, draft, form)
        return await self._kept(guild_id, draft)

    async def reword(self, guild_id: str, draft_id: str, words: str) -> MoodPlan:
        """The draft with the ranges of other words. Raises BadEntry, Gone("draft"), DatabaseDown."""
        draft = await stored_draft(guild_id, draft_id)
        await self._put_words(guild_id, draft, words)
        return await self._kept(guild_id, draft)

    async def redraw(self, guild_id: str, draft_id: str, ranges: str) -> MoodPlan:
        """The draft with ranges as they are written axis by axis. Raises BadEntry, Gone("draft"), DatabaseDown."""
        draft = await stored_draft(guild_id, draft_id)
        draft.defaults, draft.words = defaults_of(read_ranges(ranges)), ""
        return await self._kept(guild_id, draft)

    async def preview(self, guild_id: str, draft: MoodPlan) -> MoodPreview:
        """What the draft would play on this server. Raises DatabaseDown."""
        rules = await self._settings.of(guild_id)
        limits = Rules(clean=rules.clean, genres_out=rules.genres_out, artists_out=rules.artists_out)
        same = {draft.key, draft.edits}
        others = [word for word in await self._moods.words(guild_id, rules) if word.key.rpartition(":")[2] not in same]
        return await asyncio.to_thread(lambda: preview(self._library(), draft.ranges, others, limits))

    async def save(self, guild_id: str, draft_id: str) -> MoodView:
        """The mood of the draft, in the server's list from now on; saved twice it is one.

        Raises BadEntry when its name is missing or taken, TooMany("moods"), Gone("draft"), DatabaseDown.
        """
        draft = await stored_draft(guild_id, draft_id)
        if not draft.label:
            raise BadEntry(field="label", reason="empty")
        await self._check_name(guild_id, draft)
        await write_mood(guild_id, draft)
        with guarded():
            await GuildSettings.drop_draft(guild_id, draft_id)
        return await self.find(guild_id, draft.key)

    async def discard(self, guild_id: str, draft_id: str) -> None:
        """Forget a draft. Raises DatabaseDown."""
        with guarded():
            await GuildSettings.drop_draft(guild_id, draft_id)

    async def find(self, guild_id: str, key: str) -> MoodView:
        """A mood of the server by its key, with or without the server's id, or by its label.

        Raises Gone("mood"), DatabaseDown.
        """
        return await self._moods.named(guild_id, key, hidden=True)

    async def remove(self, guild_id: str, key: str) -> Removed:
        """Takes one of the server's own moods out, to be put back if need be. Raises Gone("mood"), DatabaseDown."""
        mood = await stored_mood(guild_id, (await self.find(guild_id, key)).key)
        if mood.guild_id != guild_id:
            raise Gone(what="mood")
        draft = draft_of(mood, self._tokens())
        draft.edits, draft.removed = None, True
        with guarded():
            await GuildSettings.keep_draft(guild_id, draft)
            gone = await Mood.drop(guild_id, mood.plain_key)
            await GuildSettings.show_mood(guild_id, mood.plain_key)
        if not gone:
            raise Gone(what="mood")
        return Removed(draft_id=draft.draft_id, label=mood.label, back=await built_in_label(mood.plain_key))

    async def put_back(self, guild_id: str, draft_id: str) -> MoodView:
        """A removed mood as it was. Raises BadEntry when its name is taken by now, TooMany, Gone, DatabaseDown."""
        draft = await stored_draft(guild_id, draft_id, removed=True)
        await self._check_name(guild_id, draft)
        await write_mood(guild_id, draft)
        with guarded():
            await GuildSettings.drop_draft(guild_id, draft_id)
        return await self.find(guild_id, draft.key)

    async def hide(self, guild_id: str, key: str) -> MoodView:
        """Leaves a mood out of this server's list, and of no other's. Raises Gone("mood"), DatabaseDown."""
        return await self._set_hidden(guild_id, key, GuildSettings.hide_mood)

    async def show(self, guild_id: str, key: str) -> MoodView:
        """Puts a hidden mood into the list again. Raises Gone("mood"), DatabaseDown."""
        return await self._set_hidden(guild_id, key, GuildSettings.show_mood)

    async def _set_hidden(self, guild_id: str, key: str, change: Callable[[str, str], Awaitable[None]]) -> MoodView:
        mood = await self.find(guild_id, key)
        with guarded():
            await change(guild_id, plain_key(guild_id, mood.key))
        return await self.find(guild_id, mood.key)

    async def _put_words(self, guild_id: str, draft: MoodDraft, words: str) -> None:
        """Reads the ranges of the words into the draft. Raises BadEntry("words") when they say nothing of the sound."""
        words = " ".join(readable(words).split())
        if not words:
            raise BadEntry(field="words", reason="empty")
        if len(words) > WORDS_LIMIT:
            raise BadEntry(field="words", reason="too_long", entry=words, hints=(str(WORDS_LIMIT),))
        vibe = await self._reader.read(words, await self._moods.words(guild_id))
        ranges = ranges_of(vibe)
        if not ranges:
            raise BadEntry(field="words", reason="no_range", entry=words)
        draft.words, draft.defaults = words, defaults_of(ranges)

    async def _fill(self, guild_id: str, draft: MoodDraft, form: MoodForm) -> None:
        """Takes the names of a form over, and finds the word that they are made of. Raises BadEntry, TooMany."""
        _take_names(draft, form)
        base = await self._base_of(draft.label)
        if base is not None and fold(base) not in map(fold, draft.aliases):
            draft.aliases.append(base)
        await self._check_name(guild_id, draft)

    async def _base_of(self, label: str) -> str | None:
        """The word that a label is an inflection of, "headbang" of "Headbanging", if it means nothing else."""
        for base, _, _ in stems(fold(label)) if fold(label).isalpha() else ():
            read = await self._reader.read(base, ())
            if read.unknown == (base,) and not read.understood:
                return base
        return None

    async def _check_name(self, guild_id: str, draft: MoodDraft) -> None:
        """That nobody else has the name, that the parser hears it, and that there is room. Raises BadEntry, TooMany."""
        with guarded():
            moods = await Mood.for_guild(guild_id)
        others = [mood for mood in moods if mood.plain_key not in (draft.key, draft.edits)]
        taken = next((mood for mood in moods if mood.plain_key == draft.key and draft.key != draft.edits), None)
        if taken is not None and taken.guild_id is not None:
            raise BadEntry(field="key", reason="taken", entry=draft.key, hints=(taken.label,))
        if taken is None and draft.edits is None and len(moods) >= MOST_MOODS:
            raise TooMany(what="moods", limit=MOST_MOODS)
        for field, name in (("label", draft.label), *(("aliases", alias) for alias in draft.aliases)):
            owner = next((mood for mood in others if fold(name) in map(fold, (mood.label, *mood.aliases))), None)
            if owner is not None:
                raise BadEntry(field=field, reason="taken", entry=name, hints=(owner.label,))
            await self._check_heard(field, name)

    async def _check_heard(self, field: str, name: str) -> None:
        """That a request with this name in it is understood, and that requests without the mood are not spoilt."""
        word = MoodWord(key="0:name", label=name, defaults=(AxisRange(axis="energy", low=0.5),))
        if not any(piece.source == "moods" for piece in (await self._reader.read(name, (word,))).evidence):
            raise BadEntry(field=field, reason="unheard", entry=name)
        bare = await self._reader.read(name, ())
        if not bare.understood and not bare.unknown:
            raise BadEntry(field=field, reason="everyday", entry=name)

    async def _kept(self, guild_id: str, draft: MoodDraft) -> MoodPlan:
        with guarded():
            await GuildSettings.keep_draft(guild_id, draft)
        return await self._view(guild_id, draft)

    async def _view(self, guild_id: str, draft: MoodDraft) -> MoodPlan:
        ranges = ranges_in(draft.defaults)
        vibe = await self._reader.read(draft.words, await self._moods.words(guild_id)) if draft.words else Vibe()
        return MoodPlan(
            draft_id=draft.draft_id,
            key=draft.key,
            label=draft.label,
            icon=draft.icon,
            order=draft.order,
            aliases=tuple(draft.aliases),
            ranges=ranges,
            words=draft.words,
            heard=chips(vibe, draft.words),
            unknown=vibe.unknown,
            unused=not_of_a_mood(vibe),
            edits=draft.edits,
            stands_for=await built_in_label(draft.key) if draft.key else None,
        )


def _take_names(draft: MoodDraft, form: MoodForm) -> None:
    """Takes the names of a form over. Raises BadEntry."""
    label = label_of(form.label)
    written_key = form.key or (draft.edits or "")
    icons = emoji_in(form.icon, own=frozenset(), field="icon")
    if len(icons) > 1:
        raise BadEntry(field="icon", reason="too_many", entry=form.icon.strip(), hints=("1",))
    draft.aliases = list(aliases_of(form.aliases, label))
    draft.order = order_of(form.order)
    draft.key = key_of(written_key, label, draft.draft_id)
    draft.label, draft.icon = label, icons[0] if icons else USUAL_ICON
