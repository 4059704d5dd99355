"""The steps by which a playlist comes to a Spotify account, each written down, so that any of them may be the last.

Before Spotify is asked for what cannot be asked twice, that is noted. Who finds such a note and no result looks for the
marker that the asked-for playlist has in its description, and goes on from what is there.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.database import guarded
from bot.documents import Key, Playlist, Publication
from bot.errors import Gone, LinkExpired, SpotifyBusy, SpotifyRefused, SpotifyUnreachable, WorldDown
from bot.pictures.cover import cover
from bot.services.publishing.metadata import is_marked, marker_of, spotify_description, spotify_name
from bot.services.values import PlaylistView, SongView
from bot.spotify.gateway import ITEMS_A_CALL, PAGE_LIMIT, SpotifyGateway
from bot.spotify.values import AccessToken, SpotifyPlaylist, Tokens, track_uri

_log = logging.getLogger(__name__)
T = TypeVar("T")

HOLD_S = 25.0
"""How long one step of a publication may take, calls and database together; after that others may go on with it."""

SETTLE_S = 20.0
"""How long Spotify may still be busy with a request whose answer was lost: only then is "not there" believed."""

PAGES = 10
"""Pages of an account's playlists that are searched for one whose answer was lost long ago."""

COVER_SCOPE, PRIVATE_SCOPE = "ugc-image-upload", "playlist-modify-private"

_SONG_ADDRESS = "https://open.spotify.com/track/"
_GONE = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationPatience:
    """Seconds that a step may take, and that Spotify may be busy with what nobody waits for any more."""

    hold_s: float = HOLD_S
    settle_s: float = SETTLE_S


@dataclass(slots=True, kw_only=True)
class Account:
    """The account that is published to; its token may be renewed on the way."""

    token: AccessToken
    own: bool


