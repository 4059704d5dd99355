"""Figures of training: what passes the gate and what does not, and what a million ratings cost.

VIBRATO_RATINGS names another number of ratings than a million.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from bson import ObjectId

from bot.database import open_database
from bot.documents import FeedbackEvent, GenerationSession, MoodQuery, Playlist, User, stamped_new
from bot.generation.learning.model_evaluation import compare
from bot.generation.learning.ranking import RankingWeights, Ratings
from bot.generation.values import Recipe
from bot.mongod import run_mongod
from bot.services.playlists.recipe_codec import recipe_fields
from bot.services.training.trainer import LATER, learn
from bot.settings import Settings
from nlp.parser import VibeParser
from tests.benchmarks.figures import Figure
from tests.generation.rated_worlds import AS_TODAY, OTHERWISE, PARTS, rated_world

NULLS = 200
PLANTED = 20
RATINGS = 1_000_000
NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TODAY = RankingWeights()

_PLAYLISTS = 10
_RATED = 8
_DAYS = 120
_BATCH = 5_000
_WISHES = ("rainy sunday, soft piano", "gym, 150 bpm", "happy 80s pop", "dark techno", "calm focus", "sad songs")


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """The gate first, then the million."""
    for figure in _gate():
        yield figure
    async for figure in _million(data):
        yield figure


def _gate() -> Iterator[Figure]:
    for name, truth in (("coins", None), ("today's weights are right", AS_TODAY)):
        passed = sum(_learned(seed, truth=truth) for seed in range(NULLS))
        on = f"{NULLS} trainings, seeds 0 to {NULLS - 1}, 60 members who rate 8 songs of 5 playlists: {name}"
        yield Figure(
            name="trainings without anything to learn that passed",
            value=100 * passed / NULLS,
            unit="%",
            on=on,
            wanted="<= 5",
        )
    for members in (60, 200):
        passed, share = 0, []
        for seed in range(PLANTED):
            ratings = rated_world(1000 + seed, members=members)
            verdict = learn(ratings, TODAY, seed=seed)
            later = ratings.only(ratings.at >= np.quantile(ratings.at, 1 - LATER))
            best = compare(
                later,
                TODAY,
                RankingWeights(version="truth", multipliers=tuple(zip(PARTS, OTHERWISE, strict=True))),
                seed=seed,
            )
            if verdict.comparison is None:
                raise AssertionError(verdict.lacking)
            passed += verdict.comparison.better
            share.append(verdict.comparison.auc_gain.value / best.auc_gain.value)
        on = f"{PLANTED} worlds of {members} members with planted weights, seeds 1000 to {999 + PLANTED}"
        yield Figure(
            name="trainings with something to learn that passed", value=100 * passed / PLANTED, unit="%", on=on
        )
        yield Figure(
            name="gain in AUC, of what the truth would gain", value=100 * float(np.mean(share)), unit="%", on=on
        )


def _learned(seed: int, **world: Any) -> bool:
    found = learn(rated_world(seed, **world), TODAY, seed=seed).comparison
    return found is not None and found.better


async def _million(data: Path | None) -> AsyncIterator[Figure]:
    number = int(os.environ.get("VIBRATO_RATINGS", RATINGS))
    file = None if data is None else data / "cat_spotify_tracks_114k" / "dataset.csv"
    songs = str(file) if file is not None and file.is_file() else None
    members = number // (_PLAYLISTS * _RATED)
    async with run_mongod() as server:
        settings = Settings.read(_env_file=None, mongodb_uri=server.uri, log_level="ERROR")
        async with open_database(settings) as database:
            await database.wait_ready(30)
            await _store(rated_world(1, members=members, playlists=_PLAYLISTS, rated=_RATED))
            told = {"uri": server.uri, "database": database.name, "songs": songs, "now": NOW.isoformat()}
            done = await _apart(told)
    catalogue = "the 114k table" if songs else "the demo catalogue"
    on = f"{number} ratings of {members} members, {catalogue} in memory, database on the same machine; {done['note']}"
    if not done["activated"]:
        raise AssertionError(f"planted weights were not put to use: {done['note']}")
    yield Figure(name="a million ratings, read to used", value=done["seconds"], unit="s", on=on, wanted="<= 60")
    worked = f"{done['workedHere']:.0f} s of the bot's process and {done['workedApart']:.0f} s of the one that fits"
    total = done["workedHere"] + done["workedApart"]
    yield Figure(name="a million ratings, processor time", value=total, unit="s", on=worked)
    apart, here, before = (round(done[name]) for name in ("apart", "here", "before"))
    memory = f"{apart} MB of the process that fits, and {here} MB of the bot's own, which had {before} before"
    most = done["here"] + done["apart"]
    yield Figure(name="a million ratings, memory", value=most, unit="MB", on=memory, wanted="<= 1000")
    yield Figure(name="a million ratings, the loop late by at most", value=done["late"], unit="ms", on=on)


async def _apart(told: dict[str, Any]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.learning.million", json.dumps(told), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise AssertionError(f"the training ended with code {process.returncode}")
    done: dict[str, Any] = json.loads(out)
    return done


async def _store(ratings: Ratings) -> None:
    """Everything as the services would have written it."""
    members = int(ratings.member.max()) + 1
    users = [ObjectId() for _ in range(members)]
    await _insert(User, ({"_id": key, "spotifyUserId": f"discord:{place}"} for place, key in enumerate(users)))
    tracks = [ObjectId() for _ in range(1000)]
    playlists = [ObjectId() for _ in range(len(ratings.starts) - 1)]
    await _insert(Playlist, _playlists(ratings, playlists, users, tracks))
    await _insert(FeedbackEvent, _events(ratings, playlists, users, tracks))
    parser = VibeParser.load()
    for place in range(24):
        vibe = parser.parse(_WISHES[place % len(_WISHES)])
        query, own = ObjectId(), {"userId": users[place]}
        await _insert(MoodQuery, [{"_id": query, **own, "parsed": vibe.to_dict(texts=False)}])
        recipe = {"recipe": recipe_fields(Recipe(vibe=vibe, seed=place)), "seed": place}
        await _insert(
            GenerationSession, [{"_id": ObjectId(), **own, "moodQueryId": query, "status": "completed", **recipe}]
        )


def _playlists(
    ratings: Ratings, playlists: list[ObjectId], users: list[ObjectId], tracks: list[ObjectId]
) -> Iterator[dict[str, Any]]:
    parts = list(ratings.parts)
    for place, key in enumerate(playlists):
        first, last = int(ratings.starts[place]), int(ratings.starts[place + 1])
        yield {
            "_id": key,
            "userId": users[place // _PLAYLISTS],
            "name": "A playlist",
            "tracks": [{"trackId": tracks[n % 1000], "position": n - first + 1} for n in range(first, last)],
            "exposure": {
                "parts": parts,
                "weights": ratings.weights[place].tolist(),
                "values": ratings.values[first:last].ravel().tolist(),
                "ranker": TODAY.version,
            },
        }


def _events(
    ratings: Ratings, playlists: list[ObjectId], users: list[ObjectId], tracks: list[ObjectId]
) -> Iterator[dict[str, Any]]:
    columns = (ratings.member, ratings.playlist, ratings.position, ratings.gain)
    step = timedelta(days=_DAYS) / _PLAYLISTS
    for member, playlist, position, gain in zip(*(column.tolist() for column in columns), strict=True):
        yield {
            "_id": ObjectId(),
            "userId": users[member],
            "playlistId": playlists[playlist],
            "trackId": tracks[(25 * playlist + position) % 1000],
            "position": position + 1,
            "event": "like" if gain > 0 else "dislike",
            "contextJson": {
                "source": "menu",
                "shown": {"songs": 25, "seed": playlist},
                "where": {"guildId": "77", "channelId": "88", "messageId": str(playlist)},
                "models": {"parser": "lexicon-1.0.0", "score": "1.1.0", "ranker": TODAY.version},
            },
            "createdAt": NOW - timedelta(days=_DAYS) + step * (playlist % _PLAYLISTS) + timedelta(seconds=position),
        }


async def _insert(document: Any, documents: Any) -> None:
    collection, batch = document.get_motor_collection(), []
    for raw in documents:
        batch.append(stamped_new(raw))
        if len(batch) == _BATCH:
            await collection.insert_many(batch, ordered=False)
            batch = []
    if batch:
        await collection.insert_many(batch, ordered=False)
