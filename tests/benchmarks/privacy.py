"""Figures of a member's rights: how long a copy of everything takes, and deleting everything."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from beanie import PydanticObjectId
from bson import ObjectId

from bot.catalogue.importer import import_records
from bot.client.texts.messages import ENGLISH
from bot.database import open_database
from bot.demo.songs import demo_records
from bot.documents import DOCUMENTS, FeedbackEvent, GenerationSession, MoodQuery, Playlist, Track, User, stamped_new
from bot.services.privacy.service import PrivacyService
from bot.services.values import Requester
from bot.settings import Settings
from tests.benchmarks.figures import Figure

EVENTS, PLAYLISTS, OTHERS = 10_000, 400, 5
"""Events of each member, playlists of each (25 songs, 200 candidates), and how many other members there are."""

_LIMIT = 10_000_000
_ADA = Requester(user_id="1001", display_name="Ada", guild_id=None, channel_id="1")


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """Fills a database with members of 10,000 events each, then exports and deletes one of them."""
    del data  # the songs matter little here
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.read(_env_file=None, mongodb_uri=None, data_dir=Path(folder), log_level="WARNING")
        async with open_database(settings) as database:
            await database.wait_ready(30)
            await import_records(demo_records(), "demo")
            tracks = [raw["_id"] async for raw in Track.get_motor_collection().find({}, {"_id": 1})]
            for number in range(OTHERS + 1):
                await _fill(str(1001 + number), tracks)
            privacy = PrivacyService(clock=lambda: datetime.now(UTC))
            on = f"{EVENTS} events, {PLAYLISTS} playlists of {OTHERS + 1} members each, database on the same machine"
            started = time.perf_counter()
            export = await privacy.export(_ADA, limit=_LIMIT, explain=ENGLISH.export_explained)
            yield Figure(name="export", value=time.perf_counter() - started, unit="s", on=on, wanted="<= 5")
            yield Figure(name="export, size", value=len(export.content) / 1e6, unit="MB", on=on, wanted="<= 10")
            started = time.perf_counter()
            erased = await privacy.erase(_ADA)
            yield Figure(name="delete everything", value=time.perf_counter() - started, unit="s", on=on, wanted="<= 10")
            yield Figure(name="deleted documents", value=erased.total, unit="documents", on=on)
            left = sum([await _left(document) for document in DOCUMENTS])
            yield Figure(name="left of the member", value=left, unit="documents", on=on, wanted="0")


async def _left(document: type) -> int:
    user_id = User.id_of(_ADA.user_id)
    mine = {"$or": [{"userId": user_id}, {"_id": user_id}, {"_id": f"member:{_ADA.user_id}"}]}
    return int(await document.get_motor_collection().count_documents(mine))


async def _fill(discord_id: str, tracks: list[ObjectId]) -> None:
    draw, user = Random(int(discord_id)), await User.of_discord(discord_id, "Somebody")
    queries, sessions, playlists, events = [], [], [], []
    start = datetime.now(UTC) - timedelta(days=60)
    for number in range(PLAYLISTS):
        query, session, playlist = PydanticObjectId(), PydanticObjectId(), PydanticObjectId()
        at = {"createdAt": start + timedelta(hours=number)}
        queries.append(stamped_new({"_id": query, "userId": user.id, "rawText": "calm piano", "parsed": {}} | at))
        considered = draw.sample(tracks, 200)
        candidates = [
            {"trackId": key, "score": draw.random(), "parts": {"energy": draw.random()}, "reasons": ["calm, as asked"]}
            for key in considered
        ]
        sessions.append(
            stamped_new({"_id": session, "userId": user.id, "moodQueryId": query, "candidates": candidates} | at)
        )
        songs = [{"trackId": key, "position": place} for place, key in enumerate(considered[:25], start=1)]
        playlists.append(
            stamped_new({"_id": playlist, "userId": user.id, "sourceSessionId": session, "tracks": songs} | at)
        )
    for _ in range(EVENTS):
        fields = {"userId": user.id, "event": draw.choice(("love", "skip", "like")), "trackId": draw.choice(tracks)}
        context = {"source": "button", "where": {"channelId": "1"}, "shown": {"songs": 25}}
        events.append(stamped_new(fields | {"playlistId": draw.choice(playlists)["_id"], "contextJson": context}))
    for document, rows in (
        (MoodQuery, queries),
        (GenerationSession, sessions),
        (Playlist, playlists),
        (FeedbackEvent, events),
    ):
        await document.get_motor_collection().insert_many(rows)
