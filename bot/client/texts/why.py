"""What members read about why songs are in a set, why one is not, and about taking back what made the set."""

from __future__ import annotations

from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage
from bot.client.texts.facts.sentences import told
from bot.facts import Fact


class WhyTexts:
    """English, a part of `Messages`. Arguments are already safe to show."""

    WHY: ClassVar[str] = "Why"
    WHY_NOT: ClassVar[str] = "Why not that song?"
    WHY_NOT_SONG: ClassVar[str] = "Which song do you miss?"
    WHY_NOT_HOW: ClassVar[str] = "Its title, or a part of it; “Title by Artist” where there are many"

    def why(self, name: str) -> str:
        """The heading over the reasons."""
        return f"Why these songs · {name}"

    def why_note(self) -> str:
        """How to read the bars."""
        return "Each bar is one part of a song's score: full is a perfect fit."

    def part(self, name: str) -> str:
        """A part of the score, by the name the engine gives it."""
        return name.replace("_", " ")

    def no_reason(self) -> str:
        """A song whose reasons were not kept."""
        return "No reasons were kept for this one."

    def told(self, fact: Fact) -> str:
        """A reason, a note or what else is told of a set, as plain text: escape it."""
        return told(fact)

    def why_not(self, name: str) -> str:
        """The heading over the answer for songs that are not in the set."""
        return f"Why not that song · {name}"

    def why_not_more(self, count: int) -> str:
        """Songs of that title that did not fit on the card."""
        songs = "one more song" if count == 1 else f"{count} more songs"
        return f"There {'is' if count == 1 else 'are'} {songs} like that. Name the artist too: “Title by Artist”."

    def no_such_song(self, asked: str) -> ErrorMessage:
        """No song of the catalogue is called that."""
        return ErrorMessage(
            title=f"I have no song called “{asked}”",
            cause="It is not in the catalogue that I choose from.",
            step="Is it spelled like that? A part of the title will do.",
        )

    # Taking back what made a set

    def undoing(self) -> str:
        """The heading while the set before is brought back."""
        return "Back to the playlist before"

    def brought_back(self, name: str) -> str:
        """Why this set stands here once more; `name` is the one that was taken back."""
        return f"Back again: “{name}” is undone, and the next step starts from here." if name else "Back again."
