"""The table of jobs. A new one is a plan, with its place in PLANS, and its work in `jobs`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.services.accounts.expiry_reminders import Reminders
from bot.services.accounts.play_history import ListeningService
from bot.services.accounts.service import AccountService
from bot.services.discovery.feature_enrichment import MetadataService
from bot.services.discovery.hourly_lookup import HourlyLookup
from bot.services.discovery.nightly_refill import TopUp
from bot.services.feedback.reaction_sync import ReactionReconciler
from bot.services.guilds.recaps import RecapService
from bot.services.job_ledger import LeaseHold, Work, forget_runs
from bot.services.library.member_library import MemberLibraryService
from bot.services.privacy.service import PrivacyService
from bot.services.publishing.service import PublishingService
from bot.services.rate_limits import LimitService
from bot.services.schedules.poster import SchedulePoster
from bot.services.schedules.service import ScheduleService
from bot.services.training.service import TrainingService

RUNS_KEPT = timedelta(days=30)
"""How long the ledger remembers; far longer than any slot is waited for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A job by its name, how often it comes, and `at` how long after midnight (UTC) its slots are counted from.

    One that is `on_call` uses a slot only when there is something to do.
    """

    name: str
    every: timedelta
    what: str
    at: timedelta = timedelta(0)
    on_call: bool = False

    def slot_at(self, moment: datetime) -> datetime:
        """The latest slot that is not after `moment`."""
        return moment - (moment - _EPOCH - self.at) % self.every

    def next_after(self, moment: datetime) -> datetime:
        """The first slot after `moment`."""
        return self.slot_at(moment) + self.every


POST_VIBES = Plan(name="post-vibes", every=timedelta(minutes=1), what="post the scheduled vibes that are due")
FORGET_LIMITS = Plan(name="forget-limits", every=timedelta(hours=1), what="remove counters of requests long past")
EXPIRE_TEXTS = Plan(
    name="expire-texts", every=timedelta(days=1), at=timedelta(hours=4), what="blank members' words after 90 days"
)
FORGET_GUILDS = Plan(
    name="forget-guilds",
    every=timedelta(days=1),
    at=timedelta(hours=4, minutes=10),
    what="remove the data of servers that were left 30 days ago",
)
FORGET_PLAYLISTS = Plan(
    name="forget-playlists",
    every=timedelta(hours=1),
    at=timedelta(minutes=30),
    what="remove playlists that their owners deleted a day ago",
)
FORGET_RUNS = Plan(
    name="forget-runs",
    every=timedelta(days=1),
    at=timedelta(hours=4, minutes=20),
    what="remove old entries of this ledger, and schedules that were removed",
)

FORGET_LINKS = Plan(
    name="forget-links",
    every=timedelta(hours=1),
    at=timedelta(minutes=20),
    what="remove links to accounts that nobody ended",
)
REMIND_LINKS = Plan(
    name="remind-links",
    every=timedelta(days=1),
    at=timedelta(hours=16),
    what="tell members two weeks before their Spotify link ends",
)
READ_LIBRARIES = Plan(
    name="read-libraries",
    every=timedelta(days=1),
    at=timedelta(hours=5),
    what="read what is new in the libraries of linked accounts",
)
NOTE_PLAYS = Plan(
    name="note-plays",
    every=timedelta(hours=2),
    at=timedelta(minutes=15),
    what="note what members play on Spotify, of those who want that",
)
TRAIN = Plan(
    name="train",
    every=timedelta(days=1),
    at=timedelta(hours=3, minutes=30),
    what="learn the ranker's weights from ratings, and use them when they are better",
)
RECONCILE = Plan(
    name="reconcile-reactions",
    every=timedelta(minutes=1),
    what="take in the reactions that came or went while the bot was away",
    on_call=True,
)

REFRESH_SONGS = Plan(
    name="refresh-songs",
    every=timedelta(days=1),
    at=timedelta(hours=2, minutes=30),
    what="ask anew what songs are called that Spotify described 30 days ago, or blank that",
)
TOP_UP = Plan(
    name="top-up",
    every=timedelta(days=1),
    at=timedelta(hours=3),
    what="look for new songs of kinds that were asked for and are rare here (DISCOVERY=true)",
)

ASK_OF_ARTISTS = Plan(
    name="ask-of-artists",
    every=timedelta(hours=1),
    at=timedelta(minutes=50),
    what="ask MusicBrainz and ListenBrainz about artists, and for the years of songs (DISCOVERY=true)",
)

TAKE_DOWN = Plan(
    name="take-down",
    every=timedelta(hours=1),
    at=timedelta(minutes=40),
    what="take down from Spotify what members had deleted",
)

POST_RECAPS = Plan(
    name="post-recaps", every=timedelta(hours=1), what="post the recaps of servers that want one by themselves"
)

PLANS = (
    POST_RECAPS,
    TAKE_DOWN,
    *(POST_VIBES, FORGET_LIMITS, EXPIRE_TEXTS, FORGET_GUILDS, FORGET_PLAYLISTS, FORGET_RUNS),
    *(TRAIN, RECONCILE),
    *(FORGET_LINKS, REMIND_LINKS, READ_LIBRARIES, NOTE_PLAYS),
    *(REFRESH_SONGS, TOP_UP, ASK_OF_ARTISTS),
)
"""Everything that happens by itself, in one process for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A plan with the work that it is about. A process in which it is not `ready` leaves its slots to others."""

    plan: Plan
    run: Work
    ready: Callable[[], bool] = lambda: True


def jobs(
    *,
    poster: SchedulePoster,
    schedules: ScheduleService,
    privacy: PrivacyService,
    limits: LimitService,
    publishing: PublishingService,
    training: TrainingService,
    reconciler: ReactionReconciler,
    accounts: AccountService,
    reminders: Reminders,
    own_library: MemberLibraryService,
    listening: ListeningService,
    metadata: MetadataService,
    top_up: TopUp | None,
    lookup: HourlyLookup | None,
    recaps: RecapService,
    connected: Callable[[], bool],
) -> tuple[Job, ...]:
    """The work of every plan. `connected` tells whether this process can post."""

    async def forget_old_runs(turn: LeaseHold) -> str:
        runs = await forget_runs(turn.slot - RUNS_KEPT)
        return f"{runs} runs and {await schedules.forget_removed(turn.slot)} schedules removed"

    async def train(turn: LeaseHold) -> str:
        return (await training.train(check=turn.check)).note

    async def remind_links(turn: LeaseHold) -> str:
        return await reminders.remind(turn.slot)

    async def read_libraries(turn: LeaseHold) -> str:
        return await own_library.sync_all()

    async def note_plays(turn: LeaseHold) -> str:
        return await listening.note_plays()

    async def refresh_songs(turn: LeaseHold) -> str:
        done = await metadata.refresh(turn.slot)
        return f"{done.renewed} described anew, {done.blanked} blanked"

    async def look_for_songs(turn: LeaseHold) -> str:
        if top_up is None:
            return "switched off"
        done = await top_up.top_up(turn.slot)
        silent = f"; {', '.join(done.down)} did not answer" if done.down else ""
        return f"{done.new} new songs of {done.kinds} kinds{silent}"

    async def take_down(turn: LeaseHold) -> str:
        return f"{await publishing.take_down_unwanted(turn.slot)} playlists taken down"

    return (
        Job(plan=POST_RECAPS, run=recaps.post_due, ready=connected),
        Job(plan=TAKE_DOWN, run=take_down),
        Job(plan=POST_VIBES, run=poster.post_due, ready=connected),
        Job(plan=FORGET_LIMITS, run=_counted(limits.forget, "counters removed")),
        Job(plan=EXPIRE_TEXTS, run=_counted(privacy.expire_texts, "blanked")),
        Job(plan=FORGET_GUILDS, run=_counted(privacy.forget_left_guilds, "servers forgotten")),
        Job(plan=FORGET_PLAYLISTS, run=_counted(privacy.forget_deleted, "playlists removed")),
        Job(plan=FORGET_RUNS, run=forget_old_runs),
        Job(plan=TRAIN, run=train),
        Job(plan=RECONCILE, run=reconciler.reconcile, ready=lambda: connected() and reconciler.owed),
        Job(plan=FORGET_LINKS, run=_counted(accounts.forget, "links removed")),
        Job(plan=REMIND_LINKS, run=remind_links, ready=connected),
        Job(plan=READ_LIBRARIES, run=read_libraries),
        Job(plan=NOTE_PLAYS, run=note_plays),
        Job(plan=REFRESH_SONGS, run=refresh_songs),
        Job(plan=TOP_UP, run=look_for_songs, ready=lambda: top_up is not None),
        Job(plan=ASK_OF_ARTISTS, run=_looked_up(lookup), ready=lambda: lookup is not None),
    )


def _counted(work: Callable[[datetime], Awaitable[int]], what: str) -> Work:
    """Work that is told the slot and answers with a number of things."""

    async def run(turn: LeaseHold) -> str:
        return f"{await work(turn.slot)} {what}"

    return run


def _looked_up(lookup: HourlyLookup | None) -> Work:
    """An hour of asking about artists and years."""

    async def run(turn: LeaseHold) -> str:
        if lookup is None:
            return "switched off"
        done = await lookup.look_up(turn.check)
        silent = f"; {', '.join(done.down)} did not answer" if done.down else ""
        artists = f"{done.artists.learned} of {done.artists.asked} artists known now"
        return f"{artists}, {done.years.learned} years of {done.years.asked} songs{silent}"

    return run
