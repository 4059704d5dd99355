"""What members read about linking their Spotify account: in Discord, and on the pages that their browser shows."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage
from bot.errors import LinkFault

_MINUTES = "ten minutes"


class AccountTexts:
    """English, a part of `Messages`. Arguments are already safe to show."""

    SPOTIFY_NAME: ClassVar[str] = "spotify"
    SPOTIFY_DESCRIPTION: ClassVar[str] = "Your Spotify account, and the songs you know"
    LINK_NAME: ClassVar[str] = "link"
    LINK_DESCRIPTION: ClassVar[str] = "Link your Spotify account: playlists go there, and I learn which songs you know"
    STATUS_NAME: ClassVar[str] = "status"
    STATUS_DESCRIPTION: ClassVar[str] = "Is my account linked, until when, and what may the bot do with it?"
    UNLINK_NAME: ClassVar[str] = "unlink"
    UNLINK_DESCRIPTION: ClassVar[str] = "Unlink your Spotify account; everything that came from it is deleted"
    SYNC_NAME: ClassVar[str] = "sync"
    SYNC_DESCRIPTION: ClassVar[str] = "Look for songs that you saved on Spotify since the last time"
    UPLOAD_NAME: ClassVar[str] = "upload"
    UPLOAD_DESCRIPTION: ClassVar[str] = "Tell me which songs you know, by a CSV file of Exportify; needs no account"
    UPLOAD_FILE: ClassVar[str] = "Your liked songs, or a playlist, as exportify.net or exportify.app save them"

    OPEN_LINK: ClassVar[str] = "Open Spotify"
    ENTER_CODE: ClassVar[str] = "Enter the code"
    PASTE_ADDRESS: ClassVar[str] = "Paste the address"
    LINK_ACCOUNT: ClassVar[str] = "Link my account"
    SYNC_NOW: ClassVar[str] = "Look for new songs"
    UNLINK: ClassVar[str] = "Unlink"
    YES_UNLINK: ClassVar[str] = "Yes, unlink it"
    KEEP_LINK: ClassVar[str] = "Keep it"
    NOTE_PLAYS: ClassVar[str] = "Note what I play"
    STOP_NOTING: ClassVar[str] = "Stop noting what I play"
    LINK_FOR_ALL: ClassVar[str] = "Set up the account for everyone"
    UNLINK_FOR_ALL: ClassVar[str] = "Remove the account for everyone"
    CODE_FORM: ClassVar[str] = "The code that your browser shows"
    CODE_FIELD: ClassVar[str] = "Code"
    CODE_HINT: ClassVar[str] = "Only type a code that you asked for yourself with /spotify link."
    CODE_EXAMPLE: ClassVar[str] = "ABCD-2345"
    PASTE_FORM: ClassVar[str] = "The address that your browser ended at"
    PASTE_FIELD: ClassVar[str] = "Address"
    PASTE_HINT: ClassVar[str] = "It begins with http://127.0.0.1 and holds “code=”. Show it to nobody else."

    def link_begun(self, until: datetime, *, paste: bool, owner: bool) -> str:
        """A link was made; how it goes on."""
        what = "the Spotify account that keeps playlists for everyone" if owner else "your Spotify account"
        steps: tuple[str, ...]
        if paste:
            steps = (
                "1. Press **Open Spotify**, sign in there and agree.",
                "2. Your browser then goes to a page at `127.0.0.1` that **does not load**. That is as it should be.",
                "3. Copy the whole address out of the address bar, press **Paste the address** and put it in.",
                "",
                "That address is the key to your account for a moment: give it to nobody, whoever asks for it.",
            )
        else:
            steps = (
                "1. Press **Open Spotify**, see that the page names you, sign in and agree.",
                "2. The page then shows a code of eight signs.",
                "3. Press **Enter the code** and type it. Only then anything is linked.",
            )
        ends = f"-# The link is for you alone and good until <t:{int(until.timestamp())}:t>."
        return "\n".join((f"### Link {what}", *steps, ends))

    def link_done(self, account: str, ends_at: datetime, *, owner: bool) -> str:
        """The account is linked."""
        until = f"Spotify ends every link after six months: this one on <t:{int(ends_at.timestamp())}:D>."
        if owner:
            return (
                f"### The account for everyone is **{account}**\nPlaylists that members save go there, and everybody "
                f"can open them by their address. {until} I tell you two weeks before, in the log and here."
            )
        return f"### Linked with **{account}**\n{until} I remind you two weeks before."

    def link_state(self, since: datetime, ends_at: datetime) -> str:
        """Whether, since when and until when an account is linked."""
        first, last = int(since.timestamp()), int(ends_at.timestamp())
        return f"**Your Spotify account is linked** since <t:{first}:D>, until <t:{last}:D>."

    def not_linked(self) -> str:
        """No account is linked."""
        return "**No Spotify account is linked.** Everything works without one; with one I know which songs you know."

    def link_allows(self, *, export: bool, cover: bool, library: bool) -> str:
        """What the grant covers."""
        may = [
            "keep playlists in your account" if export else "",
            "give them a cover" if cover else "",
            "see which songs you saved and play most" if library else "",
        ]
        told = [words for words in may if words]
        return f"I may {', '.join(told)}." if told else "Your link allows nothing that I can use; link once more."

    def library_state(self, saved: int, others: int, *, linked: bool = False) -> str:
        """How many songs of the member are known, and while there are none how they come; `linked` an account is."""
        if not saved + others:
            first = "Look for them with `/spotify sync`" if linked else "Link your account"
            return (
                f"I know **no songs of yours** yet. {first}, or bring a file of "
                "[Exportify](https://exportify.net) with `/spotify upload`."
            )
        also = f", and **{others:,}** that you play most" if others else ""
        return (
            f"I know **{saved:,}** song{'' if saved == 1 else 's'} of yours{also}. "
            "Ask for “songs I know” or “songs I don’t know”."
        )

    def library_goes_on(self) -> str:
        """Only a part of a large library was read."""
        return "-# That is not all of your library yet: it is read bit by bit, as Spotify lets us ask only so often."

    def listening_state(self, *, on: bool, allowed: bool) -> str:
        """Whether what is played is noted."""
        if not on:
            return "**What you play on Spotify is not noted.** If you like, I note it, and learn from it."
        if allowed:
            return "**What you play on Spotify is noted** every two hours, and I learn from it."
        return "**You let me note what you play**, but your link is older than that: link once more, so that I may."

    def everyone_state(self, *, up: bool) -> str:
        """Whether the account for everyone is set up; for the operator."""
        return "-# The account that keeps playlists for everyone: " + ("set up." if up else "not set up yet.")

    def linking_off_line(self, missing: str) -> str:
        """Why nobody can link an account here."""
        why = {
            "app": "nobody has told me of an application at Spotify",
            "keys": "I was given no key to keep your account safe with",
        }[missing]
        return f"-# Accounts cannot be linked here: {why}. Files work all the same: `/spotify upload`."

    def ask_to_unlink(self) -> str:
        """The question before unlinking."""
        return (
            "### Unlink your Spotify account?\nI delete the keys to it at once, and every song that I know of yours "
            "from there. Playlists that were kept in your account stay there: they are yours. What you brought by a "
            "file stays too."
        )

    def unlinked(self, *, was: bool) -> str:
        """It is unlinked."""
        if not was:
            return "No Spotify account of yours was linked, so there was nothing to delete. `/spotify link` links one."
        return (
            "Your account is unlinked, and everything that came from it is deleted. To take my access back at Spotify "
            "as well: https://www.spotify.com/account/apps"
        )

    def unlinked_for_all(self, *, was: bool) -> str:
        """The account for everyone is gone."""
        return "The account for everyone is removed." if was else "No account for everyone was set up."

    def link_kept(self) -> str:
        """The question was answered with no."""
        return "Nothing was changed."

    def reading_library(self, stage: str, percent: int | None) -> str:
        """While songs of a member are read."""
        words = {
            "wait": "Another file is being read; yours is next …",
            "fetch": "Fetching the file …",
            "read": "Reading the songs …",
            "store": "Writing them down …",
            "top": "Asking what you play most …",
            "saved": "Asking which songs you saved …",
            "refresh": "Making them ready to be chosen …",
        }[stage]
        bar = "" if percent is None else f"\n{'▰' * (percent // 10)}{'▱' * (10 - percent // 10)} {percent} %"
        return f"**Your songs**\n{words}{bar}"

    def library_read(self, *, new: int, gone: int, unknown: int, whole: bool) -> str:
        """What came of reading a member's songs."""
        if not new and not gone:
            told = "Nothing has changed since the last time."
        else:
            lost = f", **{gone:,}** that you removed" if gone else ""
            told = f"**{new:,}** new song{'' if new == 1 else 's'} of yours{lost}."
        strange = (
            f"\n{unknown:,} of them are not in my catalogue, which the operator keeps, so I cannot play those."
            if unknown
            else ""
        )
        more = "" if whole else "\n" + self.library_goes_on()
        return told + strange + more

    def link_ends(self, ends_at: datetime) -> str:
        """The message two weeks before a link ends."""
        return (
            f"### Your Spotify link ends on <t:{int(ends_at.timestamp())}:D>\n"
            "Spotify ends every link six months after you agreed. Use `/spotify link` once more and nothing stops; "
            "without it your songs stay known here, and playlists no longer go to your account."
        )

    def owner_link_ends(self, ends_at: datetime) -> str:
        """The message to the operator two weeks before the link of the account for everyone ends."""
        return (
            f"### The account for everyone is let go on <t:{int(ends_at.timestamp())}:D>\n"
            "Spotify ends every link after six months. Set it up once more with the button under `/spotify status`, or "
            "with `python -m bot spotify login`; without it members can no longer save playlists."
        )

    def link_ended(self) -> str:
        """The message when a link turned out to be dead."""
        return (
            "### Your Spotify link has ended\nSpotify does not let me into your account any more: six months are over, "
            "or you took my access back. What I had of it is deleted. `/spotify link` makes a new one."
        )

    # What goes wrong

    def linking_off(self, missing: str) -> ErrorMessage:
        """Accounts cannot be linked here."""
        step = {
            "app": "Whoever runs this bot can set SPOTIFY_CLIENT_ID; the README says how.",
            "keys": "Whoever runs this bot can set TOKEN_KEYS; `python -m bot spotify new-key` prints one.",
        }[missing]
        return ErrorMessage(
            title="Spotify accounts cannot be linked here",
            cause="This bot is not set up for it. Everything else works, and your songs can come from a file.",
            step=f"Bring a CSV file of Exportify with `/spotify upload`. {step}",
        )

    def link_failed(self, fault: LinkFault) -> ErrorMessage:
        """A link came to nothing; also what the page in the browser says."""
        title, cause, step = _FAULTS[fault]
        return ErrorMessage(title=title, cause=cause, step=step)

    def sealed(self) -> ErrorMessage:
        """A stored token does not open."""
        return ErrorMessage(
            title="I cannot open your Spotify link",
            cause="The key that it was locked with is not here any more.",
            step="Link once more with `/spotify link`. Whoever runs this bot: put the old key back into TOKEN_KEYS.",
        )

    # The pages

    def page_ask(self, name: str, *, owner: bool) -> tuple[str, tuple[str, ...], str]:
        """Before Spotify: heading, lines, and the button."""
        whose = (
            "This sets up the Spotify account in which Vibrato keeps playlists for everyone on the server."
            if owner
            else f"This links your Spotify account with the Discord member “{name}”."
        )
        return (
            "Link Spotify with Discord",
            (
                whose,
                (
                    "Is that you, and did you ask for it just now with /spotify link? Then go on. "
                    "If somebody sent you here, close this page: their link is not for you."
                ),
            ),
            "Go on to Spotify",
        )

    def page_code(self, name: str, *, owner: bool) -> tuple[str, tuple[str, ...]]:
        """After Spotify, around the code."""
        end = "Nothing is set up until then." if owner else "Nothing is linked until then."
        return (
            "One more step",
            (
                (
                    f"Type this code in Discord, as “{name}”, where you pressed Open Spotify: press Enter the code. "
                    f"It is good for {_MINUTES}."
                ),
                f"{end} Give the code to nobody: whoever asks you for it wants your account.",
            ),
        )

    PAGE_CLOSE: ClassVar[str] = "You can close this page."


