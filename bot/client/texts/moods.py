"""What moderators read about moods. Arguments are already safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage
from bot.client.texts.facts.sentences import told
from bot.facts import Fact


class MoodTexts:
    """English, a part of `Messages`."""

    MOODS_PLAY: ClassVar[str] = "Play this one at once"
    MOOD_GROUP: ClassVar[str] = "mood"
    MOOD_GROUP_DESCRIPTION: ClassVar[str] = "The moods of this server: add, change, hide, remove (moderators)"
    MOOD_ADD: ClassVar[str] = "Make a mood of this server's own"
    MOOD_EDIT: ClassVar[str] = "Change a mood for this server, the built-in ones too"
    MOOD_REMOVE: ClassVar[str] = "Take one of this server's own moods out of the list"
    MOOD_PREVIEW: ClassVar[str] = "See what a mood would play here, before anything is saved"
    MOOD_DISABLE: ClassVar[str] = "Hide a mood from this server's list"
    MOOD_ENABLE: ClassVar[str] = "Show a hidden mood in this server's list again"
    MOOD_LIST: ClassVar[str] = "All moods of this server, hidden ones too, to change them"
    MOOD_WHICH: ClassVar[str] = "Which mood"
    MOOD_WORDS: ClassVar[str] = "How it sounds, in words: “dark, fast-ish, synths”"

    def mood_hint(self) -> str:
        """Under the list of moods, for moderators."""
        return "Moderators: `/mood add` makes one for this server, `/mood list` changes them."

    # The forms

    NEW_MOOD: ClassVar[str] = "A new mood"
    FORM_TITLES: ClassVar[dict[str, str]] = {
        "words": "How it sounds",
        "ranges": "Ranges, axis by axis",
        "names": "Name, icon, place",
    }
    FIELD_LABEL: ClassVar[str] = "Name"
    FIELD_LABEL_HINT: ClassVar[str] = "What members will write, in any form: “cozy” is found in “cozier” too"
    FIELD_LABEL_EXAMPLE: ClassVar[str] = "Dungeon crawl"
    FIELD_WORDS: ClassVar[str] = "How it sounds, in words"
    FIELD_WORDS_HINT: ClassVar[str] = (
        "Moods, tempo, sounds, what it is for. You see what I understood before it is saved"
    )
    FIELD_WORDS_EXAMPLE: ClassVar[str] = "dark, fast-ish, synths"
    FIELD_ICON: ClassVar[str] = "Icon"
    FIELD_ICON_HINT: ClassVar[str] = "One emoji"
    FIELD_ALIASES: ClassVar[str] = "Other words for it"
    FIELD_ALIASES_HINT: ClassVar[str] = "Separated by commas"
    FIELD_ALIASES_EXAMPLE: ClassVar[str] = "boss fight, combat"
    FIELD_ORDER: ClassVar[str] = "Place in the list"
    FIELD_ORDER_HINT: ClassVar[str] = "A number from 1 to 99; empty is the end"
    FIELD_KEY: ClassVar[str] = "Key"
    FIELD_KEY_HINT: ClassVar[str] = "A short name for lists; the key of a built-in mood stands in for it here"
    FIELD_RANGES: ClassVar[str] = "A line for each axis"
    FIELD_RANGES_HINT: ClassVar[str] = "“0.6 or more”, “0.2 to 0.5”, “any”. Tempo in BPM, loudness in dB, others 0 to 1"

    # The draft

    UNNAMED: ClassVar[str] = "A mood without a name"

    def draft_state(self, key: str | None, order: int | None, *, edits: bool, stands_for: str | None) -> str:
        """What this draft is, and that it is not saved."""
        parts = ["a change" if edits else "a new mood", "not saved yet"]
        if key:
            parts.append(f"key `{key}`")
        if order is not None:
            parts.append(f"place {order}")
        if stands_for:
            parts.append(f"stands in for the built-in {stands_for} on this server only")
        return " · ".join(parts)

    def draft_aliases(self, names: str) -> str:
        """The other words for it."""
        return f"Also understood: {names}"

    def draft_unused(self, names: str) -> str:
        """What a mood cannot hold."""
        return f"A mood only holds how songs sound. If it has to be {names}, say so beside the mood, in `/vibe`."

    def draft_unknown(self, chips: str) -> str:
        """Words that were not understood."""
        return f"I do not know {chips}."

    def mood_means(self, meaning: Sequence[Fact]) -> str:
        """What a mood asks for on one line: "danceable, high energy, bright"."""
        return ", ".join(map(told, meaning))

    def draft_range(self, axis: str, said: str, meaning: str) -> str:
        """One axis."""
        return f"`{axis}` {said} · {meaning}"

    def draft_fits(self, fits: int, total: int) -> str:
        """How many songs fit."""
        if not total:
            return "There are no songs here yet, so there is nothing to preview. Bring some in with `/library import`."
        return f"**{fits:,} of {total:,} songs** here lie within all of that."

    def draft_few(self, usual: int) -> str:
        """That there are fewer than a set needs."""
        return f"A usual set has {usual} songs, so I would have to stretch the ranges. Wider ones play better."

    def draft_best(self) -> str:
        """Over the ten songs."""
        return "It would play, for example:"

    def draft_overlap(self, label: str, share: float) -> str:
        """The nearest mood; `share` of the songs that fit either fit both."""
        near = "Almost the same as" if share >= 0.6 else "Nearest mood:"
        return f"{near} **{label}**: of the songs that fit either, {share:.0%} fit both."

    def draft_also(self, others: Sequence[tuple[str, float]]) -> str:
        """The moods after the nearest."""
        return "Then " + ", ".join(f"{label} ({share:.0%})" for label, share in others) + "."

    def draft_alone(self) -> str:
        """That no other mood has the same songs."""
        return "No other mood of this server plays these songs."

    SAVE: ClassVar[str] = "Save"
    NAME_IT: ClassVar[str] = "Name it"
    DISCARD: ClassVar[str] = "Discard"
    CHANGE_WORDS: ClassVar[str] = "Words"
    CHANGE_RANGES: ClassVar[str] = "Ranges"
    CHANGE_NAMES: ClassVar[str] = "Name, icon, place"

    def mood_saved(self, label: str) -> str:
        """That it is in the list now."""
        example = f"“{label}, 30 minutes”"
        return f"**{label}** is saved. It is in `/moods`, and `/vibe` understands it from now on: {example}."

    def mood_saved_elsewhere(self) -> str:
        """Whom it concerns."""
        return "Only this server has it."

    def draft_discarded(self) -> str:
        """That nothing was saved."""
        return "Discarded. Nothing has changed."

    # Removing and hiding

    REMOVE: ClassVar[str] = "Remove"
    KEEP: ClassVar[str] = "Keep it"
    HIDE: ClassVar[str] = "Hide it here"
    SHOW: ClassVar[str] = "Show it again"
    PUT_BACK: ClassVar[str] = "Put it back"
    EDIT: ClassVar[str] = "Change it"

    def ask_removal(self, label: str) -> tuple[str, str]:
        """Question and consequence."""
        return (
            f"Remove {label}?",
            "It leaves this server's list, and `/vibe` no longer knows it. Playlists that were made with it stay.",
        )

    def not_removable(self, label: str) -> tuple[str, str]:
        """That a built-in mood stays."""
        return (
            f"{label} is built in",
            "It is there for every server, so it cannot be removed. You can hide it from this server's list.",
        )

    def kept(self, label: str) -> str:
        """That it was not removed."""
        return f"**{label}** stays as it is."

    def removed(self, label: str, back: str | None) -> str:
        """That it is gone."""
        return f"**{label}** is removed." + (f" The built-in {back} is back in its place." if back else "")

    def put_back(self, label: str) -> str:
        """That it is there again."""
        return f"**{label}** is back, as it was."

    def hidden(self, label: str) -> str:
        """That it is hidden here."""
        return f"**{label}** is hidden from this server's list. Other servers still have it."

    def shown_again(self, label: str) -> str:
        """That it is to be seen again."""
        return f"**{label}** is in this server's list again."

    # The moderators' list

    def mood_list(self, count: int, most: int) -> tuple[str, str]:
        """Heading and first line."""
        return "Moods of this server", f"{count} of {most} · choose one to change it, or make one with `/mood add`"

    def mood_mark(self, *, own: bool, hidden: bool) -> str:
        """What is special about a mood of the list."""
        return " · ".join(mark for mark, true in (("own", own), ("hidden", hidden)) if true)

    CHANGE_A_MOOD: ClassVar[str] = "Change a mood"

    # What cannot be taken

    def bad_mood_entry(self, field: str, reason: str, entry: str, hints: Sequence[str]) -> ErrorMessage | None:
        """A field of one of these forms; None when it is none of them."""
        first = hints[0] if hints else ""
        said = _REASONS.get((field, reason))
        if said is None:
            return None
        title, cause, step = (text.format(entry=entry, hint=first, hints=", ".join(hints)) for text in said)
        return ErrorMessage(title=title, cause=cause, step=step)


_REASONS = {
    ("label", "empty"): (
        "The mood needs a name",
        "There was no letter or digit in it.",
        "Write what members would say, such as “dungeon crawl”.",
    ),
    ("label", "too_long"): (
        "That name is too long",
        "“{entry}” has more than {hint} characters.",
        "Shorten it; other words for it go into their own field.",
    ),
    ("label", "taken"): (
        "That name is taken",
        "“{entry}” is already understood as {hint}.",
        "Choose another name, or change that mood with `/mood edit`.",
    ),
    ("label", "unheard"): (
        "I would not hear that name in a request",
        "“{entry}” is read as something else in a sentence.",
        "Choose a name that stands for itself.",
    ),
    ("label", "everyday"): (
        "That word is in every second request",
        "“{entry}” is said without meaning a mood, so other requests would be misunderstood.",
        "Choose a name that is only said for this mood.",
    ),
    ("aliases", "too_long"): (
        "One of the other words is too long",
        "“{entry}” has more than {hint} characters.",
        "Shorten it.",
    ),
    ("aliases", "too_many"): (
        "Those are too many words for one mood",
        "A mood has up to {entry} words beside its name.",
        "Leave out endings: “cozy” is found in “cozier” and “coziness” anyway.",
    ),
    ("aliases", "taken"): (
        "One of the other words is taken",
        "“{entry}” is already understood as {hint}.",
        "Leave it out, or change that mood with `/mood edit`.",
    ),
    ("aliases", "unheard"): (
        "I would not hear one of the other words",
        "“{entry}” is read as something else in a sentence.",
        "Leave it out.",
    ),
    ("aliases", "everyday"): (
        "One of the other words is in every second request",
        "“{entry}” is said without meaning a mood, so other requests would be misunderstood.",
        "Leave it out.",
    ),
    ("key", "unknown"): (
        "That key cannot be used",
        "“{entry}” does not begin with a letter from a to z.",
        "Leave the field empty, and I make one of the name.",
    ),
    ("key", "taken"): (
        "That key is taken",
        "{hint} has the key {entry} on this server.",
        "Choose another key, or change that mood with `/mood edit`.",
    ),
    ("icon", "not_emoji"): (
        "The icon has to be an emoji",
        "“{entry}” is none.",
        "Pick one from the emoji keyboard, or leave the field empty.",
    ),
    ("icon", "foreign_emoji"): (
        "The icon has to be an emoji that everybody has",
        "Emoji of a server do not show in every list.",
        "Pick one from the emoji keyboard, or leave the field empty.",
    ),
    ("icon", "too_many"): ("One emoji is enough", "“{entry}” are several.", "Choose one of them."),
    ("order", "outside"): (
        "That is no place in the list",
        "“{entry}” is not a number from {hint}.",
        "Write such a number, or leave the field empty for the end of the list.",
    ),
    ("words", "empty"): (
        "There were no words in that",
        "A mood is how songs sound.",
        "Write it in words, such as “dark, fast-ish, synths”.",
    ),
    ("words", "too_long"): ("Those are too many words", "I read up to {hint} characters.", "Say it shorter."),
    ("words", "no_range"): (
        "That does not say how it sounds",
        "I found no mood, tempo or sound in “{entry}”.",
        "Say it with words such as dark, bright, calm, lively, slow, fast, acoustic, electronic or danceable.",
    ),
    ("ranges", "empty"): (
        "Every axis is “any”",
        "Then the mood would be every song.",
        "Give at least one axis a range, such as “energy: 0.6 or more”.",
    ),
    ("ranges", "unknown"): (
        "I do not know that axis",
        "“{entry}” begins with none of {hints}.",
        "Write each line as it stood: the axis, a colon, the range.",
    ),
    ("ranges", "twice"): ("One axis is there twice", "“{entry}” comes after another line on it.", "Keep one of them."),
    ("ranges", "not_a_range"): (
        "I cannot read one of the ranges",
        "“{entry}”",
        "Write it as “0.6 or more”, “0.4 or less”, “0.2 to 0.5” or “any”.",
    ),
    ("ranges", "outside"): (
        "One of the ranges leaves its axis",
        "“{entry}”: this axis goes from {hint}.",
        "Stay within that.",
    ),
    ("ranges", "reversed"): ("One of the ranges is upside down", "“{entry}”", "Write the lower number first."),
}
