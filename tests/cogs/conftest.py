"""The real bot with the real services in a simulated Discord: a server, a channel, two members."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest

from bot.catalogue.index import Catalogue
from bot.client.bot import VibratoBot
from bot.database import Database
from bot.documents import FeedbackEvent, JobRun, Schedule
from bot.services.job_ledger import Ledger
from bot.services.rate_limits import UNLIMITED, RequestLimits
from bot.wiring import wire
from nlp.parser import VibeParser
from tests.cogs.staging import RECORDS, Card, Stage, open_stage
from tests.stocking import Stock, stocked_with


@pytest.fixture
def make_bot(parser: VibeParser, executor: ThreadPoolExecutor) -> Callable[[Catalogue], VibratoBot]:
    """A bot with services of its own, on the database that the documents are bound to."""

    def make(catalogue: Catalogue, limits: RequestLimits = UNLIMITED) -> VibratoBot:
        seeds = random.Random(1)
        return wire(parser, catalogue, executor, seeds=lambda: seeds.randrange(2**31), limits=limits).make_bot()

    return make


@pytest.fixture(scope="session")
async def stocked(opened_database: Database) -> Stock:
    """The imported tracks and the catalogue of them: made once, and put back for every test that asks for `stock`."""
    return await stocked_with(RECORDS)


@pytest.fixture
async def stock(stocked: Stock, database: Database) -> Catalogue:
    return await stocked.put_back()


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


@pytest.fixture
def mo(stage: Stage) -> Any:
    """A moderator."""
    role = stage.guild.create_role("Moderator", permissions=discord.Permissions(manage_guild=True))
    return stage.guild.add_member(stage.env.create_user("mo", global_name="Mo"), roles=[role])


@pytest.fixture
def tick(stage: Stage) -> Callable[..., Awaitable[str]]:
    """Lets the clock come to the time of the schedule that is next, or a while later; what the ledger says of it."""

    async def until(later: timedelta = timedelta(0), slot: datetime | None = None) -> str:
        if slot is None:
            raw = await Schedule.get_motor_collection().find_one({"nextAt": {"$gt": datetime(2000, 1, 1)}})
            assert raw is not None
            slot = raw["nextAt"]
        with stage.env.time_context():
            await Ledger().once("post-vibes", slot + later, stage.bot.services.schedules._poster.post_due)
        run = await JobRun.latest("post-vibes")
        assert run is not None
        return run.note or ""

    return until