_AGAIN = "Use /spotify link in Discord once more and open the new link."
_FAULTS: dict[LinkFault, tuple[str, str, str]] = {
    "expired": ("That took too long", f"A link is good for {_MINUTES}, and a newer one ends it.", _AGAIN),
    "used": (
        "This link was used already",
        "Each link works once. If your browser showed a code, that code still counts: type it in Discord.",
        "If you do not have the code any more, use /spotify link in Discord once more.",
    ),
    "browser": (
        "This is not the browser that began",
        "A link has to be opened and ended in one browser, so that nobody can end somebody else's.",
        "Open the link from Discord in this browser, or go back to the other one.",
    ),
    "denied": ("You said no at Spotify", "So nothing is linked, and I learned nothing about your account.", _AGAIN),
    "stranger": (
        "That is not your link",
        "It was made for another member, so nothing was linked.",
        "If somebody sent it to you, do not use it. Your own begins with /spotify link.",
    ),
    "code": (
        "That is not the code",
        "It is another one, or it belongs to a link that is not yours.",
        "Look at the page in your browser and type it once more.",
    ),
    "tries": ("That was wrong too often", "So that nobody can guess a code, this link is over.", _AGAIN),
    "paste": (
        "I find no answer of Spotify in that",
        "It has to be the whole address that your browser ended at, from http:// to its very end.",
        "Copy it out of the address bar and paste it once more.",
    ),
    "taken": (
        "That account is linked to another member",
        "A Spotify account belongs to one Discord member at a time, and the first link stays.",
        (
            "Unlink it there with /spotify unlink. If you cannot get there any more, take Vibrato's access back at "
            "https://www.spotify.com/account/apps: that ends the other link with its next use."
        ),
    ),
    "guest": (
        "Spotify does not know you here",
        "Applications in development mode may have five users, and your account is not among them.",
        (
            "Ask whoever runs this bot to add the e-mail address of your account at developer.spotify.com, under User "
            "Management, and link again."
        ),
    ),
    "spotify": ("Spotify did not go along", "It sent no answer that a link can be made of.", _AGAIN),
}
