"""Linking as the doors see it: how long it lasts, where browsers come to, and what each step gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.errors import UnusableSetting
from bot.services.accounts.setting_faults import (
    AddressIsLocalhost,
    AddressUnreadable,
    AddressWithMore,
    AddressWithoutTls,
)
from bot.spotify.oauth import LISTENING_SCOPE

LINK_LASTS = timedelta(minutes=10)
"""How long a link may take from one step to the next."""

GRANT_MONTHS = 6
"""Months after which Spotify ends a grant, whatever was done with it since."""

REMIND_BEFORE = timedelta(days=14)
"""How long before that its member is told."""

CALLBACK, LINK = "/spotify/callback", "/spotify/link/"
"""The paths that browsers come to."""

LOOPBACK = "http://127.0.0.1:9465"
"""Where Spotify sends a browser when there is no public address: to the member's own machine, where nothing answers."""

_LOOPBACKS = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBegun:
    """A link to open until `until`. With `paste` its end is an address that the member brings back."""

    url: str = field(repr=False)
    until: datetime
    paste: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOpened:
    """What a browser that opened a link is shown: whom it is for, where to go on, and the mark that it keeps."""

    name: str
    url: str = field(repr=False)
    mark: str = field(repr=False)
    owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPending:
    """What a browser is shown in the end: the code, and whose Discord it is typed into."""

    name: str
    code: str = field(repr=False)
    owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An account that is linked now, until `ends_at`."""

    account: str
    ends_at: datetime
    owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """How a member stands: `off` says why nobody can link here, and `listening` is their word, not Spotify's.

    `may_note` tells whether the grant covers what was played. `everyone` tells whether the account for all is set up.
    """

    off: str | None = None
    linked: bool = False
    since: datetime | None = None
    ends_at: datetime | None = None
    scopes: frozenset[str] = frozenset()
    premium: bool = False
    listening: bool = False
    everyone: bool = False

    @property
    def may_note(self) -> bool:
        """Whether Spotify lets us ask what was played."""
        return LISTENING_SCOPE in self.scopes


def public_base(written: str) -> str:
    """PUBLIC_URL as it is used, without a slash at its end. Raises UnusableSetting when Spotify would not take it.

    Spotify sends browsers back by HTTPS, or to a loopback address written in numbers; never to "localhost".
    """
    try:
        url = urlsplit(written.strip().rstrip("/"))
        host, _ = url.hostname, url.port
    except ValueError:
        raise UnusableSetting(AddressUnreadable(written=written)) from None
    if not host or url.query or url.fragment or url.username:
        raise UnusableSetting(AddressWithMore())
    if host == "localhost":
        raise UnusableSetting(AddressIsLocalhost())
    if url.scheme != "https" and not (url.scheme == "http" and host in _LOOPBACKS):
        raise UnusableSetting(AddressWithoutTls())
    return url.geturl()


def ends_at(authorised_at: datetime) -> datetime:
    """When Spotify ends a grant: the same day six months later, or the last one of a shorter month."""
    month = authorised_at.month - 1 + GRANT_MONTHS
    first = authorised_at.replace(year=authorised_at.year + month // 12, month=month % 12 + 1, day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return min(first + timedelta(days=authorised_at.day - 1), following - timedelta(days=1))
