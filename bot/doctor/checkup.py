"""The whole examination, in the order in which one thing needs the other."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from bot.doctor import application, contents, machine, server, spotify
from bot.doctor.findings import Finding, broken, fine
from bot.errors import BadSettings
from bot.settings import Settings


async def checkup(
    read: Callable[[], Settings], *, home: Path, env_file: Path = Path(".env"), now: Callable[[], float] = time.time
) -> AsyncIterator[Finding]:
    """Everything that was found, one after the other.

    `read` gives the settings, `home` is the folder for data when they name none, `now` our clock in seconds.
    """
    yield machine.python()
    try:
        settings = read()
    except BadSettings as bad:
        for reason in bad.reasons:
            yield _of_settings(reason)
        return
    yield fine("settings", "can be used")
    yield machine.secrets(env_file)
    yield machine.folder(settings, home)
    yield machine.disk(settings, home)
    yield await machine.port(settings)
    yield spotify.linking(settings)
    async for finding in _of_discord(settings):
        yield finding
    async for finding in _of_database(settings, now):
        yield finding


def _of_settings(reason: str) -> Finding:
    """One wrong setting; its reason is "NAME: what is wrong. What to do."."""
    what, _, fix = reason.partition(". ")
    name = "secrets" if "_FILE" in what.partition(":")[0] else "settings"
    return broken(name, what, fix or "Correct it in .env or in the environment; .env.example names every variable.")


async def _of_discord(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.discord_token.get_secret_value() if settings.discord_token else None
    form = application.token_form(token)
    yield form
    if token and form.state == "ok":
        for finding in await application.ask_discord(token):
            yield finding


async def _of_database(settings: Settings, now: Callable[[], float]) -> AsyncIterator[Finding]:
    async with AsyncExitStack() as stack:
        if settings.mongodb_uri is not None:
            uri: str | None = settings.mongodb_uri.get_secret_value()
        else:
            found, uri = await stack.enter_async_context(machine.embedded(settings))
            yield found
        if uri is None:
            return
        client = server.connect(uri)
        if isinstance(client, Finding):
            yield client
            return
        stack.push_async_callback(client.close)
        async for finding in _of_server(client, settings, now):
            yield finding


async def _of_server(
    client: AsyncMongoClient[dict[str, Any]], settings: Settings, now: Callable[[], float]
) -> AsyncIterator[Finding]:
    reached = await server.reach(client)
    yield reached
    if reached.state != "ok":
        return
    name = _database_of(client, settings)
    try:
        yield await server.version(client)
        yield await server.replica_set(client)
        yield await server.clock(client, now)
        allowed = await server.rights(client, name)
        yield allowed
        if allowed.state != "ok":
            return
        yield await server.server_disk(client, name)
        for look in (contents.schema, contents.indexes, contents.catalogue, contents.index_age, contents.models):
            yield await look(client[name])
        yield await spotify.token_keys(client[name], settings)
    except PyMongoError as error:
        fix = "See that MongoDB runs, and look into its log."
        yield broken("database", f"stopped answering: {type(error).__name__}", fix, down=True)


def _database_of(client: AsyncMongoClient[dict[str, Any]], settings: Settings) -> str:
    """The database that the bot uses: as set, else as the address names it, else the default."""
    if "mongodb_database" in settings.model_fields_set:
        return settings.mongodb_database
    return client.get_default_database(settings.mongodb_database).name
