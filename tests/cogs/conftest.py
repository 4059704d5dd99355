"""The real bot with the real services in a simulated Discord: a server, a channel, two members."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.client.bot import VibratoBot
from bot.database import Database
from bot.documents import FeedbackEvent, Track
from bot.services.limits import UNLIMITED, Limits
from bot.wiring import wire
from nlp.parser import VibeParser
from tests.cogs.staging import RECORDS, Card, Stage, Stock, open_stage


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

    def make(catalogue: Catalogue, limits: Limits = UNLIMITED) -> VibratoBot:
        seeds = random.Random(1)
        return wire(parser, catalogue, executor, seeds=lambda: seeds.randrange(2**31), limits=limits).make_bot()

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
    return Catalogue(stocked.catalogue._edition)  # the test's own: it may read other songs in


@pytest.fixture
def bot(stock: Catalogue, make_bot: Callable[[Catalogue], VibratoBot]) -> VibratoBot:
    return make_bot(stock)


@pytest.fixture
async def stage(bot: VibratoBot) -> AsyncIterator[Stage]:
    async for opened in open_stage(bot):
        yield opened


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
