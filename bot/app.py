"""Opens and closes everything; with `bot.wiring`, the only file that knows all rooms.

Whatever lives long, the catalogue's refresh among it, belongs to the app and never to the bot: a bot may be made anew,
and in the simulated Discord nothing long-lived may start in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.catalogue.index import Catalogue
from bot.client.bot import VibratoBot
from bot.client.commands import CommandStore, FileCommandStore, sync_commands
from bot.database import Database, open_database
from bot.documents import GenerationSession
from bot.errors import BadSettings, DatabaseDown, DiscordRefused
from bot.features.sources import NOBODY, opened
from bot.log import set_up_logging
from bot.requests import Watcher
from bot.scheduler.clockwork import Clockwork
from bot.services.discovery.factory import bases_of
from bot.services.job_ledger import Ledger
from bot.services.rate_limits import RequestLimits
from bot.services.training.model_registry import register_models
from bot.settings import Settings
from bot.spotify.gateway import SpotifyGateway
from bot.web.callback import link_routes
from bot.web.health_state import Parts, watched
from bot.wiring import SpotifySide, WiredServices, wire

if TYPE_CHECKING:
    from nlp.parser import VibeParser

_log = logging.getLogger(__name__)

ARRIVALS_S = 2.0
"""How often the catalogue is asked whether songs came or went, and tried while it was never read."""

REFRESH_S = 60.0
"""How often every song is looked at for changes in its place; where a look takes long, a fiftieth of the time goes
into it."""

_LOOK_SHARE = 1 / 50
_ARRIVAL_SHARE = 1 / 4

STOP_S = 8.0
"""How long requests may go on after we were told to stop; with closing it stays below the 10 s that Docker gives."""

PAUSES_S = (1.0, 60.0)
"""The first and the longest pause before Discord is tried again."""

NO_LOGIN = (
    "DISCORD_TOKEN is not set. Make an application at https://discord.com/developers/applications, copy its bot's "
    "token into .env as DISCORD_TOKEN=..., and start again. Without a token: python -m bot demo"
)
BAD_LOGIN = "DISCORD_TOKEN: Discord does not know this token. Copy it anew from the page of your application's bot."

_PATIENCE_S = 30.0
_ANSWERING = ("discord.py: ", "CommandTree", "discord-ui")
"""How the tasks are called in which discord.py runs what members asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything that is open. `prepared` is set once the songs were read and the last run's leftovers cleared."""

    database: Database
    services: WiredServices
    prepared: asyncio.Event
    gateway: SpotifyGateway | None = None

    def make_bot(self, commands_store: CommandStore | None = None, watcher: Watcher | None = None) -> VibratoBot:
        """A bot with all cogs, on the open services."""
        return self.services.make_bot(commands_store, watcher)


@contextlib.asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """Everything, open for as long as the block lasts: log, database, parser, catalogue, services.

    When MongoDB is down, the app stands all the same, says so in the log and to members, and recovers by itself.
    Raises BadSettings, and NoServer when the embedded MongoDB does not start.
    """
    async with contextlib.AsyncExitStack() as stack:
        handler = set_up_logging(settings.log_level, settings.log_format)
        stack.callback(logging.getLogger().removeHandler, handler)
        executor = stack.enter_context(ThreadPoolExecutor(max_workers=1, thread_name_prefix="parser"))
        # The parser loads in its own thread while MongoDB starts.
        warming = asyncio.get_running_loop().run_in_executor(executor, load_parser)
        database = await stack.enter_async_context(open_database(settings))
        kept = None if settings.data_dir is None else settings.data_dir / "catalogue"
        parser, catalogue = await warming, Catalogue.from_records((), folder=kept)
        limits = RequestLimits(per_member=settings.member_limit, per_guild=settings.server_limit)
        spotify = SpotifySide.of(settings)
        stack.callback(spotify.close)
        outside = settings.discovery or settings.spotify_client_id is not None
        names = settings.feature_sources if outside else NOBODY
        doors = await stack.enter_async_context(opened(names, bases_of(settings), contact=settings.sources_contact))
        services = wire(
            parser,
            catalogue,
            executor,
            open_library=settings.library_import,
            limits=limits,
            spotify=spotify,
            doors=doors,
            discovery=settings.discovery,
            tags=settings.musicbrainz_tags,
        )
        if settings.discovery:
            await stack.enter_async_context(services.outside.discovery.running())
        upkeep = _Upkeep(database=database, services=services, parser_version=parser.version)
        await stack.enter_async_context(upkeep.running())
        await stack.enter_async_context(Clockwork(ledger=Ledger(), jobs=services.jobs()).running())
        yield App(database=database, services=services, prepared=upkeep.prepared, gateway=spotify.gateway)


