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

Likes = Callable[[dict[str, float], np.random.Generator], bool]
"""Whether a member likes a song with these parts."""


def loves(part: str, share: float) -> Likes:
    """Who likes songs that have more of a part than `share` of the songs shown, but for one answer in ten."""
    return lambda parts, draw: (parts[part] > share) == (draw.random() > 0.1)


async def rated_playlists(
    playlist_ids: list[str], likes: Likes, *, members: int, seed: int = 5, **context: Any
) -> list[PydanticObjectId]:
    """Each member is shown copies of these stored playlists and rates every song of them; their ids."""
    draw = np.random.default_rng(seed)
    originals = [await _original(playlist_id) for playlist_id in playlist_ids]
    users = [await User.of_discord(str(500_000 + seed * 1000 + number)) for number in range(members)]
    for number, user in enumerate(users):
        for place, (query, session, playlist) in enumerate(originals):
            moment = START + timedelta(days=place, minutes=number)
            ids = {
                name: derived_id("copy", name, str(user.id), str(place)) for name in ("query", "session", "playlist")
            }
            own = {"userId": user.id, "createdAt": moment, "updatedAt": moment}
            mine = {**playlist, **own, "_id": ids["playlist"], "sourceSessionId": ids["session"]}
            for document, raw in (
                (MoodQuery, {**query, **own, "_id": ids["query"]}),
                (GenerationSession, {**session, **own, "_id": ids["session"], "moodQueryId": ids["query"]}),
                (Playlist, mine),
            ):
                await document.get_motor_collection().insert_one(raw)
            await FeedbackEvent.get_motor_collection().insert_many(_ratings(mine, likes, draw, moment, context))
    return [user.id for user in users if user.id is not None]


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
