"""A service that makes playlists, as the app wires it, on the parts that a test brings."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from itertools import count

from bot.catalogue.index import Catalogue
from bot.catalogue.prepared import PreparedCatalogue
from bot.services.discovery.ports import SongFinder
from bot.services.discovery.song_supply import SongSupply
from bot.services.feedback.taste_service import TasteService
from bot.services.guilds.request_gate import RequestGate
from bot.services.guilds.settings import SettingsService
from bot.services.moods.service import MoodService
from bot.services.moods.word_reader import WordReader
from bot.services.playlists.recipe_builder import RecipeBuilder
from bot.services.playlists.service import PlaylistService
from bot.services.rate_limits import UNLIMITED, LimitService
from bot.services.training.model_registry import ModelService
from nlp.parser import VibeParser


def playlist_service(
    parser: VibeParser,
    catalogue: Catalogue,
    executor: Executor,
    *,
    seeds: Callable[[], int] | None = None,
    finder: SongFinder | None = None,
    models: ModelService | None = None,
    prepared: PreparedCatalogue | None = None,
) -> PlaylistService:
    """Without kind limits; the seeds are 1, 2, 3, ... unless others are given."""
    counted = count(1)
    prepared = prepared or PreparedCatalogue(catalogue)
    tastes = TasteService(library=prepared.library, clock=lambda: datetime.now(UTC))
    return PlaylistService(
        gate=RequestGate(settings=SettingsService(catalogue=catalogue), limits=LimitService(UNLIMITED)),
        moods=MoodService(),
        reader=WordReader(parser=parser, catalogue=catalogue, executor=executor),
        songs=SongSupply(prepared, finder=finder),
        recipes=RecipeBuilder(tastes=tastes, models=models or ModelService(), seeds=seeds or (lambda: next(counted))),
        tastes=tastes,
    )
