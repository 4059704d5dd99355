"""What members read about saving a playlist on Spotify."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage


class PublishingTexts:
    """English, a part of `Messages`. Arguments are already safe to show."""

    SAVE_SET: ClassVar[str] = "Save to Spotify"
    SAVE_UPDATE: ClassVar[str] = "Update the saved one"
    SAVE_NEW: ClassVar[str] = "Save as new"
    UNSAVE: ClassVar[str] = "Take it down"
    OPEN_SAVED: ClassVar[str] = "Open in Spotify"

    def saved(self, name: str, url: str, *, before: bool) -> str:
        """A playlist is on Spotify; `url` is the way to it."""
        heading = "It is on Spotify already" if before else "Saved to Spotify"
        return f"### {heading}\n**{name or 'A playlist'}** · <{url}>"

    def saved_where(self, songs: int, *, own: bool) -> str:
        """How many songs are there, and who can see them."""
        where = "in your own account" if own else "in the account that this bot saves to"
        count = f"{songs} song{'' if songs == 1 else 's'}"
        return f"{count}, {where}. Whoever has the link can open it; nobody's profile lists it."

    def saved_missing(self, songs: Sequence[str], more: int) -> str:
        """The songs that are not there."""
        count = len(songs) + more
        named = "\n".join(f"- {song}" for song in songs)
        rest = f"\nand {more} more" if more else ""
        which = "This song has" if count == 1 else f"These {count} songs have"
        return f"{which} no id on Spotify that I know of, so they are not in it:\n{named}{rest}"

    def save_offer(self, name: str, url: str) -> str:
        """The playlist before this one is saved already."""
        return (
            f"### This one was made from a playlist that is saved\n**{name or 'A playlist'}** · <{url}>\n"
            f"**{self.SAVE_UPDATE}**: that playlist gets these songs and this name, and its link stays.\n"
            f"**{self.SAVE_NEW}**: it stays as it is, and this is a playlist of its own."
        )

    def unsaved(self, name: str) -> str:
        """A playlist was taken down."""
        return f"**{name or 'The playlist'}** is taken down from Spotify. Here it stays as it was."

    def handed_out(self, name: str, *, known: bool) -> str:
        """Files in the place of a saved playlist: there is no account, or (not `known`) Spotify knows no song of it."""
        if known:
            why = "There is no Spotify account to save it to, so here it is to take along."
        else:
            why = "No song of it has an id on Spotify that I know of, so here it is to take along."
        return f"### {name or 'A playlist'}\n{why}"

    def how_to_link(self, *, possible: bool) -> str:
        """How saving with one press comes about; `possible` tells whether accounts can be linked here at all."""
        if not possible:
            return "-# Saving with one press needs a Spotify application, and whoever runs this bot has set none."
        return (
            "-# To save with one press: link your own account with `/spotify link`. Or ask whoever runs this bot for "
            "an account for everybody: `python -m bot spotify login`."
        )

    def links_heading(self, shown: int, known: int) -> str:
        """Over the addresses of the songs."""
        return "**Listen on Spotify**" + ("" if shown == known else f" (the first {shown} of {known})")

    def spotify_busy(self, until: datetime, why: str) -> ErrorMessage:
        """Spotify is left alone for a while."""
        cause = {
            "pause": "It has asked me for a pause.",
            "quota": "It takes only so many calls from me in a day, and they are used up.",
            "budget": "I make only so many calls in a day, for everybody together, and they are used up.",
            "trouble": "It has failed several times in a row, so I leave it alone for a while.",
        }[why]
        seconds = int(until.timestamp()) + 1
        return ErrorMessage(
            title="Spotify has to wait",
            cause=f"{cause} Nothing has changed there.",
            step=f"Try again <t:{seconds}:R>, at <t:{seconds}:t>. Until then **Export** gives you a playlist as files.",
        )

    def spotify_refused(self, status: int) -> ErrorMessage:
        """Spotify answered no."""
        cause, step = {
            403: (
                "The account may not do that, or Spotify does not know its owner as a user of this bot.",
                "Link once more with `/spotify link` and agree to everything, or ask whoever runs this bot.",
            ),
            404: ("What I asked about is no longer there.", "Try once more: what was deleted there is made anew."),
        }.get(
            status,
            (
                f"It did not take what I sent (HTTP {status}).",
                "Try once more. If it stays like this, tell whoever runs this bot.",
            ),
        )
        return ErrorMessage(title="Spotify said no", cause=cause, step=step)

    def spotify_unreachable(self) -> ErrorMessage:
        """Spotify did not answer."""
        return ErrorMessage(
            title="Spotify does not answer",
            cause="That is not your doing. If it did something all the same I will find it: nothing is made twice.",
            step="Try again in a minute. Until then **Export** gives you any playlist as files.",
        )

    def link_expired(self, *, owner: bool) -> ErrorMessage:
        """A link has run out, or was ended at Spotify."""
        if owner:
            return ErrorMessage(
                title="The account that playlists are saved to has to be linked again",
                cause="Spotify no longer takes its link: each ends after six months, or when it is removed there.",
                step="Tell whoever runs this bot (`python -m bot spotify login`), or link your own: `/spotify link`.",
            )
        return ErrorMessage(
            title="Your Spotify account has to be linked again",
            cause="Spotify no longer takes the link: each ends after six months, or when it is removed there.",
            step="Link it with `/spotify link`; everything else stays as it is.",
        )

    def no_account(self) -> ErrorMessage:
        """There is no Spotify account for what was asked."""
        return ErrorMessage(
            title="There is no Spotify account for that",
            cause="You have linked none, and this bot has none for everybody.",
            step="Link yours with `/spotify link`. Without any account `/spotify upload` takes a file of the songs you "
            "know, and **Export** under a playlist gives you files.",
        )

    def nothing_to_save(self) -> ErrorMessage:
        """Spotify knows none of the songs."""
        return ErrorMessage(
            title="Spotify does not know these songs",
            cause="None of them has an id on Spotify that I know of.",
            step="**Export** under the playlist gives you all of them as files.",
        )

    def saved_enough(self, until: datetime, most: int) -> ErrorMessage:
        """A member has saved a lot on the account for everybody."""
        seconds = int(until.timestamp()) + 1
        return ErrorMessage(
            title="That is enough saved for today",
            cause=f"You saved {most} playlists in a day, on an account that everybody shares.",
            step=f"Save more <t:{seconds}:R>, link your own account with `/spotify link`, or use **Export**.",
        )

    def not_yours(self) -> ErrorMessage:
        """Somebody else's playlist on the server's account."""
        return ErrorMessage(
            title="Somebody else saved that playlist",
            cause="Only who saved it, or who it was made for, may change it or take it down.",
            step=f"Ask them, or choose **{self.SAVE_NEW}**.",
        )
