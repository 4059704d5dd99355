"""What the doctor looks at of Spotify: the application, the keys for members' tokens, where browsers come back to."""

from __future__ import annotations

from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from bot.client.texts.facts.sentences import told
from bot.doctor.findings import Finding, broken, doubtful, fine
from bot.errors import UnusableSetting
from bot.services.accounts.token_encryption import Vault
from bot.services.accounts.views import CALLBACK, LOOPBACK, public_base
from bot.settings import Settings

Raw = dict[str, Any]

_NEW_KEY = "Make one and set it: python -m bot spotify new-key"


def linking(settings: Settings) -> Finding:
    """Whether accounts can be linked, and which redirect URI has to stand in the application at Spotify."""
    try:
        keys = None if settings.token_keys is None else Vault.of_setting(settings.token_keys.get_secret_value())
        base = LOOPBACK if settings.public_url is None else public_base(settings.public_url)
    except UnusableSetting as bad:
        what, _, fix = told(bad.fault).partition(". ")
        return broken("spotify", what, fix)
    if settings.spotify_client_id is None:
        return fine("spotify", "not set up: playlists go out as files, and songs come in by files")
    if keys is None:
        return doubtful("spotify", "TOKEN_KEYS is not set, so nobody can link an account", _NEW_KEY)
    if settings.public_url is not None and settings.web_port is None:
        return broken("spotify", "PUBLIC_URL is set, and nothing answers there without a WEB_PORT", "Set WEB_PORT.")
    how = "by a code that a page shows" if settings.public_url else "by an address that members paste"
    return fine("spotify", f"accounts are linked {how}; the redirect URI there has to be {base}{CALLBACK}")


async def token_keys(database: AsyncDatabase[Raw], settings: Settings) -> Finding:
    """Whether every stored token can be opened with the keys that are set."""
    used = [key for key in await _keys_in_use(database) if key]
    if not used:
        return fine("token keys", "no account is linked")
    written = "" if settings.token_keys is None else settings.token_keys.get_secret_value()
    here = {entry.partition(":")[0].strip() for entry in written.split(",")}
    missing = [key for key in used if key not in here]
    if missing:
        fix = "Put the old key back behind the new one, or have those members link their accounts again."
        return broken("token keys", f"tokens are encrypted with keys that TOKEN_KEYS lacks: {', '.join(missing)}", fix)
    old = len(used) - (written.partition(":")[0].strip() in used)
    return fine("token keys", "all there" + (f"; {old} old ones are still in use, so leave them there" if old else ""))


async def _keys_in_use(database: AsyncDatabase[Raw]) -> list[str]:
    """The ids of the keys that stored tokens name, in their order."""
    ciphers = {"$setUnion": [["$accessToken", "$refreshToken"]]}
    key = {"$arrayElemAt": [{"$split": ["$cipher", ":"]}, 0]}
    stages: list[Raw] = [
        {"$match": {"refreshToken": {"$type": "string"}, "accessToken": {"$type": "string"}}},
        {"$project": {"cipher": ciphers}},
        {"$unwind": "$cipher"},
        # What is no ciphertext of ours is not repeated: it may be a token that nobody encrypted.
        {"$match": {"cipher": {"$regex": "^[A-Za-z0-9_-]{1,20}:"}}},
        {"$group": {"_id": key}},
        {"$sort": {"_id": 1}},
    ]
    found = await database["authtokens"].aggregate(stages)
    return [str(raw["_id"]) for raw in await found.to_list(100)]