def load_parser() -> VibeParser:
    """The parser, warm: the first request is as fast as the second."""
    from nlp.parser import VibeParser

    parser = VibeParser.load()
    parser.parse("rainy sunday, soft piano, no vocals, about an hour")
    return parser


class _Upkeep:
    """What goes on beside the requests: clearing up after the last run, and keeping the catalogue fresh."""

    def __init__(self, *, database: Database, services: WiredServices, parser_version: str) -> None:
        self._database = database
        self._services = services
        self._parser_version = parser_version
        self._next_look = 0.0
        self.prepared = asyncio.Event()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Prepared at once where the database is there, else as soon as it is; then fresh until the block ends."""
        if self._database.ready.is_set():
            await self._tick()
        task = asyncio.create_task(self._go_on(), name="upkeep")
        try:
            yield
        finally:
            await _ended(task)

    async def _go_on(self) -> None:
        took = 0.0
        while True:
            await asyncio.sleep(max(ARRIVALS_S, took / _ARRIVAL_SHARE))
            await self._database.ready.wait()
            started = time.monotonic()
            await self._tick()
            took = time.monotonic() - started

    async def _tick(self) -> None:
        try:
            if not self.prepared.is_set():
                await self._prepare()
            elif await self._freshened():
                await self._services.prepared.warm()
                _log.info("the catalogue changed: %d songs", self._services.catalogue.size)
        except DatabaseDown as down:
            _log.warning("MongoDB does not answer, so the catalogue stays as it is: %s", down.cause)
        except Exception:  # noqa: BLE001 - a door: one bad round may not end the upkeep
            _log.exception("upkeep failed")

    async def _freshened(self) -> bool:
        """Whether songs came, went or changed. Seldom every song is looked at, mostly only how many there are."""
        started = time.monotonic()
        if started < self._next_look:
            return await self._services.catalogue.catch_up()
        changed = await self._services.catalogue.refresh()
        now = time.monotonic()
        self._next_look = now + max(REFRESH_S, (now - started) / _LOOK_SHARE)
        return changed

    async def _prepare(self) -> None:
        left = await GenerationSession.fail_unfinished("the bot stopped before it was done")
        if left:
            _log.warning("%d requests of the last run were never finished and are marked as failed", left)
        await register_models(self._parser_version)
        await self._services.catalogue.catch_up()
        await self._services.prepared.warm()
        self.prepared.set()


async def run(settings: Settings, commands_file: Path) -> None:
    """The bot on Discord, until SIGTERM or SIGINT. Raises BadSettings when the token is missing or wrong."""
    if settings.discord_token is None:
        raise BadSettings((NO_LOGIN,))
    logging.getLogger("discord.client").addFilter(_in_one_line)
    await until_told_to_stop(_run(settings, settings.discord_token.get_secret_value(), commands_file))


async def _run(settings: Settings, token: str, commands_file: Path) -> None:
    store = FileCommandStore(commands_file)
    async with open_app(settings) as app:
        if app.services.catalogue.size:
            _log.info("ready with %d songs", app.services.catalogue.size)
        elif app.prepared.is_set():
            _log.warning('the catalogue is empty; bring songs in: python -m bot import FILE.csv, or discover "words"')
        parts = Parts(
            database=app.database,
            prepared=app.prepared,
            songs=lambda: app.services.catalogue.size,
            damaged=lambda: app.services.models.damaged,
            figures={} if app.gateway is None else app.gateway.figures(),
            refresh=None if app.gateway is None else app.gateway.refresh_figures,
        )

        public_url = app.services.accounts.public_url
        pages = link_routes(app.services.accounts, secure=public_url.startswith("https:")) if public_url else ()
        async with watched(parts, host=settings.web_host, port=settings.web_port, pages=pages) as watcher:

            def make_bot() -> VibratoBot:
                parts.bot = app.make_bot(store, watcher)
                return parts.bot

            await _serve(make_bot, token)


def _in_one_line(record: logging.LogRecord) -> bool:
    """A lost connection is no bug of ours: discord.py's traceback of it is left out of the log."""
    if record.exc_info and str(record.msg).startswith("Attempting a reconnect"):
        record.msg = f"{record.msg}: {record.exc_info[1]!r}"
        record.exc_info = None
    return True


