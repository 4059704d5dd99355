"""What members read at the other doors: mentions, direct messages, the message menu, /again, and the kind limits."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage

_EXAMPLES = ("rainy sunday, soft piano", "gym, 150 bpm, no rap", "80s road trip that builds up")


class DoorTexts:
    """English. `until` is shown by Discord in the member's own time."""

    AGAIN_NAME: ClassVar[str] = "again"
    AGAIN_DESCRIPTION: ClassVar[str] = "Your last playlist here once more, with other songs"
    AGAIN_ONLY_ME: ClassVar[str] = "Show it to nobody but me"
    FROM_MESSAGE: ClassVar[str] = "Playlist from this message"

    def door_help(self, *, private: bool) -> ErrorMessage:
        """The answer to an empty mention."""
        where = "Write to me here" if private else "Mention me with a few words, or type `/vibe`"
        return ErrorMessage(
            title="Tell me how the music should feel",
            cause=f"{where}: a mood, a scene, a genre, an era, a length, and what to leave out.",
            step="These work:",
            tries=_EXAMPLES,
        )

    def no_words_in_message(self) -> ErrorMessage:
        """A message without text was chosen in the menu."""
        return ErrorMessage(
            title="There are no words in that message",
            cause="I make a playlist out of what a message says, and this one has only pictures, files or cards.",
            step="Choose a message with text, or say it yourself with `/vibe`.",
        )

    def nothing_to_repeat(self) -> ErrorMessage:
        """/again without a playlist before it."""
        return ErrorMessage(
            title="You have no playlist here yet",
            cause="I looked for your last one in this channel and this server.",
            step="Ask for one with `/vibe`, or look through yours with `/history`.",
        )

    def too_often(self, until: datetime, *, most: int, server: bool) -> ErrorMessage:
        """The limit of a member or of a server is used up."""
        whose = "Members of this server" if server else "You"
        return ErrorMessage(
            title="One moment, please",
            cause=f"{whose} asked for {most} playlists within a minute, and that is as many as I make.",
            step=f"The next one is possible {_in(until)}. Ratings and reactions always count.",
        )

    def one_at_a_time(self, until: datetime) -> ErrorMessage:
        """The member's last request is still under way."""
        return ErrorMessage(
            title="I am still at your last one",
            cause="I make one playlist at a time for each of you.",
            step=f"Ask again when it stands there, or {_in(until)} at the latest.",
        )

    def being_erased(self) -> ErrorMessage:
        """Everything about the member is being deleted."""
        return ErrorMessage(
            title="Your data is being deleted",
            cause="While that goes on I store nothing new about you, so I made nothing.",
            step="Try again in a minute: you start anew then.",
        )


def _in(until: datetime) -> str:
    # A second more: Discord counts whole ones, and must not promise too early.
    return f"<t:{int(until.timestamp()) + 1}:R>"
