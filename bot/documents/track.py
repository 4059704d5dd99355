"""A song as it is known: what it is called, how it sounds, and where that knowledge comes from."""

from __future__ import annotations

from datetime import datetime

from pymongo import IndexModel

from bot.documents.base import DocumentPart, Stored


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
