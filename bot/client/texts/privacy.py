"""What members read about their data: /privacy, in plain words, and what its buttons do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage

_KINDS = {
    "requests": ("request", "requests"),
    "sessions": ("record of how a playlist came about", "records of how playlists came about"),
    "cards": ("note of where a card stands", "notes of where cards stand"),
    "playlists": ("playlist", "playlists"),
    "feedback": ("rating", "ratings"),
    "groups": ("share in a playlist for several", "shares in playlists for several"),
    "library": ("song of your library", "songs of your library"),
    "accounts": ("linked account", "linked accounts"),
    "links": ("link that you had begun", "links that you had begun"),
    "schedules": ("schedule, which goes on without your name", "schedules, which go on without your name"),
}
"""The kinds of documents by the names that the export has for them: one of them, and several."""


_EXPORTED = """This is everything that Vibrato keeps about you, as of {moment}.

vibrato.json     all of it, for programs
*.csv            one table for each kind, for people and spreadsheets

requests         what you asked for. The words are deleted after 90 days; what was understood stays
playlists        the playlists that were made for you, with their songs
published        where on Spotify they were saved, and what you saved on your own account
saved            which playlists you saved on the account of a server
sessions         how each of them came about
feedback         what you pressed, reacted and rated
groups           sets that were for you and others: how each fitted you, and your taste as it was then
library          songs in your library, where you linked an account or brought a file, and how often you skipped them
accounts         which accounts are linked. The keys to them are stored encrypted, and are not in this file
cards            which message shows which of your playlists
schedules        vibes that you set up for a server
links            links that you began in the last minutes and have not ended
limits           how often you asked in the last minute
profile          your Discord id, name, and how you like playlists to be made
songs            the songs that the others name
{left_out}
Times are in UTC. In the CSV files an apostrophe stands before what a spreadsheet would take for a formula.
"""
_LEFT_OUT = """
The songs that were considered and not chosen are left out of sessions: with them this file would be too large.
"""


class PrivacyTexts:
    """English."""

    PRIVACY_NAME: ClassVar[str] = "privacy"
    PRIVACY_DESCRIPTION: ClassVar[str] = "What I keep about you: see it, take it with you, delete it, pause learning"
    COPY_MY_DATA: ClassVar[str] = "Give me a copy"
    DELETE_EVERYTHING: ClassVar[str] = "Delete everything"
    YES_DELETE: ClassVar[str] = "Yes, delete everything about me"
    KEEP_MY_DATA: ClassVar[str] = "Keep it"
    PAUSE_LEARNING: ClassVar[str] = "Pause learning"
    RESUME_LEARNING: ClassVar[str] = "Resume learning"

    def privacy_heading(self) -> str:
        """The heading."""
        return "What I keep about you"

    def data_kept(self, requests: int, playlists: int, ratings: int) -> str:
        """How much there is."""
        counted = ((requests, "request"), (playlists, "playlist"), (ratings, "rating"))
        if not any(count for count, _ in counted):
            return "At the moment: **nothing**."
        told = ", ".join(f"**{count}** {name}{'' if count == 1 else 's'}" for count, name in counted)
        return f"At the moment: {told}."

    def data_rules(self) -> Sequence[str]:
        """What is kept and how long, a line for each thing."""
        asked = (
            "**What you ask:** your words for 90 days, and names made of them. What I understood of them "
            "(“calm, piano, one hour”) and the playlists stay until you delete them."
        )
        read = (
            "**Messages:** I read only those that mention me, those you send me here, and one that you choose from "
            "a message's menu. Of a message that somebody else wrote I keep no word."
        )
        return (
            "**Who you are:** your Discord id and the name you show, until you delete them.",
            asked,
            "**What you press and rate:** until you delete it. It is how your playlists get better.",
            "**How often you asked:** for an hour or two.",
            "**Your Spotify account and songs**, only if you link or upload them: until you unlink or delete them.",
            read,
            "**Nobody else gets any of it**, nothing is sold, and no cloud model reads your words.",
        )

    def learning_state(self, *, on: bool) -> str:
        """Whether feedback teaches anything."""
        if on:
            return "**Learning is on:** what you rate shapes your next playlists."
        return (
            "**Learning is paused:** what you rate now teaches nothing, also later. "
            "Songs you never want to hear again still stay away."
        )

    def ask_to_delete(self) -> tuple[str, Sequence[str]]:
        """The question before everything is deleted."""
        gone = (
            "Your requests, playlists, ratings, linked accounts and settings go at once and for good. "
            "There is no way back, so take a copy first if you want one."
        )
        stays = (
            "Cards that stand in channels stay there as messages, and their buttons stop working. Playlists that "
            "others made from yours stay theirs, without your words."
        )
        return "Delete everything about you?", (gone, stays)

    def nothing_deleted(self) -> str:
        """The question was answered with no."""
        return "Nothing was deleted."

    def data_erased(self, counts: Sequence[tuple[str, int]]) -> str:
        """What went."""
        told = [f"{count} {_KINDS[name][count != 1]}" for name, count in counts if count and name in _KINDS]
        if not told:
            return "There was nothing left about you. Nothing is kept now."
        return f"Everything about you is deleted: {', '.join(told)}. If you ask for music again, you start anew."

    def data_handed_out(self, *, elsewhere: bool) -> str:
        """That the copy is there, or was sent in a direct message because files are not allowed here."""
        if elsewhere:
            return "I may not attach files here, so I sent your copy as a direct message."
        return "Everything I keep about you, as JSON for programs and as tables for people. Only you see this."

    def not_all_deleted(self) -> ErrorMessage:
        """The database went away in the middle."""
        return ErrorMessage(
            title="Not everything is deleted yet",
            cause="My database stopped answering in the middle.",
            step="Press **Delete everything** once more in a minute: I go on where I was.",
        )

    def no_way_to_send(self) -> ErrorMessage:
        """Files are not allowed here, and neither are direct messages."""
        return ErrorMessage(
            title="I cannot hand you the file here",
            cause="I may not attach files in this channel, and you take no direct messages from me.",
            step="Allow direct messages from this server for a moment, or press the button in another channel.",
        )

    def export_explained(self, moment: datetime, whole: bool) -> str:
        """The page that goes along with a copy; `whole` tells that the workings of sessions are in it. Plain text."""
        return _EXPORTED.format(moment=f"{moment:%Y-%m-%d %H:%M} UTC", left_out="" if whole else _LEFT_OUT)
