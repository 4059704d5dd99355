"""Everything that can go wrong, as one tree. Errors carry facts; `bot.client` turns them into sentences.

VibratoError
├── AskedWrong            the request cannot be met as it stands
│   ├── EmptyRequest
│   ├── EmptyMessage      a message without words was to become a playlist
│   ├── NothingBefore     there is no playlist to go on from here
│   ├── NoName            a playlist was to be called nothing
│   ├── RequestTooLong
│   ├── NotUnderstood
│   ├── NothingFits
│   ├── CatalogueEmpty
│   ├── BadFile
│   ├── BadEntry          something that a moderator wrote into a form cannot be taken
│   ├── NotYet            asked too soon after the requests before
│   ├── BadTime           a text that says no repeating time
│   ├── TooMany           a server has as many of something as it may
│   ├── BeingErased       everything about the member is being deleted just now
│   ├── NoModel           a version of a model that is not there, or cannot be used
│   ├── SwitchedOff       the operator does not offer that here
│   ├── NotLinked         no Spotify account is set up for what was asked
│   ├── LinkingOff        this installation cannot link Spotify accounts
│   ├── LinkFailed        an account could not be linked this time
│   ├── LinkExpired       Spotify does not let us into the account any more
│   │   └── Sealed        the key that a token was encrypted with is not here
│   ├── NothingToSave     no song of a playlist is known to Spotify
│   ├── SavedEnough       a member saves more on the server's account than a day allows
│   ├── NotYours          a playlist on Spotify that somebody else saved
│   └── Gone              a card, playlist, song or mood that is no longer there
├── NotAllowed            the member, or the bot, may not do that here
├── NotOwner              only the owner of the application may do that
├── NotHere               the server asks for vibes in other channels, or of other roles
├── WorldDown             a service that we need does not answer
│   ├── DatabaseDown
│   │   └── NoServer      the embedded MongoDB does not start on this machine
│   ├── SpotifyBusy       Spotify, or our own budget of calls, takes no more until a time that is known
│   ├── SpotifyRefused    Spotify answered no
│   ├── SpotifyUnreachable
│   ├── DiscordRefused
│   └── SourceDown        a source of songs, or of how they sound, does not answer
├── AlreadyRunning        another process of ours holds what this one needs
├── BadSettings           the settings are wrong; the operator has to change them
├── UnusableSetting       the same of one setting, as facts
└── (anything else is our bug)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.facts import Fact


class VibratoError(Exception):
    """The root: an expected failure, with facts to make a sentence from."""


class AskedWrong(VibratoError):
    """The request cannot be met as it stands; changing it helps."""


class EmptyRequest(AskedWrong):
    """Nothing was written."""


class EmptyMessage(AskedWrong):
    """The message that was to become a playlist has no words."""


class NothingBefore(AskedWrong):
    """The member has no playlist here to go on from."""


class NoName(AskedWrong):
    """The new name of a playlist has nothing in it that can be seen."""


@dataclass(eq=False)
class RequestTooLong(AskedWrong):
    """More characters than the door takes: `length` of them where `limit` are allowed."""

    length: int
    limit: int


@dataclass(eq=False)
class NotUnderstood(AskedWrong):
    """No word of the request was about music; `unknown` are its words, `suggestions` three requests that work."""

    unknown: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(eq=False)
class NothingFits(AskedWrong):
    """The hard wishes cannot be met together.

    `conflicts` has one fact for each smallest set of wishes that cannot be met together, with the number of songs that
    dropping each wish would bring.
    """

    conflicts: tuple[Fact, ...] = ()


@dataclass(eq=False)
class CatalogueEmpty(AskedWrong):
    """There is no song to choose from yet; `looking` tells that some are being looked for."""

    looking: bool = False


@dataclass(eq=False)
class BadFile(AskedWrong):
    """A file that cannot be read as what it should be: `name`, and the `reason`."""

    name: str
    reason: Fact


@dataclass(eq=False)
class BadEntry(AskedWrong):
    """A field of a form that cannot be taken as it is.

    `field` names it ("label", "icon", "genres" ...), `reason` what is wrong ("empty", "taken", "unknown" ...), `entry`
    the part that is meant, as it was written, and `hints` are what would have been taken instead.
    """

    field: str
    reason: str
    entry: str = ""
    hints: tuple[str, ...] = ()


TimeFault = Literal[
    "empty", "no_day", "no_time", "two_times", "no_such_time", "too_often", "too_rare", "once", "unknown"
]
"""What keeps a text from being a repeating time."""


@dataclass(eq=False)
class BadTime(AskedWrong):
    """A text that says no repeating time, because of its `fault`; `word` is the part that is meant, if it is one."""

    fault: TimeFault
    word: str = ""


@dataclass(eq=False)
class TooMany(AskedWrong):
    """A server may have no more than `limit` of `what` ("schedules")."""

    what: str
    limit: int


@dataclass(eq=False)
class NoModel(AskedWrong):
    """A `version` of the learned weights that cannot be put to use: it is not known, it is damaged (`cause` says how),
    or it is the first one, and there is nothing before it.
    """

    version: str
    reason: Literal["unknown", "damaged", "first"]
    cause: Fact | None = None


@dataclass(eq=False)
class SwitchedOff(AskedWrong):
    """`what` ("import") is not offered by this installation: its operator has switched it off."""

    what: str


@dataclass(eq=False)
class Gone(AskedWrong):
    """`what` ("playlist", "song", "mood") is no longer there."""

    what: str


@dataclass(eq=False)
class NotYet(AskedWrong):
    """Too many requests. From `until` on the next one is possible.

    `whose` limit of `most` requests a minute it was, the member's or the server's; or `busy`: the member's last
    request is still under way, and lost if it is not done by `until`. `told` is True when the same was said just now.
    """

    until: datetime
    whose: Literal["member", "guild"]
    most: int
    busy: bool = False
    told: bool = False


class NotLinked(AskedWrong):
    """There is no Spotify account for what was asked: the member linked none, and the server has none."""


@dataclass(eq=False)
class LinkExpired(AskedWrong):
    """Spotify no longer takes what lets us into an account: the member's own, or the `owner` account of the server."""

    owner: bool = False


