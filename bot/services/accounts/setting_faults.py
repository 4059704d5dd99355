"""What keeps a setting of accounts from being used: TOKEN_KEYS, and PUBLIC_URL as Spotify takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWithoutId(Fact):
    """The entry of this number in TOKEN_KEYS, from 1, has no id before a colon."""

    code: ClassVar[str] = "key_without_id"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTwice(Fact):
    """Two keys of TOKEN_KEYS have the same id."""

    code: ClassVar[str] = "key_twice"
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoKeys(Fact):
    """TOKEN_KEYS is set, and no key is in it."""

    code: ClassVar[str] = "no_keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUnreadable(Fact):
    """A key of TOKEN_KEYS is no base64."""

    code: ClassVar[str] = "key_unreadable"
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOfOtherSize(Fact):
    """A key of TOKEN_KEYS does not have the bytes that are wanted."""

    code: ClassVar[str] = "key_of_other_size"
    key_id: str
    size: int
    wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressUnreadable(Fact):
    """PUBLIC_URL is no address."""

    code: ClassVar[str] = "address_unreadable"
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWithMore(Fact):
    """PUBLIC_URL has no host, or a name, a query or a fragment."""

    code: ClassVar[str] = "address_with_more"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressIsLocalhost(Fact):
    """PUBLIC_URL names localhost, which Spotify does not take."""

    code: ClassVar[str] = "address_is_localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWithoutTls(Fact):
    """PUBLIC_URL is neither HTTPS nor a loopback address in numbers."""

    code: ClassVar[str] = "address_without_tls"
