"""The schema: one document a file. Named finders live on their document.

Documents work once `bot.database.open_database` has bound them to a database.
"""

from bot.documents.artist_facts import KnownArtist
from bot.documents.auth_token import AuthToken
from bot.documents.base import Key, Stored, derived_id, derived_key, key_in, new_key, now, stamped, stamped_new
from bot.documents.card import PostedCard
from bot.documents.feedback_event import FeedbackEvent
from bot.documents.generation_session import GenerationSession
from bot.documents.group_share import GroupShare
from bot.documents.guild_settings import GuildSettings, RecapPost
from bot.documents.job_run import JobRun, run_key
from bot.documents.lease import Lease
from bot.documents.limit import Limit
from bot.documents.model_registry import ModelRegistry
from bot.documents.mood import Mood
from bot.documents.mood_query import MoodQuery
from bot.documents.oauth_state import OAuthState
from bot.documents.playlist import Playlist
from bot.documents.publication import Publication
from bot.documents.quota import Quota
from bot.documents.schedule import Schedule
from bot.documents.taste_share import TasteShare
from bot.documents.track import Track
from bot.documents.user import User
from bot.documents.user_library import UserLibrary

DOCUMENTS: tuple[type[Stored], ...] = (
    User,
    AuthToken,
    Track,
    UserLibrary,
    MoodQuery,
    GenerationSession,
    Playlist,
    FeedbackEvent,
    Mood,
    ModelRegistry,
    GuildSettings,
    PostedCard,
    Limit,
    Schedule,
    JobRun,
    Lease,
    OAuthState,
    Quota,
    Publication,
    TasteShare,
    GroupShare,
    KnownArtist,
)
"""Every document there is: the ten of the schema, and ours."""

__all__ = [
    "DOCUMENTS",
    "AuthToken",
    "FeedbackEvent",
    "GenerationSession",
    "GroupShare",
    "GuildSettings",
    "JobRun",
    "Key",
    "KnownArtist",
    "Lease",
    "Limit",
    "ModelRegistry",
    "Mood",
    "MoodQuery",
    "OAuthState",
    "Playlist",
    "PostedCard",
    "Publication",
    "Quota",
    "RecapPost",
    "Schedule",
    "Stored",
    "TasteShare",
    "Track",
    "User",
    "UserLibrary",
    "derived_id",
    "derived_key",
    "key_in",
    "new_key",
    "now",
    "run_key",
    "stamped",
    "stamped_new",
]
