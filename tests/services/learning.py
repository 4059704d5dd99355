"""Members who rated, as they lie in the database: one real playlist told again for many of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from beanie import PydanticObjectId

from bot.documents import FeedbackEvent, GenerationSession, MoodQuery, Playlist, User, derived_id, stamped_new

START = datetime(2026, 11, 1, tzinfo=UTC)
NOW = START + timedelta(days=10)
PARTS = ("energy", "brightness", "sound")

Likes = Callable[[dict[str, float], np.random.Generator], bool]
"""Whether a member likes a song with these parts."""


def loves(energy: float) -> Likes:
    """Who likes energy so much, from 0 to 1, and brightness for the rest, but for one answer in ten."""

    def likes(parts: dict[str, float], draw: np.random.Generator) -> bool:
        return (energy * parts["energy"] + (1 - energy) * parts["brightness"] > 0.5) == (draw.random() > 0.1)

    return likes


async def rated_playlists(
    playlist_ids: list[str], likes: Likes, *, members: int, seed: int = 5, **context: Any
) -> list[str]:
    """Each member is shown copies of these stored playlists, and rates every song; the ids of the members."""
    draw = np.random.default_rng(seed)
    originals = [await _original(playlist_id) for playlist_id in playlist_ids]
    users = [await User.of_discord(str(500_000 + seed * 1000 + number)) for number in range(members)]
    kept: dict[Any, list[dict[str, Any]]] = {MoodQuery: [], GenerationSession: [], Playlist: [], FeedbackEvent: []}
    for number, user in enumerate(users):
        for place, (query, session, playlist) in enumerate(originals):
            moment = START + timedelta(days=place, minutes=number)
            keys = {name: derived_id("copy", name, str(user.id), str(place)) for name in ("query", "session", "list")}
            own = {"userId": user.id, "createdAt": moment, "updatedAt": moment}
            kept[MoodQuery].append({**query, **own, "_id": keys["query"]})
            kept[GenerationSession].append({**session, **own, "_id": keys["session"], "moodQueryId": keys["query"]})
            shown = _exposure(len(playlist["tracks"]), draw)
            mine = {**playlist, **own, "_id": keys["list"], "sourceSessionId": keys["session"], "exposure": shown}
            kept[Playlist].append(mine)
            kept[FeedbackEvent] += _ratings(mine, likes, draw, moment, context)
    for document, raws in kept.items():
        await document.get_motor_collection().insert_many(raws)
    return [user.own_key for user in users]


def _exposure(songs: int, draw: np.random.Generator) -> dict[str, Any]:
    """Songs whose parts are drawn: what the engine makes of the words plays no part in what is to be learned."""
    values = draw.integers(0, 1001, size=songs * len(PARTS)).tolist()
    return {"parts": list(PARTS), "weights": [1.0] * len(PARTS), "values": values, "ranker": "built-in"}


async def _original(playlist_id: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    playlist = await Playlist.get_motor_collection().find_one({"_id": PydanticObjectId(playlist_id)})
    session = await GenerationSession.get_motor_collection().find_one({"_id": playlist["sourceSessionId"]})
    query = await MoodQuery.get_motor_collection().find_one({"_id": session["moodQueryId"]})
    return query, session, playlist


def _ratings(
    playlist: dict[str, Any], likes: Likes, draw: np.random.Generator, moment: datetime, context: dict[str, Any]
) -> list[dict[str, Any]]:
    exposure = playlist["exposure"]
    names = exposure["parts"]
    values = np.array(exposure["values"]).reshape(-1, len(names)) / 1000
    return [
        stamped_new(
            {
                "_id": PydanticObjectId(),
                "userId": playlist["userId"],
                "playlistId": playlist["_id"],
                "trackId": track["trackId"],
                "position": track["position"],
                "event": "like" if likes(dict(zip(names, row, strict=True)), draw) else "dislike",
                "contextJson": {"source": "menu", "where": {"guildId": "77"}, **context},
                "createdAt": moment + timedelta(seconds=track["position"]),
            }
        )
        for track, row in zip(playlist["tracks"], values, strict=True)
    ]
