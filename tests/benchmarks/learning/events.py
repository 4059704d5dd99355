"""Figures of events: how many are stored a second, whether one is lost or doubled, how soon a rating shows in a taste.

The database is a real one on the same machine; every tenth event is told twice, as Discord does after a broken line.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.database import open_database
from bot.demo.songs import demo_records
from bot.documents import FeedbackEvent, User, derived_key
from bot.generation.engine import prepare
from bot.services.feedback.event_store import Event, EventWriter
from bot.services.feedback.rating_values import VALUES
from bot.services.feedback.service import FeedbackService
from bot.services.feedback.taste_service import TasteService
from bot.services.members import Member, member
from bot.services.rate_limits import UNLIMITED
from bot.services.values import FeedbackKind, PlaylistView, Posted, Rating, ReactionRules, Requester, Stage, VibeRequest
from bot.settings import Settings
from bot.wiring import wire
from nlp.parser import VibeParser
from nlp.vibe import Vibe
from tests.benchmarks.figures import Figure

EVENTS = 50_000
DOORS = 500
"""How many wait for their event at a time."""

MEMBERS = 200
PRESSES = 1_000
A_SECOND = 50
SECONDS = 10

_KINDS: tuple[FeedbackKind, ...] = ("love", "like", "save", "dislike", "skip", "never", "more", "less", "again")


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """Storing alone first, then whole presses, then taste under a steady load."""
    del data  # the songs matter little here
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.read(_env_file=None, mongodb_uri=None, data_dir=Path(folder), log_level="ERROR")
        async with open_database(settings) as database:
            await database.wait_ready(30)
            await import_records(demo_records(), "demo")
            requesters = [_asker(number) for number in range(MEMBERS)]
            async for figure in _stored(requesters):
                yield figure
            view = await _playlist(requesters[0])
            async for figure in _pressed(view, requesters):
                yield figure
            async for figure in _visible(view, requesters):
                yield figure


def _asker(number: int) -> Requester:
    return Requester(user_id=str(1001 + number), display_name=f"M{number}", guild_id="77", channel_id="88")


async def _stored(requesters: Sequence[Requester]) -> AsyncIterator[Figure]:
    draw, writer = Random(11), EventWriter()
    members = [await member(requester) for requester in requesters]
    told = [_event(draw, number, draw.choice(members)) for number in range(EVENTS)]
    line = told + [told[number] for number in range(0, EVENTS, 10)]
    draw.shuffle(line)
    new = Counter[FeedbackKind]()

    async def tell(one: tuple[Event, Member]) -> None:
        if await writer.store(*one):
            new[one[0].kind] += 1

    seconds = await _by_doors(line, tell)
    on = f"{EVENTS:,} events and {EVENTS // 10:,} told twice, {DOORS} at a time, {MEMBERS} members"
    yield Figure(name="events stored", value=round(len(line) / seconds), unit="a second", on=on, wanted=">= 5000")
    kept = {raw["_id"]: raw["event"] async for raw in FeedbackEvent.plain().find({}, {"event": 1})}
    lost = sum(event.key not in kept for event, _ in told)
    yield Figure(name="events lost", value=lost, unit="events", on=on, wanted="0")
    doubled = max(0, len(kept) - EVENTS) + max(0, sum(new.values()) - EVENTS)
    yield Figure(name="events doubled", value=doubled, unit="events", on=on, wanted="0")
    for name, way in (("positive", 1), ("negative", -1)):
        kinds = {kind for kind, value in VALUES.items() if value * way > 0}
        share = [sum(kind in kinds for kind in found) for found in (kept.values(), (one.kind for one, _ in told))]
        value = 100 * share[0] / share[1]
        yield Figure(name=f"{name} events recorded", value=value, unit="%", on=f"{share[1]:,} told", wanted="100")


def _event(draw: Random, number: int, who: Member) -> tuple[Event, Member]:
    context = {"source": "menu", "where": {"guildId": "77", "channelId": "88", "messageId": "900"}}
    event = Event(
        key=derived_key("event", str(number)),
        user_id=who.id,
        playlist_id=derived_key("playlist", str(draw.randrange(1000))),
        kind=draw.choice(_KINDS),
        track_id=derived_key("track", str(draw.randrange(5000))),
        position=draw.randrange(1, 26),
        context=context | {"shown": {"songs": 25, "seed": number}, "models": {"score": "1"}},
    )
    return event, who


async def _by_doors(line: Sequence[Any], tell: Callable[[Any], Awaitable[None]]) -> float:
    """The seconds it takes DOORS tasks to tell everything, each the next thing as soon as its last one is stored."""
    rest = iter(line)

    async def door() -> None:
        for one in rest:
            await tell(one)

    started = time.perf_counter()
    await asyncio.gather(*(door() for _ in range(DOORS)))
    return time.perf_counter() - started


class _NoDiscord:
    """Takes cards, and posts them nowhere."""

    async def progress(self, stage: Stage) -> None:
        """Nobody looks."""

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted | None:
        """Said to stand in a channel."""
        return Posted(guild_id="77", channel_id="88", message_id=playlist.playlist_id)


async def _playlist(requester: Requester) -> PlaylistView:
    with ThreadPoolExecutor(1) as executor:
        services = wire(VibeParser.load(), await Catalogue.load(), executor, limits=UNLIMITED)
        return await services.playlists.create(VibeRequest(text="party", requester=requester), publisher=_NoDiscord())


async def _pressed(view: PlaylistView, requesters: Sequence[Requester]) -> AsyncIterator[Figure]:
    """Whole presses, as a member makes them: who it was, the playlist and its song read, the event stored."""
    feedback = FeedbackService()
    line = [_rating(view, requesters[number % MEMBERS], number) for number in range(PRESSES)]

    async def tell(rating: Rating) -> None:
        await feedback.rate(rating)

    seconds = await _by_doors(line, tell)
    on = f"{PRESSES:,} presses of {MEMBERS} members on the songs of one card"
    yield Figure(name="presses taken in whole", value=round(PRESSES / seconds), unit="a second", on=on)


def _rating(view: PlaylistView, requester: Requester, number: int) -> Rating:
    song = view.songs[number % len(view.songs)]
    kind: FeedbackKind = "love" if number % 3 else "skip"
    return Rating(
        requester=requester,
        playlist_id=view.playlist_id,
        event=kind,
        press_id=f"press {number}",
        track_id=song.track_id,
    )


async def _visible(view: PlaylistView, requesters: Sequence[Requester]) -> AsyncIterator[Figure]:
    """From a press to the moment at which the taste of its member holds it, while others press all the time."""
    catalogue = await Catalogue.load()
    library = prepare(catalogue.table)
    tastes = TasteService(library=lambda: library, clock=lambda: datetime.now(UTC))
    feedback, watched = FeedbackService(tastes=tastes), [_asker(number) for number in range(9000, 9040)]
    waits, pressing = [], asyncio.create_task(_steadily(feedback, view, requesters))
    for number, requester in enumerate(watched):
        await asyncio.sleep(SECONDS / len(watched) / 2)
        rating = _rating(view, requester, 100_000 + 3 * number + 1)
        started = time.perf_counter()
        await feedback.rate(rating)
        user_id = User.key_of(requester.user_id)
        found = await tastes.liking(user_id, vibe=Vibe(understood=True), guild_id="77", learning=True)
        assert rating.track_id in dict(found.taste.tracks), "a rating that was stored is not in the taste"
        waits.append(1e3 * (time.perf_counter() - started))
    rate = await pressing
    on = f"{len(watched)} presses while others press {rate:.0f} times a second, {len(library)} songs"
    yield Figure(
        name="taste visible, median", value=round(statistics.median(waits)), unit="ms", on=on, wanted="<= 1000"
    )
    yield Figure(name="taste visible, slowest", value=round(max(waits)), unit="ms", on=on, wanted="<= 1000")


async def _steadily(feedback: FeedbackService, view: PlaylistView, requesters: Sequence[Requester]) -> float:
    """Presses of others, A_SECOND of them in each of SECONDS; how many a second it came to be."""
    started, waiting = time.perf_counter(), []
    for number in range(A_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, started + number / A_SECOND - time.perf_counter()))
        rating = _rating(view, requesters[number % MEMBERS], 200_000 + number)
        waiting.append(asyncio.create_task(feedback.rate(rating)))
    await asyncio.gather(*waiting)
    return A_SECOND * SECONDS / (time.perf_counter() - started)
