"""The rooms joined: every service on the parts that it needs, and the bots and jobs that are made of them."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.catalogue.index import Catalogue
from bot.catalogue.prepared import PreparedCatalogue
from bot.client.bot import VibratoBot
from bot.client.commands import CommandStore
from bot.client.components.registry import COMPONENTS
from bot.client.publishing.channel_directory import ChannelDirectory
from bot.client.publishing.direct_messages import DiscordLinkNotifier
from bot.client.publishing.reaction_counts import DiscordReactionCounts
from bot.client.texts.facts.sentences import told
from bot.errors import BadSettings, UnusableSetting
from bot.features.sources import Doors
from bot.requests import Watcher
from bot.scheduler.table import Job, jobs
from bot.services.accounts.expiry_reminders import Reminders
from bot.services.accounts.play_history import ListeningService
from bot.services.accounts.service import AccountService
from bot.services.accounts.token_encryption import Vault
from bot.services.accounts.token_store import TokenStore
from bot.services.accounts.views import public_base
from bot.services.app_services import AppServices
from bot.services.discovery.factory import discovery_services
from bot.services.discovery.nightly_refill import TopUp
from bot.services.discovery.song_supply import SongSupply
from bot.services.feedback.reaction_sync import ReactionReconciler
from bot.services.feedback.service import FeedbackService
from bot.services.feedback.taste_profile import TasteProfileService
from bot.services.feedback.taste_service import TasteService
from bot.services.guilds.recaps import RecapService
from bot.services.guilds.request_gate import RequestGate
from bot.services.guilds.settings import SettingsService
from bot.services.library.catalogue_import import LibraryService
from bot.services.library.member_library import MemberLibraryService
from bot.services.moods.editor import MoodEditService
from bot.services.moods.service import MoodService
from bot.services.moods.word_reader import WordReader
from bot.services.playlists.history import HistoryService
from bot.services.playlists.recipe_builder import RecipeBuilder
from bot.services.playlists.service import PlaylistService
from bot.services.privacy.service import PrivacyService
from bot.services.publishing.service import PublishingService
from bot.services.rate_limits import LimitService, RequestLimits
from bot.services.schedules.poster import SchedulePoster
from bot.services.schedules.service import ScheduleService
from bot.services.training.model_registry import ModelService
from bot.services.training.service import TrainingService
from bot.settings import Settings
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.oauth import Application, SpotifyAccounts
from cogs.doors import DoorsCog
from cogs.feedback import FeedbackCog
from cogs.history import HistoryCog
from cogs.library import LibraryCog
from cogs.models import ModelsCog
from cogs.moods import MoodsCog
from cogs.privacy import PrivacyCog
from cogs.recap import RecapCog
from cogs.schedule import ScheduleCog
from cogs.settings import SettingsCog
from cogs.spotify import SpotifyCog
from cogs.taste import TasteCog
from cogs.vibe import VibeCog

if TYPE_CHECKING:
    from nlp.parser import VibeParser

_SEED_BITS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotifySide:
    """What there is of Spotify: nothing of it by default, and everything works all the same.

    The `gateway` is closed by whoever opened it. `public_url` is where browsers reach us.
    """

    gateway: SpotifyGateway | None = None
    accounts: SpotifyAccounts | None = None
    vault: Vault | None = None
    public_url: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> SpotifySide:
        """As it is set. Raises BadSettings."""
        try:
            vault = None if settings.token_keys is None else Vault.of_setting(settings.token_keys.get_secret_value())
            public_url = None if settings.public_url is None else public_base(settings.public_url)
        except UnusableSetting as bad:
            raise BadSettings((told(bad.fault),)) from bad
        if public_url is not None and settings.web_port is None:
            raise BadSettings(("PUBLIC_URL: nothing answers there without a WEB_PORT. Set WEB_PORT, such as 9464.",))
        if settings.spotify_client_id is None:
            return cls(vault=vault, public_url=public_url)
        secret = settings.spotify_client_secret and settings.spotify_client_secret.get_secret_value()
        application = Application(client_id=settings.spotify_client_id, secret=secret or None)
        return cls(
            gateway=SpotifyGateway(daily_calls=settings.spotify_daily_calls, api_base=settings.spotify_api_base),
            accounts=SpotifyAccounts(application, clock=_now, base=settings.spotify_accounts_base),
            vault=vault,
            public_url=public_url,
        )

    def close(self) -> None:
        """Begin no call any more."""
        if self.gateway is not None:
            self.gateway.close()

    def account_service(self) -> AccountService:
        """Linking and tokens, on these parts."""
        return AccountService(
            tokens=TokenStore(vault=self.vault, accounts=self.accounts, clock=_now),
            profiles=self.gateway,
            clock=_now,
            vault=self.vault,
            accounts=self.accounts,
            public_url=self.public_url,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WiredServices(AppServices):
    """The use cases on one set of parts, and the bots and jobs that are made of them."""

    rooms: ChannelDirectory

    def make_bot(self, commands_store: CommandStore | None = None, watcher: Watcher | None = None) -> VibratoBot:
        """A bot with all cogs. With `commands_store` it registers its commands when they changed."""
        bot = VibratoBot(
            cogs=(
                partial(LibraryCog, library=self.library),
                VibeCog,
                MoodsCog,
                SettingsCog,
                ScheduleCog,
                partial(FeedbackCog, reconciler=self.reconciler),
                partial(ModelsCog, models=self.models),
                DoorsCog,
                HistoryCog,
                PrivacyCog,
                SpotifyCog,
                TasteCog,
                RecapCog,
            ),
            services=self,
            components=COMPONENTS,
            commands_store=commands_store,
            watcher=watcher,
        )
        self.rooms.attach_bot(bot)
        return bot

    def jobs(self) -> tuple[Job, ...]:
        """What happens by itself."""
        return jobs(
            poster=self.poster,
            schedules=self.schedules,
            privacy=self.privacy,
            limits=self.limits,
            publishing=self.publishing,
            training=self.training,
            reconciler=self.reconciler,
            accounts=self.accounts,
            reminders=self.reminders,
            own_library=self.own_library,
            listening=self.listening,
            metadata=self.outside.metadata,
            top_up=self.top_up,
            lookup=self.outside.lookup if self.top_up is not None else None,
            recaps=self.recaps,
            connected=lambda: self.rooms.connected,
        )


def wire(
    parser: VibeParser,
    catalogue: Catalogue,
    executor: Executor,
    *,
    open_library: bool = True,
    seeds: Callable[[], int] | None = None,
    limits: RequestLimits | None = None,
    spotify: SpotifySide | None = None,
    doors: Doors | None = None,
    discovery: bool = False,
    tags: bool = False,
) -> WiredServices:
    """The services on these parts; `seeds` draws the seed of a request that brings none.

    With `discovery` the sources behind `doors` are asked for new songs where the catalogue is thin, and about artists;
    with `tags` also for what tags say of them.
    """
    spotify = spotify or SpotifySide()
    accounts = spotify.account_service()
    outside = discovery_services(doors or {}, catalogue, gateway=spotify.gateway, tokens=accounts, tags=tags)
    moods, settings = MoodService(), SettingsService(catalogue=catalogue)
    limiting, models = LimitService(limits), ModelService()
    prepared = PreparedCatalogue(catalogue)
    tastes = TasteService(library=prepared.library, clock=_now)
    reader = WordReader(parser=parser, catalogue=catalogue, executor=executor)
    seeds = seeds or (lambda: random.getrandbits(_SEED_BITS))
    playlists = PlaylistService(
        gate=RequestGate(settings=settings, limits=limiting),
        moods=moods,
        reader=reader,
        songs=SongSupply(prepared, finder=outside.discovery if discovery else None),
        recipes=RecipeBuilder(tastes=tastes, models=models, seeds=seeds),
        tastes=tastes,
    )
    mood_edits = MoodEditService(
        reader=reader,
        moods=moods,
        settings=settings,
        library=prepared.library,
        tokens=lambda: secrets.token_hex(8),
    )
    library = LibraryService(catalogue=catalogue, warm=prepared.warm, open_to_moderators=open_library)
    feedback, rooms = FeedbackService(tastes=tastes), ChannelDirectory()
    letters = DiscordLinkNotifier(rooms)
    own_library = MemberLibraryService(
        tokens=accounts,
        gateway=spotify.gateway,
        prepared=prepared,
        clock=_now,
        open_to_members=open_library,
        letters=letters,
    )
    poster = SchedulePoster(playlists=playlists, feedback=feedback, rooms=rooms)
    return WiredServices(
        library=library,
        catalogue=catalogue,
        prepared=prepared,
        playlists=playlists,
        feedback=feedback,
        moods=moods,
        mood_edits=mood_edits,
        settings=settings,
        history=HistoryService(),
        privacy=PrivacyService(clock=_now),
        limits=limiting,
        publishing=PublishingService(gateway=spotify.gateway, tokens=accounts),
        rooms=rooms,
        poster=poster,
        schedules=ScheduleService(moods=moods, settings=settings, rooms=rooms, poster=poster, clock=_now),
        models=models,
        training=TrainingService(models=models, library=prepared.library, clock=_now),
        reconciler=ReactionReconciler(
            feedback=feedback, messages=DiscordReactionCounts(rooms.client), pause=asyncio.sleep, clock=time.monotonic
        ),
        accounts=accounts,
        own_library=own_library,
        listening=ListeningService(tokens=accounts, gateway=spotify.gateway, letters=letters, clock=_now),
        taste_profiles=TasteProfileService(tastes=tastes),
        recaps=RecapService(playlists=playlists, settings=settings, rooms=rooms, clock=_now),
        reminders=Reminders(letters=letters),
        outside=outside,
        top_up=TopUp(discovery=outside.discovery, library=prepared.library) if discovery else None,
    )


def _now() -> datetime:
    return datetime.now(UTC)
