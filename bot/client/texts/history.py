"""What members read about their own playlists: /history, and what its buttons do."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage


class HistoryTexts:
    """English. Names are already safe to show; times are shown by Discord in the member's own."""

    HISTORY_NAME: ClassVar[str] = "history"
    HISTORY_DESCRIPTION: ClassVar[str] = "Your own playlists: open, run again, rename or delete them"
    CHOOSE_PLAYLIST: ClassVar[str] = "Choose a playlist"
    OPEN_PAST: ClassVar[str] = "Open"
    RUN_AGAIN: ClassVar[str] = "Run again"
    RENAME_PAST: ClassVar[str] = "Rename"
    DELETE_PAST: ClassVar[str] = "Delete"
    RESTORE_PAST: ClassVar[str] = "Put it back"
    ALL_PLAYLISTS: ClassVar[str] = "All playlists"
    NEW_NAME: ClassVar[str] = "New name"

    def history(self, total: int) -> str:
        """The heading over the list."""
        return "Your playlists" if total != 1 else "Your playlist"

    def history_note(self, page: int, pages: int, total: int) -> str:
        """Which page this is; `page` counts from 1."""
        count = f"{total} playlist{'' if total == 1 else 's'}"
        return f"{count} · page {page} of {pages}" if pages > 1 else count

    def no_history(self) -> str:
        """That there is none yet."""
        return "You have none yet. Ask for one with `/vibe`, and it will stand here."

    def unnamed(self) -> str:
        """A playlist whose name was made of words that are no longer kept."""
        return "A playlist"

    def past_made(self, moment: datetime | None, songs: int, *, only_me: bool) -> str:
        """When it was made, how long it is, and who saw it."""
        when = f"<t:{int(moment.timestamp())}:f> · " if moment is not None else ""
        seen = " · only you see it" if only_me else ""
        return f"{when}{songs} song{'' if songs == 1 else 's'}{seen}"

    def past_place(self, address: str) -> str:
        """The way to its message."""
        return f"[Go to its card]({address})"

    def past_renamed(self) -> str:
        """That the new name is kept."""
        return "Renamed. Its card shows the new name when its page is turned."

    def past_deleted(self, name: str) -> str:
        """That it is gone, and for how long it can be put back."""
        return f"**{name}** is deleted. For a day you can put it back; then it is gone for good."

    def past_restored(self) -> str:
        """That it is there again."""
        return "It is back."

    def no_name(self) -> ErrorMessage:
        """An empty name was written."""
        return ErrorMessage(
            title="A playlist needs a name",
            cause="There was nothing to be seen in what you wrote.",
            step="Press **Rename** once more and write up to 60 characters.",
        )