async def sync(settings: Settings, commands_file: Path, guild_id: int | None) -> bool:
    """Register the commands with Discord if they changed, or at once on one server; True when they were.

    Needs no database. Raises BadSettings without a good token, DiscordRefused when Discord cannot be reached.
    """
    if settings.discord_token is None:
        raise BadSettings((NO_LOGIN,))
    with ThreadPoolExecutor(max_workers=1) as executor:
        bot = wire(load_parser(), Catalogue.from_records(()), executor).make_bot()
        try:
            async with bot:
                await bot.login(settings.discord_token.get_secret_value())
                if guild_id is None:
                    return await sync_commands(bot, FileCommandStore(commands_file))
                server = discord.Object(guild_id)
                bot.tree.copy_global_to(guild=server)
                await bot.tree.sync(guild=server)
                return True
        except discord.LoginFailure as failure:
            raise BadSettings((BAD_LOGIN,)) from failure
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise DiscordRefused(cause=f"{type(error).__name__}: {error}") from error


async def demo(settings: Settings, *, catalogue: Path | None, port: int, on_ready: Callable[[str], None]) -> None:
    """The bot in a local page that looks like Discord, with the invented songs or those of a file, until told to stop.

    Raises BadFile for a file that holds no songs, AlreadyRunning while another demo runs.
    """
    from bot.demo.folder import held_folder
    from bot.demo.page import run_demo

    if settings.data_dir is None:
        raise AssertionError("a demo has a folder")

    async def show() -> None:
        async with open_app(settings) as app:
            await _bring_songs(app, catalogue)
            await run_demo(app.make_bot, port=port, on_ready=on_ready, folder=folder)

    with held_folder(settings.data_dir) as folder:
        await until_told_to_stop(show())


async def _bring_songs(app: App, file: Path | None) -> None:
    """The songs of a file, or the invented ones, in the catalogue; those that stand there stay as they are."""
    from bot.catalogue.importer import import_csv, import_records
    from bot.demo.songs import demo_records

    await app.database.wait_ready(_PATIENCE_S)
    if file is None:
        await import_records(demo_records(), "demo")
    else:
        await import_csv(file)
    if await app.services.catalogue.refresh():
        await app.services.prepared.warm()


async def until_told_to_stop(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work` until it ends, or until SIGTERM or SIGINT; then requests under way may finish before it is ended."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            _log.info("told to stop; finishing what is under way")
            await _finished_requests()
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
        await _ended(stopping)
        if working.done():
            working.result()
        else:
            await _ended(working)


async def _finished_requests() -> None:
    """Waits for what members asked for, up to STOP_S; what takes longer is cancelled and leaves a failed session."""
    under_way = {task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)}
    if not under_way:
        return
    _, late = await asyncio.wait(under_way, timeout=STOP_S)
    for task in late:
        await _ended(task)


async def _serve(make_bot: Callable[[], VibratoBot], token: str) -> None:
    """The bot, connected; while Discord cannot be reached it is tried again, with pauses that grow to a minute."""
    pause, longest = PAUSES_S
    while True:
        bot = make_bot()
        try:
            async with bot:
                await bot.start(token)
            return
        except discord.LoginFailure as failure:
            raise BadSettings((BAD_LOGIN,)) from failure
        except (OSError, TimeoutError, aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound) as error:
            cause = f"{type(error).__name__}: {error}"
        except AttributeError:
            # What discord.py 2.7 ends with when the gateway is down at the first connect.
            if bot.ws is not None:
                raise
            cause = "its gateway does not answer"
        _log.warning("Discord cannot be reached (%s); trying again in %.0f s", cause, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, longest)


async def _ended(task: asyncio.Task[Any]) -> None:
    """Cancels a task and waits until it is gone."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
