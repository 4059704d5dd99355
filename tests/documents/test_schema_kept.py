"""Our documents beside a Mongoose application: the same collections, names, indexes; nothing of the other's is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from bson import ObjectId

from bot.database import Database
from bot.documents import (
    DOCUMENTS,
    AuthToken,
    FeedbackEvent,
    GenerationSession,
    GroupShare,
    JobRun,
    ModelRegistry,
    Mood,
    MoodQuery,
    Playlist,
    PostedCard,
    Publication,
    Schedule,
    Stored,
    TasteShare,
    Track,
    User,
    UserLibrary,
)

COLLECTIONS = {
    User: "users",
    AuthToken: "authtokens",
    Track: "tracks",
    UserLibrary: "userlibraries",
    MoodQuery: "moodqueries",
    GenerationSession: "generationsessions",
    Playlist: "playlists",
    FeedbackEvent: "feedbackevents",
    Mood: "moods",
    ModelRegistry: "modelregistries",
}

INDEXES = {
    ("users", "spotifyUserId_1", True),
    ("authtokens", "userId_1_provider_1", False),
    ("authtokens", "expiresAt_1", False),
    ("tracks", "spotifyTrackId_1", True),
    ("tracks", "artists.name_1", False),
    ("tracks", "album.name_1", False),
    ("userlibraries", "userId_1_trackId_1", True),
    ("userlibraries", "userId_1_savedAt_1", False),
    ("moodqueries", "userId_1_createdAt_1", False),
    ("generationsessions", "userId_1_createdAt_1", False),
    ("generationsessions", "moodQueryId_1", False),
    ("playlists", "userId_1_updatedAt_1", False),
    ("playlists", "spotifyPlaylistId_1", False),
    ("feedbackevents", "userId_1_createdAt_1", False),
    ("feedbackevents", "trackId_1_event_1", False),
    ("moods", "key_1", True),
    ("moods", "order_1", False),
    ("modelregistries", "name_1_version_1", True),
    ("modelregistries", "activatedAt_1", False),
}

ONE, TWO, THREE = ObjectId(), ObjectId(), ObjectId()
WHEN = datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC)

# As a Mongoose application writes them: camelCase, __v, keys that we have never heard of at every depth, nulls.
FOREIGN: dict[type[Stored], dict[str, Any]] = {
    User: {
        "spotifyUserId": "wizzler",
        "displayName": "Wizzler",
        "email": None,
        "country": "SE",
        "product": "premium",
        "images": [{"url": "https://i.example/1.jpg", "height": 64, "width": None, "colour": "red"}],
        "preferences": {"explicitFilter": True, "length": 30, "nested": {"deep": [1, {"deeper": None}]}},
        "capabilities": {"premium": True, "lossless": False},
        "roles": ["dj"],
    },
    AuthToken: {
        "userId": ONE,
        "provider": "spotify",
        "accessToken": "ciphertext",
        "refreshToken": "ciphertext",
        "expiresAt": WHEN,
        "tokenType": "Bearer",
    },
    Track: {
        "spotifyTrackId": "11dFghVXANMlKmJXsNCbNl",
        "name": "Cut To The Feeling",
        "artists": [{"name": "Carly Rae Jepsen", "spotifyArtistId": "6sF", "uri": "spotify:artist:6sF"}],
        "album": {"name": "Cut To The Feeling", "releaseDate": "2017-05-26"},
        "durationMs": 207959,
        "audioFeatures": {"tempo": 115, "energy": 0.6, "valence": None, "timeSignature": 4, "type": "audio_features"},
        "featureVector": [0.1, -1, 2.5],
        "analysis": {"status": "done", "sections": [{"start": 0}]},
        "availableMarkets": ["SE", "DE"],
    },
    UserLibrary: {
        "userId": ONE,
        "trackId": TWO,
        "savedAt": WHEN,
        "removedAt": None,
        "like": True,
        "skipCount": 2,
        "note": "x",
    },
    MoodQuery: {
        "userId": ONE,
        "rawText": "happy",
        "parsed": {"tempo": {"min": 100, "max": None}, "energy": [0.5, 1], "odd-key": 1},
        "modelVersion": "v1",
        "source": "web",
    },
    GenerationSession: {
        "userId": ONE,
        "moodQueryId": TWO,
        "candidates": [{"trackId": THREE, "score": 1, "reasons": ["because"], "rank": 3}],
        "ordering": [THREE],
        "algorithms": [{"name": "knn", "version": "2", "config": {"k": 5}, "tookMs": 12}],
        "status": "processing",
        "worker": {"host": "a"},
    },
    Playlist: {
        "userId": ONE,
        "spotifyPlaylistId": None,
        "name": "Mine",
        "tracks": [{"trackId": TWO, "position": 0, "addedBy": ONE}],
        "sourceSessionId": THREE,
        "public": False,
    },
    FeedbackEvent: {
        "userId": ONE,
        "trackId": TWO,
        "playlistId": THREE,
        "event": "complete",
        "position": 3,
        "elapsedMs": 61000,
        "contextJson": {"screen": "home", "nested": {"x": None}},
        "device": "web",
    },
    Mood: {
        "key": "romantic",
        "label": "Romantic",
        "icon": "💘",
        "order": 7,
        "defaults": {"brightness": {"low": 0.4, "high": None, "curve": "soft"}, "warmth": {"low": 0.5}},
        "colour": "#f0f",
    },
    ModelRegistry: {
        "name": "ranker",
        "version": "9",
        "artifact": "s3://models/ranker-9",
        "metricsJson": {"auc": 0.8, "per": [{"k": 1}]},
        "activatedAt": WHEN,
        "stage": "shadow",
    },
}


async def test_the_indexes_are_those_of_the_schema_and_no_others(database: Database) -> None:
    found = set()
    for document, name in COLLECTIONS.items():
        collection = document.get_motor_collection()
        assert collection.name == name
        for index_name, index in (await collection.index_information()).items():
            assert index.keys() <= {"v", "key", "unique"}, "no option beside unique"
            if index_name != "_id_":
                found.add((name, index_name, index.get("unique", False)))
    assert found == INDEXES
    assert len(found) == 19


async def test_own_collections_have_few_indexes_beside_their_id(database: Database) -> None:
    own = {
        PostedCard: {"createdAt_1", "channelId_1_createdAt_-1", "guildId_1_createdAt_-1"},
        GroupShare: {"sessionId_1", "userId_1_channelId_1_createdAt_-1", "guildId_1"},
        Schedule: {"guildId_1", "state_1_nextAt_1"},
        JobRun: {"job_1_slot_1", "job_1_state_1"},
        Publication: {"playlistId_1", "userId_1"},
        TasteShare: {"guildId_1_updatedAt_-1", "userId_1"},
    }
    for document in set(DOCUMENTS) - COLLECTIONS.keys():
        names = set(await document.get_motor_collection().index_information())
        assert names - {"_id_"} == own.get(document, set())


@pytest.mark.parametrize("document", FOREIGN, ids=lambda document: document.__name__)
async def test_a_foreign_document_loses_nothing_when_we_save_it(document: type[Stored], database: Database) -> None:
    collection = document.get_motor_collection()
    raw = {"_id": ObjectId(), "__v": 3, **FOREIGN[document], "createdAt": WHEN, "updatedAt": WHEN}
    await collection.insert_one(dict(raw))

    loaded = await document.get(raw["_id"])
    assert loaded is not None
    await loaded.save()

    saved = await collection.find_one({"_id": raw["_id"]})
    assert saved["updatedAt"] > WHEN
    assert _lost(raw, {**saved, "updatedAt": WHEN}) == []


@pytest.mark.parametrize("document", FOREIGN, ids=lambda document: document.__name__)
async def test_saving_keeps_keys_that_came_after_the_loading(document: type[Stored], database: Database) -> None:
    collection = document.get_motor_collection()
    raw = {"_id": ObjectId(), **FOREIGN[document]}
    await collection.insert_one(dict(raw))
    loaded = await document.get(raw["_id"])
    assert loaded is not None

    await collection.update_one({"_id": raw["_id"]}, {"$set": {"later": 1}})
    await loaded.save()

    assert (await collection.find_one({"_id": raw["_id"]}))["later"] == 1


@pytest.mark.parametrize("document", FOREIGN, ids=lambda document: document.__name__)
async def test_python_names_are_camel_case_in_the_database(document: type[Stored], database: Database) -> None:
    made = document.model_validate(FOREIGN[document])
    await made.insert()
    raw = await document.get_motor_collection().find_one({"_id": made.id})
    assert not [key for key in raw if "_" in key.removeprefix("_")]
    assert "revisionId" not in raw


async def test_a_field_that_nobody_set_is_absent_and_one_set_to_none_is_null(database: Database) -> None:
    event = FeedbackEvent(user_id=ONE, event="love", playlist_id=TWO, position=None)
    await event.insert()
    raw = await FeedbackEvent.get_motor_collection().find_one({"_id": event.id})
    assert "trackId" not in raw
    assert raw["position"] is None


async def test_nulls_of_others_stand_for_our_defaults(database: Database) -> None:
    raw = {"_id": ObjectId(), "spotifyUserId": "x", "images": None, "preferences": {"blocked": None, "learning": None}}
    await User.get_motor_collection().insert_one(raw)
    user = await User.get(raw["_id"])
    assert user is not None
    assert user.images == []
    assert user.preferences.blocked == []
    assert user.preferences.learning is True


async def test_json_kept_as_text_is_read_as_json(database: Database) -> None:
    raw = {"_id": ObjectId(), "userId": ONE, "event": "play", "contextJson": '{"screen": "home"}'}
    await FeedbackEvent.get_motor_collection().insert_one(raw)
    event = await FeedbackEvent.get(raw["_id"])
    assert event is not None
    assert event.context_json == {"screen": "home"}


def _lost(before: Any, after: Any, path: str = "") -> list[str]:
    """The paths at which `after` lacks what `before` has; more keys are no loss."""
    if isinstance(before, dict):
        if not isinstance(after, dict):
            return [path]
        return [
            lost
            for key, value in before.items()
            for lost in (_lost(value, after[key], f"{path}.{key}") if key in after else [f"{path}.{key}"])
        ]
    if isinstance(before, list):
        if not isinstance(after, list) or len(before) != len(after):
            return [path]
        pairs = enumerate(zip(before, after, strict=True))
        return [lost for place, (old, new) in pairs for lost in _lost(old, new, f"{path}[{place}]")]
    return [] if before == after else [path]
