"""What a member's own feedback says about the next playlist: a liking that fades, and songs that never come again."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId

from bot.documents import FeedbackEvent, Playlist, Track
from bot.generation.values import Taste

EVENT_LIMIT = 500
"""Newest events that are read; older ones have faded."""

SET_LIMIT = 20
"""Newest ratings of whole sets that are spread over their songs."""

HALF_LIFE = timedelta(days=60)
"""After this an opinion counts half. A judgement: long enough for a season, short enough to change one's mind."""

OPINIONS: Mapping[str, float] = {"love": 1.0, "save": 0.7, "like": 0.6, "skip": -0.3, "dislike": -0.7, "never": -1.0}
"""What each event says about its song, from -1 to 1. Judgement, in the order that members mean them."""

SET_SHARE = 0.25
"""How much of an opinion about a whole set each of its songs takes."""

ARTIST_SHARE, GENRE_SHARE = 0.6, 0.3
"""How much of the opinions about its songs an artist and a genre take."""

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Liking:
    """A member's taste as the engine takes it, and the songs that they never want to hear again."""

    taste: Taste
    left_out: frozenset[str]


async def liking_of(user_id: ObjectId, now: datetime) -> Liking:
    """Reads the member's newest events, and every "never again" however old it is."""
    events = await _newest_events(user_id)
    opinions = song_opinions(events, await _set_songs(events), now)
    tracks = await _tracks(list(opinions))
    return Liking(taste=taste_from(opinions, tracks), left_out=await _never_again(user_id))


def song_opinions(
    events: Sequence[Raw], sets: Mapping[ObjectId, Sequence[ObjectId]], now: datetime
) -> dict[ObjectId, float]:
    """The liking of each song, from -1 to 1; `events` newest first, `sets` the songs of the rated playlists.

    Of several opinions about one song the newest holds; opinions about sets add up beneath it.
    """
    taken_back = {event.get("undoes") for event in events}
    direct: dict[ObjectId, float] = {}
    spread: dict[ObjectId, float] = defaultdict(float)
    for event in events:
        opinion = OPINIONS.get(event["event"])
        if opinion is None or event["_id"] in taken_back:
            continue
        faded = opinion * fading(event["createdAt"], now)
        if event.get("trackId") is not None:
            direct.setdefault(event["trackId"], faded)
        else:
            for track_id in sets.get(event.get("playlistId") or ObjectId(), ()):
                spread[track_id] += SET_SHARE * faded
    return {track_id: math.tanh(amount) for track_id, amount in spread.items()} | direct


def fading(then: datetime, now: datetime) -> float:
    """The share of an opinion that is left, 1 when it is fresh."""
    age = now - (then if then.tzinfo else then.replace(tzinfo=UTC))
    return float(0.5 ** (max(age, timedelta()) / HALF_LIFE))


def taste_from(opinions: Mapping[ObjectId, float], tracks: Iterable[Raw]) -> Taste:
    """The likings of songs carried over to their artists and genres, each kept within -1 and 1."""
    artists: dict[str, float] = defaultdict(float)
    genres: dict[str, float] = defaultdict(float)
    for track in tracks:
        opinion = opinions.get(track["_id"], 0.0)
        for artist in track.get("artists") or ():
            artists[artist.get("name", "")] += ARTIST_SHARE * opinion
        for genre in track.get("genres") or ():
            genres[genre] += GENRE_SHARE * opinion
    return Taste(
        tracks=tuple(sorted((str(track_id), opinion) for track_id, opinion in opinions.items())),
        artists=tuple(sorted((name, math.tanh(sum_)) for name, sum_ in artists.items() if name)),
        genres=tuple(sorted((name, math.tanh(sum_)) for name, sum_ in genres.items())),
    )


async def _newest_events(user_id: ObjectId) -> list[Raw]:
    fields = {"event": 1, "trackId": 1, "playlistId": 1, "undoes": 1, "createdAt": 1}
    # What was said while learning was paused teaches nothing; what was taken back then is taken back.
    teaching = {"$or": [{"contextJson.learning": {"$ne": False}}, {"event": {"$in": ["undo", "remove"]}}]}
    cursor = FeedbackEvent.get_motor_collection().find({"userId": user_id, **teaching}, fields).sort("createdAt", -1)
    found: list[Raw] = await cursor.limit(EVENT_LIMIT).to_list(EVENT_LIMIT)
    return found


async def _set_songs(events: Iterable[Raw]) -> dict[ObjectId, list[ObjectId]]:
    """The songs of the newest rated sets."""
    rated = dict.fromkeys(
        event["playlistId"]
        for event in events
        if event["event"] in OPINIONS and event.get("trackId") is None and event.get("playlistId") is not None
    )
    wanted = list(rated)[:SET_LIMIT]
    if not wanted:
        return {}
    cursor = Playlist.get_motor_collection().find({"_id": {"$in": wanted}}, {"tracks.trackId": 1})
    return {found["_id"]: [entry["trackId"] for entry in found["tracks"]] for found in await cursor.to_list(SET_LIMIT)}


async def _tracks(track_ids: list[ObjectId]) -> list[Raw]:
    if not track_ids:
        return []
    fields = {"artists.name": 1, "genres": 1}
    found: list[Raw] = (
        await Track.get_motor_collection().find({"_id": {"$in": track_ids}}, fields).to_list(len(track_ids))
    )
    return found


async def _never_again(user_id: ObjectId) -> frozenset[str]:
    """Every song that the member banned and did not take back. Bans do not fade."""
    events = FeedbackEvent.get_motor_collection()
    kinds = {"$in": ["never", "undo", "remove"]}
    cursor = events.find({"userId": user_id, "event": kinds}, {"event": 1, "trackId": 1, "undoes": 1})
    found = await cursor.to_list(None)
    taken_back = {event.get("undoes") for event in found}
    return frozenset(
        str(event["trackId"])
        for event in found
        if event["event"] == "never" and event.get("trackId") is not None and event["_id"] not in taken_back
    )
