"""What members see while songs are looked for: on a card, and while there is no song at all."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.database import Database
from bot.services.rate_limits import UNLIMITED
from bot.wiring import WiredServices, wire
from nlp.parser import VibeParser
from tests.cogs.staging import Card, Stage, open_stage
from tests.loopback.reccobeats import isrc, spotify_id
from tests.loopback.sources import World
from tests.loopback.sources import world as world


@pytest.fixture
async def services(
    database: Database, world: World, parser: VibeParser, executor: ThreadPoolExecutor
) -> AsyncIterator[WiredServices]:
    """Everything, on an empty catalogue, with workers that the app would own."""
    seeds = random.Random(1)
    made = wire(
        parser,
        Catalogue.from_records(()),
        executor,
        seeds=lambda: seeds.randrange(2**31),
        limits=UNLIMITED,
        doors=world.doors(),
        discovery=True,
    )
    async with made.outside.discovery.running():
        yield made


@pytest.fixture
async def stage(services: WiredServices) -> AsyncIterator[Stage]:
    async for opened in open_stage(services.make_bot()):
        yield opened


async def test_nobody_is_left_alone_with_an_empty_catalogue(
    stage: Stage, services: WiredServices, world: World, card: Callable[[Any], Card]
) -> None:
    told = card((await stage.vibe("calm jazz")).followups[-1])
    assert "no songs here yet" in told.text
    assert "python -m bot import" in told.text
    assert "python -m bot discover" in told.text
    moods = card((await stage.ada.slash(stage.channel, "moods")).response)
    assert "Happy" in moods.text
    world.reccobeats.know(1, artist="Miles Davis", energy=0.2, valence=0.3)
    shown = card((await stage.vibe("slow sad jazz")).response)
    assert "Song 1" in shown.text
    assert "1 new song was found for this" in shown.text


async def test_a_card_says_how_many_songs_were_found_for_it(
    stage: Stage, services: WiredServices, world: World, card: Callable[[Any], Card]
) -> None:
    calm = (("energy", 0.2), ("valence", 0.3), ("acousticness", 0.8))
    here = [
        TrackRecord(
            spotify_id=spotify_id(n),
            title=f"Here {n}",
            artists=(f"Artist {n}",),
            duration_ms=200_000,
            genres=("jazz",),
            features=calm,
        )
        for n in range(1, 7)
    ]
    await import_records(here, "csv")
    await services.catalogue.catch_up()
    world.reccobeats.know(1)
    world.reccobeats.recommended = [
        world.reccobeats.know(n, title=f"Found {n}", artist=f"New {n}", energy=0.2, valence=0.3) for n in range(10, 14)
    ]
    for number in range(10, 14):
        world.deezer.know(isrc(number), genres=("Jazz",))
    shown = card((await stage.vibe("calm jazz", songs=10)).response)
    assert "4 new songs were found for this." in shown.text
    assert "Found 1" in shown.text
