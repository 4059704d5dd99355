"""A stored playlist, and those who look at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from beanie import PydanticObjectId

from bot.catalogue.index import Catalogue
from bot.database import Database
from bot.documents import GenerationSession, MoodQuery, Playlist, Track, User
from bot.documents.generation_session import ConsideredSong, UsedAlgorithm, UsedCatalogue
from bot.documents.playlist import PlaylistTrack
from bot.documents.track import Album, AudioFeatures, TrackArtist
from bot.services.playlists.service import PlaylistService
from bot.services.privacy.service import PrivacyService
from bot.services.values import Requester
from nlp.parser import VibeParser
from nlp.vibe import AxisRange, Evidence, Vibe
from tests.services.belongings import stored_everywhere
from tests.services.making import playlist_service
from tests.services.playing import RECORDS
from tests.stocking import Stock, stocked_with

ADA = Requester(user_id="1001", display_name="Ada", guild_id="77", channel_id="88")
BO = Requester(user_id="1002", display_name="Bo", guild_id="77", channel_id="88")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A playlist of Ada's with five songs, posted as a message."""

    playlist_id: str
    track_ids: tuple[str, ...]
    message_id: str


@pytest.fixture
def ada() -> Requester:
    return ADA


@pytest.fixture
def bo() -> Requester:
    return BO


@pytest.fixture
def put_on_shelf(database: Database) -> Callable[..., Awaitable[Shelf]]:
    """Stores a playlist as the service leaves it."""

    async def put(message_id: str = "900", songs: int = 5) -> Shelf:
        tracks = [await _track(message_id, number) for number in range(1, songs + 1)]
        ids = [track.id for track in tracks]
        text = "calm piano"
        vibe = Vibe(
            text=text,
            version="lexicon-test",
            understood=True,
            targets=(AxisRange(axis="energy", high=0.5),),
            evidence=(Evidence(start=0, end=4, means="mood: calm"),),
            unknown=("piano",),
        )
        user = await User.of_discord(ADA.user_id, ADA.display_name)
        query = await MoodQuery(
            user_id=user.id, raw_text=text, parsed=vibe.to_dict(texts=False), model_version=vibe.version
        ).insert()
        session = await GenerationSession(
            user_id=user.id,
            mood_query_id=query.id,
            candidates=[
                ConsideredSong(
                    track_id=track_id,
                    score=0.9 - place / 10,
                    parts={"energy": 0.8},
                    weights={"energy": 1.5},
                    reasons=["calm, as you asked"],
                )
                for place, track_id in enumerate(ids)
            ],
            ordering=ids,
            algorithms=[UsedAlgorithm(name="scoring", version="1.2.3")],
            seed=7,
            catalogue=UsedCatalogue(digest="abc", size=100),
            status="completed",
        ).insert()
        playlist = await Playlist(
            user_id=user.id,
            source_session_id=session.id,
            name="Calm",
            tracks=[PlaylistTrack(track_id=track_id, position=place) for place, track_id in enumerate(ids, start=1)],
        ).insert()
        assert playlist.id is not None
        await Playlist.posted(playlist.id, guild_id="77", channel_id="88", message_id=message_id)
        return Shelf(playlist_id=str(playlist.id), track_ids=tuple(map(str, ids)), message_id=message_id)

    return put


@pytest.fixture
async def shelf(put_on_shelf: Callable[..., Awaitable[Shelf]]) -> Shelf:
    return await put_on_shelf()


async def _track(prefix: str, number: int) -> Track:
    return await Track(
        id=PydanticObjectId(),
        spotify_track_id=f"demo:{prefix}-{number}",
        name=f"Song {number}",
        artists=[TrackArtist(name=f"Artist {number}")],
        album=Album(name="An Album"),
        duration_ms=180_000 + number,
        genres=["folk"] if number % 2 else ["jazz"],
        audio_features=AudioFeatures(energy=0.1 * number, tempo=100.0, valence=0.4),
    ).insert()


@pytest.fixture
def service_on(parser: VibeParser, executor: ThreadPoolExecutor) -> Callable[[Catalogue], PlaylistService]:
    """A service with seeds 1, 2, 3, ... on a catalogue."""

    def make(catalogue: Catalogue) -> PlaylistService:
        return playlist_service(parser, catalogue, executor)

    return make


@pytest.fixture(scope="session")
async def stocked(opened_database: Database) -> Stock:
    """Every third song of the demo, as it lies in the database: all genres; put back for each test that asks."""
    return await stocked_with(RECORDS)


@pytest.fixture
async def catalogue(stocked: Stock, database: Database) -> Catalogue:
    return await stocked.put_back()


@pytest.fixture
def playlists(service_on: Callable[[Catalogue], PlaylistService], catalogue: Catalogue) -> PlaylistService:
    return service_on(catalogue)


@pytest.fixture
def privacy() -> PrivacyService:
    return PrivacyService(clock=lambda: datetime.now(UTC))


@pytest.fixture
async def everything(shelf: Shelf, ada: Requester) -> Shelf:
    """Ada has something in every collection that knows members."""
    return await stored_everywhere(shelf, ada)
