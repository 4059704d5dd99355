"""The names of the buttons and forms about a member's accounts: see `playlist_ids`; up to 100 characters."""

from __future__ import annotations

from typing import Literal, get_args

AccountAction = Literal["link", "sync", "ask", "unlink", "keep", "note", "stop", "link-all", "unlink-all"]
"""What is done with an account; `ask` asks before `unlink`, `note` and `stop` are about what is played."""

LinkProof = Literal["code", "paste"]
"""How a link is ended: with the code that the browser shows, or with the address that it ended at."""

Whose = Literal["own", "all"]
"""Whether the account is the member's own, or that which keeps playlists for everyone."""

ACCOUNT = rf"vibrato:account:(?P<action>{'|'.join(get_args(AccountAction))})"
PROVE = rf"vibrato:link:(?P<proof>{'|'.join(get_args(LinkProof))}):(?P<whose>own|all)"
PROVED = rf"vibrato:proof:(?P<proof>{'|'.join(get_args(LinkProof))}):(?P<whose>own|all)"


def account(action: AccountAction) -> str:
    """Do something with an account."""
    return f"vibrato:account:{action}"


def prove(proof: LinkProof, whose: Whose) -> str:
    """Open the form that ends a link."""
    return f"vibrato:link:{proof}:{whose}"


def proved(proof: LinkProof, whose: Whose) -> str:
    """That form."""
    return f"vibrato:proof:{proof}:{whose}"