class PublicationSteps:
    """Brings one publication, which is ours alone as long as it is held, to one account.

    What is broken off can be begun again with the same publication, and goes on from where it was.
    """

    def __init__(
        self,
        publication: Publication,
        account: Account,
        *,
        gateway: SpotifyGateway,
        tokens: Tokens,
        patience: PublicationPatience,
    ) -> None:
        self._publication = publication
        self._account = account
        self._gateway = gateway
        self._tokens = tokens
        self._hold_s = patience.hold_s
        self._settle = timedelta(seconds=patience.settle_s)

    async def carry_out(self, view: PlaylistView, *, who: Key, parent: Publication | None = None) -> None:
        """From whatever was done of it to all of it, for `who`; in the place of `parent` on Spotify, if one is given.

        Raises SpotifyBusy, SpotifyRefused, SpotifyUnreachable, LinkExpired, Gone("saved"), DatabaseDown.
        """
        if self._publication.state in ("handed", "removed"):
            await self._begin_anew()
            await self._step(user_id=who)
        try:
            await self._make(view, parent)
        except SpotifyUnreachable:
            if self._publication.state != "creating":
                raise
            # An answer was lost, and nothing is there yet: once more, from what will be found then.
            await self._make(view, parent, looked=True)
        if self._publication.state == "created":
            await self._fill(view)

    async def _make(self, view: PlaylistView, parent: Publication | None, *, looked: bool = False) -> None:
        """Until there is a playlist to put the songs into; `looked` tells that there was none just now."""
        if self._publication.state == "creating":
            await self._find_out(looked=looked)
        if self._publication.state == "new" and parent is not None:
            place, marker = parent.spotify_playlist_id, parent.marker
            await self._step(state="created", spotify_playlist_id=place, marker=marker, taken_from=parent.id)
        if self._publication.state == "new":
            await self._create(view)

    async def _begin_anew(self) -> None:
        publication = self._publication
        attempt = publication.attempt + 1
        await self._step(
            state="new",
            attempt=attempt,
            marker=marker_of(publication.id, attempt),
            spotify_playlist_id=None,
            taken_from=None,
            filled_at=None,
            cover=False,
        )

    async def _create(self, view: PlaylistView) -> None:
        """Ask Spotify for an empty playlist. It is written down before, and looked for when no answer comes."""
        publication = self._publication
        await self._step(state="creating", stamp="asked_at")
        name, description = spotify_name(view.name), spotify_description(about(view), publication.marker)
        try:
            made = await self._called(
                lambda token: self._gateway.create_playlist(
                    token, name, description, PRIVATE_SCOPE not in token.scopes
                ),
            )
        except SpotifyUnreachable as error:
            if not error.maybe_done:
                await self._step(state="new")
                raise
            found = await self._look_up(pages=1)
            if found is None:
                # It may still come: nobody asks again before that is settled.
                raise
            made = found
        except (SpotifyBusy, SpotifyRefused, LinkExpired):
            await self._step(state="new")
            raise
        await self._keep_made(made)

    async def _find_out(self, *, looked: bool) -> None:
        """Whether the playlist that somebody asked for is there: then it goes on from that, else from the start."""
        found = None if looked else await self._look_up(pages=PAGES)
        left = self._unsettled_s(self._publication.asked_at)
        if found is None and (looked or left > 0):
            await asyncio.sleep(max(left, 0.0))
            found = await self._look_up(pages=PAGES)
        if found is None:
            await self._step(state="new")
        else:
            await self._keep_made(found)

    def _unsettled_s(self, since: datetime | None) -> float:
        """Seconds until Spotify is certainly done with what it was asked `since` then, by the server's clock."""
        written_at = self._publication.updated_at
        if since is None or written_at is None:
            return self._settle.total_seconds()
        # What was written last, the claim or a step, was written just now.
        return (since + self._settle - written_at).total_seconds()

    async def _look_up(self, *, pages: int) -> SpotifyPlaylist | None:
        """The playlist on the account that has our marker."""
        publication = self._publication
        for page in range(pages):
            offset = page * PAGE_LIMIT
            await self._step()
            shown = await self._called(
                lambda token, offset=offset: self._gateway.own_playlists(token, offset=offset),  # type: ignore[misc]
            )
            for playlist in shown.items:
                if is_marked(playlist.description, publication.marker):
                    return playlist
            if offset + PAGE_LIMIT >= shown.total:
                break
        return None

    async def _keep_made(self, made: SpotifyPlaylist) -> None:
        """Write down which playlist it is. When somebody else went on meanwhile, ours is one too many."""
        publication = self._publication
        with guarded():
            kept = await publication.step(seconds=self._hold_s, state="created", spotify_playlist_id=made.id)
        if kept:
            return
        with guarded():
            theirs = await Publication.named(publication.id)
        if theirs is not None and theirs.spotify_playlist_id not in (None, made.id):
            _log.warning("publication %s was taken over meanwhile; the playlist too many is removed", publication.id)
            await self._called(lambda token: self._gateway.unfollow(token, made.id))
        raise SpotifyUnreachable(cause="somebody else went on with this playlist")

    async def _take_over(self, place: str) -> None:
        """What stood in this place until now gives way; where another did the same before us, we do."""
        publication = self._publication
        with guarded():
            if await Publication.hand_over(publication.taken_from or "", place, to=publication.id):
                await Playlist.clear_place(place, but=publication.shows)
                return
        await self._begin_anew()
        raise Gone(what="saved")

    async def _fill(self, view: PlaylistView) -> None:
        """All songs, the name where it changes, the cover where it is allowed; each of it may be done again."""
        publication = self._publication
        place = publication.spotify_playlist_id or ""
        if publication.taken_from:
            await self._take_over(place)
        uris = [uri for song in view.songs if (uri := song_uri(song))]
        try:
            await self._put(place, uris)
            if publication.taken_from:
                name, description = spotify_name(view.name), spotify_description(about(view), publication.marker)
                await self._insisting(lambda token: self._gateway.change_details(token, place, name, description))
        except SpotifyRefused as refused:
            if refused.status == _GONE:
                # Somebody deleted it on Spotify; the next press makes another.
                await self._step(state="removed")
            raise
        covered = await self._covered(view)
        with guarded():
            await Playlist.take_place(publication.shows, place)
        await self._step(state="done", cover=covered)

    async def _put(self, place: str, uris: Sequence[str]) -> None:
        """These songs and no others. In one call that may be repeated at once, as whichever comes last is right.

        In several calls the first of an earlier time, coming late, would undo the others: that time has to be over.
        """
        if len(uris) <= ITEMS_A_CALL:
            await self._insisting(lambda token: self._gateway.replace_items(token, place, uris))
            return
        for last in (False, True):
            await self._step()
            if self._publication.filled_at is not None:
                await asyncio.sleep(max(0.0, self._unsettled_s(self._publication.filled_at)))
            await self._step(stamp="filled_at")
            try:
                await self._called(lambda token: self._gateway.replace_items(token, place, uris))
            except SpotifyUnreachable:
                if last:
                    raise
            else:
                return

    async def _insisting(self, call: Callable[[AccessToken], Awaitable[None]]) -> None:
        """A call that may be made twice, made once more when its answer was lost."""
        await self._step()
        try:
            await self._called(call)
        except SpotifyUnreachable:
            await self._step()
            await self._called(call)

    async def _covered(self, view: PlaylistView) -> bool:
        """Give it a cover, where that is allowed. Without one it is a playlist all the same."""
        publication = self._publication
        if COVER_SCOPE not in self._account.token.scopes:
            return False
        energies = [song.energy for song in view.songs]
        jpeg = await asyncio.to_thread(cover, energies, view.arc)
        await self._step()
        encoded, place = base64.b64encode(jpeg).decode(), publication.spotify_playlist_id or ""
        try:
            await self._called(lambda token: self._gateway.upload_cover(token, place, encoded))
        except (WorldDown, LinkExpired) as error:
            _log.info("publication %s has no cover: %r", publication.id, error)
            return False
        return True

    async def take_down(self) -> None:
        """Remove it from the account; gone is gone. Raises as `carry_out`."""
        publication = self._publication
        place = publication.spotify_playlist_id or ""
        try:
            await self._insisting(lambda token: self._gateway.unfollow(token, place))
        except SpotifyRefused as refused:
            if refused.status != _GONE:
                raise
        with guarded():
            await Playlist.leave_place(publication.shows, place)
        await self._step(state="removed")

    async def _called(self, call: Callable[[AccessToken], Awaitable[T]]) -> T:
        """The call, once more with another token when Spotify did not take this one. Raises LinkExpired."""
        account = self._account
        try:
            return await call(account.token)
        except LinkExpired:
            renewed = await self._tokens.renewed(account.token)
        if renewed is None:
            raise LinkExpired(owner=not account.own)
        account.token = renewed
        try:
            return await call(renewed)
        except LinkExpired:
            raise LinkExpired(owner=not account.own) from None

    async def _step(self, *, stamp: str | None = None, **fields: Any) -> None:
        """Write down how far it is.

        Raises SpotifyUnreachable when somebody else has gone on with it, Gone("playlist") when it was deleted
        meanwhile (who deleted it has noted what there is to take down), DatabaseDown.
        """
        publication = self._publication
        with guarded():
            if await publication.step(seconds=self._hold_s, stamp=stamp, **fields):
                return
            if await Publication.named(publication.id) is None:
                raise Gone(what="playlist")
        raise SpotifyUnreachable(cause="somebody else went on with this playlist")


def about(view: PlaylistView) -> str:
    """What stands under its name."""
    return f"{len(view.songs)} songs for “{view.text}”, by Vibrato" if view.text else f"{len(view.songs)} songs"


def song_uri(song: SongView) -> str | None:
    """How Spotify names the song; None where its id is not known."""
    return track_uri(song.url.removeprefix(_SONG_ADDRESS)) if song.url and song.url.startswith(_SONG_ADDRESS) else None
