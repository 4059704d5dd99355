"""A song as it is known: what it is called, how it sounds, and where that knowledge comes from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import IndexModel, UpdateOne

from bot.documents.base import DocumentPart, Key, Stored, object_id, stamped

_TOLD = (
    *("spotifyTrackId", "isrc", "name", "artists.name", "album.name", "durationMs", "genres", "tags"),
    *("audioFeatures", "analysis"),
)
"""What has to be known of a song to ask others about it."""

_LACKING: dict[str, Any] = {
    "spotifyTrackId": {"$regex": "^[0-9A-Za-z]{22}$"},
    "analysis.status": {"$ne": "complete"},
    "name": {"$type": "string", "$ne": ""},
    "artists.0.name": {"$type": "string", "$ne": ""},
    "durationMs": {"$gt": 0},
}
"""Songs of Spotify whose sound is not wholly known, and that can be named."""

_NOT_INVENTED = {"$not": {"$regex": "^demo:"}}

_CREDITED: list[dict[str, Any]] = [
    {"$match": {"spotifyTrackId": _NOT_INVENTED, "artists.0": {"$exists": True}}},
    {"$unwind": "$artists"},
    {"$match": {"artists.name": {"$type": "string", "$ne": ""}}},
    {"$group": {"_id": "$artists.name", "songs": {"$sum": 1}, "isrc": {"$max": "$isrc"}}},
    {"$sort": {"songs": -1, "_id": 1}},
]


class TrackArtist(DocumentPart):
    """An artist of a song."""

    name: str
    spotify_artist_id: str | None = None


class Album(DocumentPart):
    """The album of a song."""

    name: str | None = None
    spotify_album_id: str | None = None


class AudioFeatures(DocumentPart):
    """How a song sounds: tempo in BPM, loudness in dB, key 0 to 11 from C, mode 1 major or 0 minor, the others 0 to 1.

    None is unknown, which is not 0.
    """

    tempo: float | None = None
    energy: float | None = None
    valence: float | None = None
    danceability: float | None = None
    acousticness: float | None = None
    instrumentalness: float | None = None
    speechiness: float | None = None
    liveness: float | None = None
    loudness: float | None = None
    key: float | None = None
    mode: float | None = None


class FieldSource(DocumentPart):
    """Where one field came from, and when."""

    source: str
    at: datetime | None = None


class Prior(FieldSource):
    """What songs of that kind are like on one field, for want of the song's own value."""

    value: float


class Analysis(DocumentPart):
    """What was found out about a song: `fields` names the source of each field.

    `asked` says when a source was asked in vain, so that it is not asked again too soon. `priors` are weak guesses by
    genres and tags, never among the features. `metadata` is where title, artists and length come from.
    """

    status: str | None = None
    fields: dict[str, FieldSource] = {}
    asked: dict[str, datetime] = {}
    priors: dict[str, Prior] = {}
    metadata: FieldSource | None = None


class Identity(DocumentPart):
    """Which song this is a version of (`key`), and which version ("" is the plain studio one)."""

    key: str
    version: str = ""


