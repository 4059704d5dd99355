"""Tokens at rest: AES-GCM, bound to whose they are and what they are for, under keys that can be changed while running.

A ciphertext is "<key id>:<base64 of nonce and box>". The associated data name the owner, the provider and the field, so
that a ciphertext which somebody moved to another member or another field does not open.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import Sealed, UnusableSetting
from bot.services.accounts.setting_faults import KeyOfOtherSize, KeyTwice, KeyUnreadable, KeyWithoutId, NoKeys

KEY_BYTES = 32
NONCE_BYTES = 12
"""The nonce that NIST SP 800-38D recommends; random ones are safe for 2^32 tokens a key."""

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")


class Vault:
    """Encrypts with the first key and opens with every one. Texts in, texts out; nothing is ever logged."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise AssertionError("a vault has a key")
        self._boxes = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._newest = next(iter(keys))

    @classmethod
    def of_setting(cls, written: str) -> Vault:
        """The vault of "id:base64key,id2:base64key", the newest key first. Raises UnusableSetting."""
        keys: dict[str, bytes] = {}
        for number, entry in enumerate(filter(None, (part.strip() for part in written.split(","))), start=1):
            key_id, colon, text = entry.partition(":")
            if not colon or not _KEY_ID.fullmatch(key_id):
                raise UnusableSetting(KeyWithoutId(number=number))
            if key_id in keys:
                raise UnusableSetting(KeyTwice(key_id=key_id))
            keys[key_id] = _key(text, key_id)
        if not keys:
            raise UnusableSetting(NoKeys())
        return cls(keys)

    def seal(self, plain: str, *bound_to: str) -> str:
        """The ciphertext of a text that opens only for the same `bound_to`, in the same order."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        box = self._boxes[self._newest].encrypt(nonce, plain.encode(), _bound(bound_to))
        return f"{self._newest}:{base64.urlsafe_b64encode(nonce + box).decode()}"

    def open(self, sealed: str, *bound_to: str) -> str:
        """The text. Raises Sealed when its key is not here any more, or it is not for this owner and field."""
        key_id, _, text = sealed.partition(":")
        box = self._boxes.get(key_id)
        if box is None:
            # Whatever stands there instead of an id is not repeated: it may be a token that was never encrypted.
            raise Sealed(key_id=key_id if _KEY_ID.fullmatch(key_id) and text else "?")
        try:
            raw = base64.b64decode(text, altchars=b"-_", validate=True)
            return box.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(bound_to)).decode()
        except (InvalidTag, ValueError) as wrong:
            raise Sealed(key_id=key_id) from wrong

    def is_old(self, sealed: str) -> bool:
        """Whether it was encrypted with another key than the newest, and is to be sealed anew."""
        return sealed.partition(":")[0] != self._newest


def new_key() -> str:
    """A new key as TOKEN_KEYS takes it, under a random id."""
    return f"k{secrets.token_hex(3)}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def _key(text: str, key_id: str) -> bytes:
    """The bytes of a key, written in either alphabet of base64, with or without its padding."""
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnusableSetting(KeyUnreadable(key_id=key_id)) from None
    if len(key) != KEY_BYTES:
        raise UnusableSetting(KeyOfOtherSize(key_id=key_id, size=len(key), wanted=KEY_BYTES))
    return key


def _bound(parts: tuple[str, ...]) -> bytes:
    """The associated data; each part with its length, so that no two lists of parts are the same bytes."""
    return b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
