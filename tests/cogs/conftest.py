"""The real bot with the real services in a simulated Discord: a server, a channel, two members."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
import simcord

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.client.bot import PERMISSIONS, VibratoBot
from bot.database import Database
from bot.demo.songs import demo_records
from bot.documents import FeedbackEvent, Track
from bot.services.feedback import FeedbackService
from bot.services.moods import MoodService
from bot.services.playlists import PlaylistService
from cogs.feedback import FeedbackCog
from cogs.moods import MoodsCog
from cogs.vibe import VibeCog
from nlp.parser import VibeParser

RECORDS = demo_records()[:600]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running simulation. `channel` is where the bot may do everything that it asks for."""

    env: simcord.Env
    bot: VibratoBot
    guild: Any
    channel: Any
    ada: Any
    bo: Any

    async def vibe(self, text: str = "calm rainy sunday, soft piano", **options: Any) -> Any:
        """Ada asks in the channel."""
        return await self.ada.slash(self.channel, "vibe", text=text, **options)

    def closed_channel(self, name: str, **denied: bool) -> Any:
        """A channel in which the bot may not do some things."""
        role = self.guild.roles[self.env.backend.bot_user.name]
        return self.guild.create_text_channel(name, overwrites={role: discord.PermissionOverwrite(**denied)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Tracks as they lie in the database, and the catalogue of them."""

    documents: list[dict[str, Any]]
    catalogue: Catalogue


@dataclass(slots=True)
class Card:
    """A message as a member sees it."""

    components: list[dict[str, Any]]
    parts: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = list(_walk(self.components))

    @property
    def text(self) -> str:
        """All its text."""
        return "\n".join(part["content"] for part in self.parts if part["type"] == 10)

    @property
    def labels(self) -> list[str]:
        """Its buttons."""
        return [part["label"] for part in self.parts if part["type"] == 2]

    @property
    def playlist_id(self) -> str:
        """The playlist its buttons carry."""
        return next(part["custom_id"].split(":")[2] for part in self.parts if part.get("label") == "Again")

    def id_of(self, label: str) -> str:
        """The custom_id of a button."""
        return next(part["custom_id"] for part in self.parts if part.get("label") == label)

    @property
    def menu(self) -> dict[str, Any]:
        """Its menu."""
        return next(part for part in self.parts if part["type"] == 3)

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """Its pictures."""
        return [item for part in self.parts if part["type"] == 12 for item in part["items"]]


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components", []))
        if "accessory" in component:
            yield component["accessory"]


@pytest.fixture(scope="session")
def parser() -> VibeParser:
    return VibeParser.load()


@pytest.fixture(scope="session")
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield threads


@pytest.fixture
def make_bot(parser: VibeParser, executor: ThreadPoolExecutor) -> Callable[[Catalogue], VibratoBot]:
    """A bot with services of its own, on the database that the documents are bound to."""

    def make(catalogue: Catalogue) -> VibratoBot:
        moods, seeds = MoodService(), random.Random(1)
        playlists = PlaylistService(
            parser=parser,
            catalogue=catalogue,
            moods=moods,
            executor=executor,
            clock=lambda: datetime.now(UTC),
            seeds=lambda: seeds.randrange(2**31),
        )
        feedback = FeedbackService()
        return VibratoBot(cogs=(VibeCog, MoodsCog, FeedbackCog), playlists=playlists, feedback=feedback, moods=moods)

    return make


@pytest.fixture(scope="session")
async def stocked(opened_database: Database) -> Stock:
    """The imported tracks and the catalogue of them: made once, and put back for every test that asks for `stock`."""
    await import_records(RECORDS, "demo")
    documents = await Track.get_motor_collection().find().to_list(None)
    return Stock(documents=documents, catalogue=await Catalogue.load())


@pytest.fixture
async def stock(stocked: Stock, database: Database) -> Catalogue:
    await Track.get_motor_collection().insert_many(stocked.documents)
    return stocked.catalogue


@pytest.fixture
def bot(stock: Catalogue, make_bot: Callable[[Catalogue], VibratoBot]) -> VibratoBot:
    return make_bot(stock)


@pytest.fixture
async def stage(bot: VibratoBot) -> AsyncIterator[Stage]:
    async for opened in open_stage(bot):
        yield opened


async def open_stage(bot: VibratoBot, **options: Any) -> AsyncIterator[Stage]:
    env = simcord.Env(bot, **options)
    await env.start()
    try:
        with env.time_context():
            await bot.tree.sync()
        guild = env.create_guild("The Server")
        role = guild.roles[env.backend.bot_user.name]
        env.backend.edit_role(guild.id, role.id, {"permissions": PERMISSIONS.value})
        members = {name: guild.add_member(env.create_user(name.lower(), global_name=name)) for name in ("Ada", "Bo")}
        channel = guild.create_text_channel("music")
        yield Stage(env=env, bot=bot, guild=guild, channel=channel, ada=members["Ada"], bo=members["Bo"])
    finally:
        await env.shutdown()
    env.raise_errors()


@asynccontextmanager
async def keeping_time(env: simcord.Env) -> AsyncIterator[None]:
    """Let the simulation's clock go, which else stands still, and with it what waits for a database that is down."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(0.05)
            env.backend.advance_clock(0.2)

    task = asyncio.create_task(keep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def card() -> Callable[[Any], Card]:
    """A message of the simulation as a card."""

    def read(message: Any) -> Card:
        components = message.components
        return Card([part if isinstance(part, dict) else part.to_dict() for part in components])

    return read


@pytest.fixture
def events(database: Database) -> Callable[[], Any]:
    """All stored FeedbackEvents, in their order."""

    async def read() -> list[dict[str, Any]]:
        return await FeedbackEvent.get_motor_collection().find().sort("createdAt").to_list(None)

    return read
