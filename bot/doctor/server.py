"""What the doctor looks at on the MongoDB server: that it answers, version, rights, replica set, clock and disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError

from bot.database import OLDEST_VERSION
from bot.doctor.findings import Finding, broken, doubtful, fine
from bot.doctor.machine import room

PATIENCE_MS = 4_000
"""How long a server may take to answer."""

SKEW_WARN_S, SKEW_BROKEN_S = 2.0, 30.0
"""By how much our clock may differ from the server's; leases and limits are counted by the server's."""

TRIAL = "doctor_trial"
"""The collection in which our rights are tried; it is removed at once."""

_AUTHENTICATION_FAILED, _UNAUTHORIZED = 18, 13


def connect(uri: str) -> AsyncMongoClient[dict[str, Any]] | Finding:
    """A client for the address, or why there is none."""
    try:
        return AsyncMongoClient(uri, serverSelectionTimeoutMS=PATIENCE_MS, timeoutMS=PATIENCE_MS, tz_aware=True)
    except (ConfigurationError, InvalidURI, ValueError) as error:
        fix = "Write it as mongodb://user:password@host:27017/?replicaSet=name"
        return broken("database", f"MONGODB_URI cannot be used: {error}", fix)


async def reach(client: AsyncMongoClient[dict[str, Any]]) -> Finding:
    """Whether the server answers, and lets us in."""
    started = time.perf_counter()
    try:
        await client.admin.command("ping")
    except OperationFailure as error:
        return _refused("database", error)
    except PyMongoError as error:
        fix = "See that MongoDB runs, that MONGODB_URI names it, and that no firewall is in between."
        return broken("database", f"does not answer: {_short(error)}", fix, down=True)
    return fine("database", f"answers in {1000 * (time.perf_counter() - started):.0f} ms")


async def version(client: AsyncMongoClient[dict[str, Any]]) -> Finding:
    """Whether the server is new enough."""
    build = await client.admin.command("buildInfo")
    found = f"MongoDB {build['version']}"
    if build["versionArray"][0] < OLDEST_VERSION:
        return broken("database version", found, f"Update it: {OLDEST_VERSION} is the oldest, 7 or later is better.")
    return fine("database version", found)


async def rights(client: AsyncMongoClient[dict[str, Any]], database: str) -> Finding:
    """Whether we may read, write and make indexes: tried in a collection of its own, which is gone afterwards."""
    trial = client[database][TRIAL]
    try:
        await trial.insert_one({"tried": 1})
        await trial.create_index("tried")
        await trial.update_one({"tried": 1}, {"$set": {"tried": 2}})
        await trial.find_one({"tried": 2})
        await trial.drop()
    except OperationFailure as error:
        return _refused("database rights", error, database)
    return fine("database rights", f"may read and write {database}")


async def replica_set(client: AsyncMongoClient[dict[str, Any]]) -> Finding:
    """Whether there is one: without it a write that was lost on its way is not tried again."""
    hello = await client.admin.command("hello")
    if hello.get("msg") == "isdbgrid":
        return fine("replica set", "sharded")
    if "setName" not in hello:
        fix = "Start MongoDB with --replSet vibrato, once call rs.initiate() in mongosh, and add ?replicaSet=vibrato."
        return broken("replica set", "none, so a write lost on its way is not tried again", fix)
    return fine("replica set", f"{hello['setName']}, {len(hello.get('hosts', ()))} member(s)")


async def clock(client: AsyncMongoClient[dict[str, Any]], now: Callable[[], float]) -> Finding:
    """Whether our clock (`now`, in seconds) and the server's agree."""
    before = now()
    hello = await client.admin.command("hello")
    skew = (before + now()) / 2 - hello["localTime"].timestamp()
    found = f"{abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} the server's"
    fix = "Let both machines keep the time by NTP (timedatectl set-ntp true)."
    if abs(skew) >= SKEW_BROKEN_S:
        return broken("clock", found, fix)
    return doubtful("clock", found, fix) if abs(skew) >= SKEW_WARN_S else fine("clock", found)


async def server_disk(client: AsyncMongoClient[dict[str, Any]], database: str) -> Finding:
    """How much room the server has, where it tells."""
    stats = await client[database].command("dbStats")
    if "fsTotalSize" not in stats:
        return fine("database disk", "the server does not tell")
    return room("database disk", int(stats["fsTotalSize"] - stats["fsUsedSize"]), "the server's data")


def _refused(name: str, error: OperationFailure, database: str = "vibrato") -> Finding:
    if error.code == _AUTHENTICATION_FAILED:
        return broken(
            name, "the server refuses the user or the password", "Correct both in MONGODB_URI; see authSource too."
        )
    if error.code == _UNAUTHORIZED:
        fix = (
            f'Give the user the role readWrite: db.grantRolesToUser("user", [{{role: "readWrite", db: "{database}"}}])'
        )
        return broken(name, f"our user may not do that: {_short(error)}", fix)
    return broken(name, f"the server refuses: {_short(error)}", "See the log of MongoDB.", down=True)


def _short(error: PyMongoError) -> str:
    return str(error).split(", full error", 1)[0].split(", Timeout:", 1)[0][:200]
