"""The secrets of linking, and how they are compared: states, the marks of browsers, and the code that is typed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

STATE_BYTES = 32
"""256 bits for a state, and for the mark of a browser."""

CODE_SIGNS = 8
"""40 bits for the code: with five tries, one chance in 2 * 10^11."""

TRIES = 5

LONGEST = 4000
"""Signs of an address that is pasted: what Discord takes in a form."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O or U, so that no sign is taken for another."""
_MEANT = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What Spotify sent back by the browser: the state, and a code or an error."""

    state: str
    code: str = ""
    error: str = ""


def new_secret() -> str:
    """A state, or the mark of a browser: 43 signs that an address takes as they are."""
    return secrets.token_urlsafe(STATE_BYTES)


def is_secret(text: str) -> bool:
    """Whether it has the form of one; nothing else is looked up."""
    return len(text) == 43 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def new_code() -> str:
    """A code as it is shown: "ABCD-2345"."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_SIGNS))
    return f"{code[:4]}-{code[4:]}"


def meant(typed: str) -> str:
    """A code as it was meant: without regard to case, spaces and dashes, with O for 0 and I or L for 1."""
    return "".join(sign for sign in typed[:100].upper().translate(_MEANT) if sign in _ALPHABET)


def hashed(purpose: str, secret: str) -> str:
    """What is stored of a secret. States have 256 bits, and a code dies with its five tries, so no salt is needed."""
    return hashlib.sha256(f"{purpose}\0{secret}".encode()).hexdigest()


def same(hash_: str, purpose: str, secret: str) -> bool:
    """Whether a secret is the hashed one, in a time that tells nothing."""
    return hmac.compare_digest(hash_, hashed(purpose, secret))


def returned(query: dict[str, str]) -> Returned | None:
    """The answer in a query; None when there is no state of ours, or neither a code nor an error."""
    state, code, error = (query.get(name, "")[:LONGEST] for name in ("state", "code", "error"))
    return Returned(state=state, code=code, error=error) if is_secret(state) and (code or error) else None


def pasted(text: str) -> Returned | None:
    """The answer in an address that a member pasted, with or without what browsers leave off; None without one."""
    try:
        query = urlsplit(text.strip().strip("<>")[:LONGEST]).query
    except ValueError:
        return None
    return returned({name: values[0] for name, values in parse_qs(query).items()})