class Track(Stored):
    """A song. Without Spotify, `spotify_track_id` is "demo:<n>" or "file:<digest>"; popularity is 0 to 100.

    `feature_vector` is standardised by the scale that `feature_vector_version` names.
    """

    spotify_track_id: str
    isrc: str | None = None
    name: str
    artists: list[TrackArtist] = []
    album: Album | None = None
    duration_ms: int | None = None
    explicit: bool | None = None
    year: int | None = None
    popularity: float | None = None
    genres: list[str] = []
    tags: list[str] = []
    audio_features: AudioFeatures | None = None
    feature_vector: list[float] = []
    feature_vector_version: str | None = None
    analysis: Analysis | None = None
    identity: Identity | None = None

    class Settings:
        """Where and how it is kept."""

        name = "tracks"
        keep_nulls = False
        indexes = [
            IndexModel([("spotifyTrackId", 1)], unique=True),
            IndexModel([("artists.name", 1)]),
            IndexModel([("album.name", 1)]),
        ]

    @classmethod
    async def keys_of(cls, spotify_ids: Sequence[str]) -> dict[str, Key]:
        """The keys of those of these songs that are stored, by Spotify id."""
        found = cls.plain().find({"spotifyTrackId": {"$in": list(spotify_ids)}}, {"spotifyTrackId": 1})
        return {raw["spotifyTrackId"]: raw["_id"] async for raw in found}

    @classmethod
    async def count_lacking(cls) -> int:
        """How many songs of Spotify can be named, and do not sound wholly known."""
        return int(await cls.get_motor_collection().count_documents(_LACKING))

    @classmethod
    async def lacking(cls, after: Key | None, limit: int) -> list[Mapping[str, Any]]:
        """Some of them, raw, by id from the one behind `after` on."""
        rest: dict[str, Any] = {} if after is None else {"_id": {"$gt": object_id(after)}}
        found = cls.plain().find({**_LACKING, **rest}, dict.fromkeys(_TOLD, 1)).sort("_id", 1).limit(limit)
        songs: list[Mapping[str, Any]] = await found.to_list(limit)
        return songs

    @classmethod
    async def described_before(cls, source: str, moment: datetime, limit: int) -> list[Mapping[str, Any]]:
        """Songs that this source described before that moment, raw, the oldest descriptions first."""
        old = {"analysis.metadata.source": source, "analysis.metadata.at": {"$lt": moment}}
        found = cls.plain().find(old, dict.fromkeys(_TOLD, 1)).sort("analysis.metadata.at", 1)
        songs: list[Mapping[str, Any]] = await found.limit(limit).to_list(limit)
        return songs

    @classmethod
    async def described_by(cls, spotify_ids: Sequence[str], sources: Mapping[str, datetime | None]) -> frozenset[str]:
        """Those of these songs, by Spotify id, that a source described: before its moment, where it has one."""
        by = [
            {
                "analysis.metadata.source": source,
                **({} if moment is None else {"analysis.metadata.at": {"$lt": moment}}),
            }
            for source, moment in sources.items()
        ]
        chosen = {"spotifyTrackId": {"$in": list(spotify_ids)}, "$or": by}
        return frozenset(await cls.get_motor_collection().distinct("spotifyTrackId", chosen))

    @classmethod
    async def blank(cls, spotify_ids: Sequence[str], source: str, at: datetime) -> None:
        """Take out of these songs what they are called, and note which source says so."""
        change = {
            "$set": {"name": "", "artists": [], "analysis.metadata": {"source": source, "at": at}},
            "$unset": {"album": "", "isrc": "", "explicit": "", "year": "", "identity": ""},
        }
        chosen = {"spotifyTrackId": {"$in": list(spotify_ids)}}
        await cls.get_motor_collection().update_many(chosen, stamped(change))

    @classmethod
    async def artists_credited(cls) -> AsyncIterator[Mapping[str, Any]]:
        """Everybody whom songs are by, invented ones aside, those with the most songs first.

        Rows of `_id` (a name as it is written), `songs`, and `isrc`, the code of one of the songs or None.
        """
        async for row in cls.get_motor_collection().aggregate(_CREDITED, allowDiskUse=True):
            yield row

    @classmethod
    async def not_asked_since(
        cls, question: str, since: datetime, limit: int | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """Songs with a recording's code about which this question was not asked since then, the best known first.

        Raw: `spotifyTrackId`, `isrc` and `year`.
        """
        asked = f"analysis.asked.{question}"
        query = {
            "isrc": {"$type": "string", "$ne": ""},
            "spotifyTrackId": _NOT_INVENTED,
            "analysis": {"$not": {"$type": "null"}},  # nothing can be put into another application's null
            "$or": [{asked: {"$exists": False}}, {asked: {"$lt": since}}],
        }
        fields = dict.fromkeys(("spotifyTrackId", "isrc", "year"), 1)
        cursor = cls.plain().find(query, fields, allow_disk_use=True)
        found: list[Mapping[str, Any]] = await cursor.sort("popularity", -1).limit(limit or 0).to_list(None)
        return found

    @classmethod
    async def put_in(cls, fields: Mapping[Key, Mapping[str, Any]]) -> None:
        """Set fields, by their paths in the database, of the songs under these keys."""
        if fields:
            writes = [UpdateOne({"_id": object_id(key)}, stamped({"$set": said})) for key, said in fields.items()]
            await cls.get_motor_collection().bulk_write(writes, ordered=False)