@dataclass(eq=False)
class Sealed(LinkExpired):
    """A stored token does not open: its key, `key_id`, is not in the settings, or it is not this owner's token."""

    key_id: str = "?"


@dataclass(eq=False)
class LinkingOff(AskedWrong):
    """Accounts cannot be linked here: there is no application at Spotify ("app"), or no key to keep tokens ("keys")."""

    missing: Literal["app", "keys"]


LinkFault = Literal[
    "expired", "used", "browser", "denied", "stranger", "code", "tries", "paste", "taken", "guest", "spotify"
]
"""What keeps an account from being linked: too late, done before, another browser, the account's owner said no, a link
of another member, a wrong code, too many of them, no address that we know, the account is somebody else's already, the
application at Spotify does not know its user, or Spotify gave nothing for it."""


@dataclass(eq=False)
class LinkFailed(AskedWrong):
    """An account could not be linked, because of its `fault`; nothing is bound to anybody."""

    fault: LinkFault


class NothingToSave(AskedWrong):
    """Spotify knows no song of the playlist, as far as we know."""


@dataclass(eq=False)
class SavedEnough(AskedWrong):
    """A member has saved `most` playlists on the server's account in a day, and may save more from `until` on (UTC)."""

    until: datetime
    most: int


class NotYours(AskedWrong):
    """Only who saved a playlist on the server's account, or who asked for it, may change or remove it there."""


class BeingErased(AskedWrong):
    """Everything about this member is being deleted, so nothing new is stored of them."""


@dataclass(eq=False)
class NotAllowed(VibratoError):
    """A permission that is missing: `permission` by its Discord name, and whether the bot itself lacks it.

    `channel_id` is the channel where, if one was named.
    """

    permission: str
    bot_lacks: bool = False
    channel_id: str | None = None


class NotOwner(VibratoError):
    """Only the owner of the bot's application may do this."""


@dataclass(eq=False)
class NotHere(VibratoError):
    """A server limits who asks for vibes, and where: the ids of the `channels`, or of the `roles`, that may."""

    channels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(eq=False)
class WorldDown(VibratoError):
    """A service that does not answer; `cause` is for the log, never for a member."""

    cause: str = ""


class DatabaseDown(WorldDown):
    """MongoDB does not answer, or stopped answering in the middle."""


class NoServer(DatabaseDown):
    """The embedded MongoDB does not start; `cause` is a sentence for the operator: what is wrong, and what to do."""


@dataclass(eq=False)
class BadSettings(VibratoError):
    """Settings that cannot be used; each of `reasons` is a line that names the variable and the fix."""

    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.reasons)


@dataclass(eq=False)
class UnusableSetting(VibratoError):
    """One setting that cannot be used, and its `fault`; who reads the settings makes BadSettings of it."""

    fault: Fact


_NEVER = datetime.max.replace(tzinfo=UTC)

BusyCause = Literal["pause", "quota", "budget", "trouble"]
"""Why Spotify is left alone: it asked for a pause, its quota is used up, ours is, or it has been failing."""


@dataclass(eq=False)
class SpotifyBusy(WorldDown):
    """No call is made to Spotify `until` then (UTC), and none was made: nothing has happened there."""

    until: datetime = _NEVER
    why: BusyCause = "pause"


@dataclass(eq=False)
class SpotifyRefused(WorldDown):
    """Spotify answered no, with an HTTP `status`; `reason` is its own short code, if it gave one."""

    status: int = 0
    reason: str = ""


@dataclass(eq=False)
class SpotifyUnreachable(WorldDown):
    """Spotify did not answer, or nothing that can be understood. `maybe_done`: it may have done it all the same."""

    maybe_done: bool = False


@dataclass(eq=False)
class DiscordRefused(WorldDown):
    """Discord did not take what we sent; `kept` is the id of the playlist that is stored all the same."""

    kept: str | None = None


@dataclass(eq=False)
class SourceDown(WorldDown):
    """A source of songs, or of how they sound, does not answer: its `name`, and from `until` on it is asked again."""

    name: str = ""
    until: datetime | None = None


@dataclass(eq=False)
class AlreadyRunning(VibratoError):
    """Another demo holds the `folder`; its page is at `address`, empty while it is still starting."""

    address: str
    folder: str

    def __str__(self) -> str:
        where = f" at {self.address}" if self.address else ""
        return f"the demo is already running{where}; end it with Ctrl+C, or give DATA_DIR another folder"
