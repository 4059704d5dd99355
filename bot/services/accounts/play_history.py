"""What members play on Spotify, noted for those who want that: `play` events, and when each song was heard last."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.catalogue.importer import import_records
from bot.database import guarded
from bot.documents import AuthToken, FeedbackEvent, Key, User, derived_key
from bot.errors import LinkExpired, SpotifyBusy, WorldDown
from bot.services.accounts.expiry_reminders import LinkNotifier, tell_ended
from bot.services.accounts.token_store import PROVIDER
from bot.services.library.member_library import known_member, record_of
from bot.services.library.saved_songs import HEARD, forget_spotify, note_heard, track_ids
from bot.services.members import Member, is_erased, member
from bot.services.values import Requester
from bot.spotify.oauth import LISTENING_SCOPE
from bot.spotify.values import AccessToken, PlayedTrack, Tokens

_log = logging.getLogger(__name__)

LIMIT = 50
"""Songs that Spotify tells of at most: about two and a half hours of them, so we ask every two."""


class PlaysGateway(Protocol):
    """What is asked of Spotify's Web API."""

    async def recently_played(
        self, token: AccessToken, after: datetime | None = None, limit: int = LIMIT
    ) -> tuple[PlayedTrack, ...]:
        """What was played lately, the latest first."""


class ListeningService:
    """Asks for nothing of members who did not say so."""

    def __init__(
        self, *, tokens: Tokens, gateway: PlaysGateway | None, letters: LinkNotifier, clock: Callable[[], datetime]
    ) -> None:
        self._tokens = tokens
        self._gateway = gateway
        self._letters = letters
        self._clock = clock

    async def consent(self, requester: Requester, *, on: bool) -> None:
        """Whether what the one who asks plays may be noted. Raises BeingErased, DatabaseDown."""
        who = await member(requester)
        with guarded():
            await User.set_preference(who.id, "listening", on=on)

    async def note_plays(self) -> str:
        """Note what was played since the last time, of everyone who wants that; a word on what came of it."""
        if self._gateway is None:
            return "Spotify is not set up"
        with guarded():
            linked = await AuthToken.linked(PROVIDER)
        noted = members = 0
        for raw in linked:
            who = await known_member(raw["userId"])
            if who is None or not who.preferences.listening:
                continue
            try:
                noted += await self._note(self._gateway, who, raw.get("playsAt"))
            except SpotifyBusy as busy:
                return f"{noted} plays of {members} members; then Spotify was to be left alone ({busy.why})"
            except LinkExpired as expired:
                if type(expired) is LinkExpired:
                    await tell_ended(self._letters, raw["userId"])
            except WorldDown as down:
                _log.warning("what a member played could not be asked: %r", down)
            else:
                members += 1
        return f"{noted} plays of {members} members"

    async def _note(self, gateway: PlaysGateway, who: Member, since: datetime | None) -> int:
        token = await self._tokens.token_of(who.id)
        if token is None or LISTENING_SCOPE not in token.scopes:
            return 0
        played = await gateway.recently_played(token, since)
        if not played:
            return 0
        keys = await _stored_tracks(played)
        heard = [(keys[play.track.id], play.played_at) for play in played if play.track.id in keys]
        new = 0
        for track_id, at in heard:
            with guarded():
                new += await FeedbackEvent.record(
                    derived_key("heard", str(who.id), str(track_id), f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"),
                    user_id=who.id,
                    event="play",
                    track_id=track_id,
                    context=_context(who, at),
                )
        await note_heard(who.id, heard)
        if await is_erased(who):
            await forget_spotify(who.id)
            return 0
        with guarded():
            await AuthToken.note_plays(who.id, PROVIDER, max(play.played_at for play in played))
        return new


async def _stored_tracks(played: Sequence[PlayedTrack]) -> dict[str, Key]:
    """The tracks of what was played, by Spotify id; new ones are added."""
    records = {play.track.id: record_of(play.track) for play in played}
    known = await track_ids(list(records))
    strangers = [record for key, record in records.items() if key not in known]
    if strangers:
        await import_records(strangers, "spotify")
        known |= await track_ids([record.spotify_id for record in strangers])
    return known


def _context(who: Member, at: datetime) -> dict[str, Any]:
    """Where it was heard; while learning is paused, that it teaches nothing."""
    paused = {} if who.preferences.learning else {"learning": False}
    return {"source": HEARD, "playedAt": at, **paused}
