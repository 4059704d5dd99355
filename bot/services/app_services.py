"""Every use case, wired once: the one value that the bot, its doors and its jobs are handed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.catalogue.index import Catalogue
from bot.catalogue.prepared import PreparedCatalogue
from bot.services.accounts.expiry_reminders import Reminders
from bot.services.accounts.play_history import ListeningService
from bot.services.accounts.service import AccountService
from bot.services.discovery.factory import DiscoveryServices
from bot.services.discovery.nightly_refill import TopUp
from bot.services.feedback.reaction_sync import ReactionReconciler
from bot.services.feedback.service import FeedbackService
from bot.services.feedback.taste_profile import TasteProfileService
from bot.services.guilds.recaps import RecapService
from bot.services.guilds.settings import SettingsService
from bot.services.library.catalogue_import import LibraryService
from bot.services.library.member_library import MemberLibraryService
from bot.services.moods.editor import MoodEditService
from bot.services.moods.service import MoodService
from bot.services.playlists.history import HistoryService
from bot.services.playlists.service import PlaylistService
from bot.services.privacy.service import PrivacyService
from bot.services.publishing.service import PublishingService
from bot.services.rate_limits import LimitService
from bot.services.schedules.poster import SchedulePoster
from bot.services.schedules.service import ScheduleService
from bot.services.training.model_registry import ModelService
from bot.services.training.service import TrainingService


@dataclass(frozen=True, slots=True, kw_only=True)
class AppServices:
    """The services of one process. `outside` looks for songs and their sound; `top_up` is None without discovery."""

    catalogue: Catalogue
    prepared: PreparedCatalogue
    playlists: PlaylistService
    feedback: FeedbackService
    moods: MoodService
    library: LibraryService
    mood_edits: MoodEditService
    settings: SettingsService
    history: HistoryService
    privacy: PrivacyService
    limits: LimitService
    publishing: PublishingService
    poster: SchedulePoster
    schedules: ScheduleService
    models: ModelService
    training: TrainingService
    reconciler: ReactionReconciler
    accounts: AccountService
    own_library: MemberLibraryService
    listening: ListeningService
    taste_profiles: TasteProfileService
    recaps: RecapService
    reminders: Reminders
    outside: DiscoveryServices
    top_up: TopUp | None
