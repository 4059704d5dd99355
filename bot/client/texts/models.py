"""What the owner of the application reads about learned weights: `/models`."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage


class ModelTexts:
    """English. Versions are already safe to show; times are shown by Discord in the reader's own."""

    MODELS_NAME: ClassVar[str] = "models"
    MODELS_DESCRIPTION: ClassVar[str] = "For whoever runs this bot: what it learned from ratings, and the way back"
    MODELS_LIST_NAME: ClassVar[str] = "list"
    MODELS_LIST: ClassVar[str] = "Show the learned weights, and which are used"
    MODELS_ACTIVATE_NAME: ClassVar[str] = "activate"
    MODELS_ACTIVATE: ClassVar[str] = "Use these weights from the next playlist on"
    MODELS_VERSION: ClassVar[str] = "Which weights"
    MODELS_ROLLBACK_NAME: ClassVar[str] = "rollback"
    MODELS_ROLLBACK: ClassVar[str] = "Go back to the weights that were used before"

    def models(self) -> str:
        """The heading over the list."""
        return "The ranker's weights"

    def models_note(self) -> str:
        """What the list is about."""
        return "How much each part of a song's score counts. The next playlist is made with the weights in use."

    def no_models_yet(self) -> str:
        """Nothing is in the list."""
        return (
            "Nothing was learned yet: the weights that come with the bot are in use. New ones are trained by night "
            "once enough was rated, or with `python -m bot train`."
        )

    def model_line(self, version: str, state: str, gain: float | None, moment: datetime | None) -> str:
        """One version: whether it is used, by how much it ranked better when it was made, and since when."""
        marks = {"used": "▶️ in use", "rolled back": "rolled back", "kept": "kept"}
        better = "" if gain is None else f" · AUC {gain:+.3f}"
        since = "" if moment is None else f" · <t:{int(moment.timestamp())}:R>"
        return f"**{version}** · {marks[state]}{better}{since}"

    def model_damaged(self, cause: str) -> str:
        """That a version cannot be used."""
        return f"⚠️ damaged: {cause}"

    def model_activated(self, version: str) -> str:
        """That other weights are used now."""
        return f"**{version}** is used from the next playlist on."

    def model_rolled_back(self, left: str, used: str) -> str:
        """That older weights are used again."""
        return f"Rolled back from **{left}**. **{used}** is used from the next playlist on."

    def no_model(self, version: str, reason: str) -> ErrorMessage:
        """A version that cannot be put to use."""
        causes = {
            "unknown": f"There are no weights called “{version}”.",
            "damaged": f"What is stored of “{version}” was damaged.",
            "first": f"“{version}” is the first one: there is nothing before it.",
        }
        step = "See which there are with `/models list`."
        return ErrorMessage(title="These weights cannot be used", cause=causes[reason], step=step)

    def not_owner(self) -> ErrorMessage:
        """Somebody else than the owner of the application asked."""
        return ErrorMessage(
            title="This is for whoever runs this bot",
            cause="Only the owner of its application may look at the models, or change them.",
            step="Ask for a playlist with `/vibe`; what you rate teaches the bot all the same.",
        )
