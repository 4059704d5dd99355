"""The picture of a posted card: found again, and kept when the card is edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

PICTURE = "energy.png"
"""The name of the attached picture."""


class KeptPicture(discord.Attachment):
    """A picture that is already at a message. An edit keeps it when it is named with both its id and its name."""

    def __init__(self, attachment_id: int) -> None:
        self.id = attachment_id
        self.filename = PICTURE

    def to_dict(self) -> Any:
        """As Discord wants what is to be kept."""
        return {"id": str(self.id), "filename": self.filename}


def kept_picture(message: discord.Message) -> KeptPicture | None:
    """The picture that the card shows, None without one.

    It is read from the card: Discord does not list what a component shows among the attachments of a message
    (discord-api-docs pull request 8279).
    """
    for part in _walk(message.components):
        if isinstance(part, discord.MediaGalleryComponent):
            for item in part.items:
                if item.media.attachment_id is not None:
                    return KeptPicture(item.media.attachment_id)
    return None


def _walk(parts: Iterable[discord.Component]) -> Iterable[discord.Component]:
    for part in parts:
        yield part
        yield from _walk(getattr(part, "children", ()))
