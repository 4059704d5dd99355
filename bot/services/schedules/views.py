"""What a schedule is to those who show it, and what its service needs of the Discord side: plain values, protocols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.services.schedules.recurrence import When
from bot.services.values import PlaylistView, Posted, Publisher, ReactionRules, Requester, VibeRequest

MOST_SCHEDULES = 25
"""Schedules of one server: what one of Discord's menus holds."""

State = Literal["on", "paused", "stopped", "removed"]
"""Stopped: by us, because it cannot go on."""

Result = Literal["posted", "failed", "skipped", "lost"]
"""Skipped: we were away for too long. Lost: nobody can say whether it was posted, so it is not posted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """A vibe to post again and again: a `text` or a `mood`, when in words, and the zone if not the server's."""

    channel_id: str
    when: str
    text: str | None = None
    mood: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a slot; `reason` is the name of what went wrong."""

    slot: datetime
    result: Result
    reason: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleView:
    """A schedule as a card shows it.

    `vibe` is its text, or the label of its mood, which `mood` names. `reason` says why it was stopped: the permission
    that the bot lacks there, or "channel", "server" or "mood" for what is no longer there.
    """

    schedule_id: str
    guild_id: str
    channel_id: str
    vibe: str
    mood: str | None
    when: When
    time_zone: str
    state: State
    reason: str | None = None
    next_at: datetime | None = None
    last: Outcome | None = None


class RoomPublisher(Publisher, Protocol):
    """Posts into a channel."""

    @property
    def posted(self) -> Posted | None:
        """Where it was posted, once it was."""

    async def add_reactions(self) -> None:
        """Add the feedback reactions. Never raises."""


class Room(Protocol):
    """A channel that the bot may write to."""

    def publisher(self, schedule: ScheduleView, *, nonce: str, check: Callable[[], None]) -> RoomPublisher:
        """A publisher for one post. `check` is called right before each send and may raise.

        Two posts with one `nonce` (up to 25 characters) within minutes are one message. Publishing raises NotAllowed,
        Gone and DiscordRefused.
        """

    async def find(self, playlist_id: str, *, since: datetime) -> Posted | None:
        """The message of ours with that playlist's card, looked for from `since` on. Raises NotAllowed, WorldDown."""


class Rooms(Protocol):
    """The channels of all servers."""

    @property
    def connected(self) -> bool:
        """Whether this process can post at all."""

    async def room(self, guild_id: str, channel_id: str) -> Room:
        """A channel of that server. Raises NotAllowed when the bot may not write there, Gone, DiscordRefused."""

    async def tell_stopped(self, schedule: ScheduleView) -> None:
        """Tell who runs the server that a schedule was stopped, and why. Never raises."""


class Playlists(Protocol):
    """The part of PlaylistService that schedules need."""

    async def create(self, request: VibeRequest, *, publisher: Publisher) -> PlaylistView:
        """Make and post a playlist; the same `press_id` makes one playlist."""

    async def play_mood(
        self,
        key: str,
        requester: Requester,
        publisher: Publisher,
        only_me: bool = False,
        *,
        press_id: str | None = None,
    ) -> PlaylistView:
        """The same for a mood."""

    async def made(self, press_id: str) -> PlaylistView | None:
        """What was made for that press, if it was finished."""

    async def note_posted(self, playlist_id: str, posted: Posted) -> None:
        """Note where it was posted."""

    async def check(self, text: str, guild_id: str | None) -> str:
        """The words as a request has them. Raises what `create` would raise about them."""


class Reactions(Protocol):
    """The part of FeedbackService that schedules need."""

    async def reactions(self, guild_id: str | None) -> ReactionRules:
        """The reactions that a server uses."""
