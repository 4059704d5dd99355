"""A playlist on Spotify, once: whatever is lost on the way, whoever presses, and however often.

Whose account it is, who may, and who waits for whom is decided here; the way there is `publication_steps`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.database import guarded
from bot.documents import Key, Playlist, Publication, User, derived_key, now
from bot.errors import (
    BeingErased,
    DatabaseDown,
    Gone,
    NothingToSave,
    NotLinked,
    NotYours,
    SavedEnough,
    SpotifyUnreachable,
)
from bot.services.feedback.event_store import Event, context, store_event, where_posted
from bot.services.members import ERASING, Member, member
from bot.services.playlists.object_ids import stored_key
from bot.services.playlists.playlist_loader import StoredPlaylist, stored_playlist
from bot.services.publishing.metadata import marker_of
from bot.services.publishing.takedown import give_up, put_right
from bot.services.publishing.views import Offered, Saved, Saving
from bot.services.publishing.workflow import Account, PublicationPatience, PublicationSteps, song_uri
from bot.services.values import PlaylistView, Requester
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.values import Tokens, playlist_url

_log = logging.getLogger(__name__)

WAIT_S = 60.0
"""How long a second press waits for the first one."""

SAVES_A_DAY = 25
"""Playlists that one member may put on the server's account in a day: its calls are there for everybody."""

GENERATIONS = 10
"""Playlists of a chain that are followed back to one that is saved."""

_POLL_S = 0.2
_DAY = timedelta(days=1)


class PublishingService:
    """Saves playlists on Spotify. Without `gateway` or `tokens`, NotLinked is the answer to everything."""

    def __init__(
        self,
        *,
        gateway: SpotifyGateway | None = None,
        tokens: Tokens | None = None,
        patience: PublicationPatience | None = None,
        wait_s: float = WAIT_S,
    ) -> None:
        self._gateway = gateway
        self._tokens = tokens
        self._patience = patience or PublicationPatience()
        self._wait_s = wait_s

    async def save(self, saving: Saving) -> Saved | Offered:
        """Puts a playlist on the requester's own account or the server's, once; or asks whether to replace its parent.

        Raises NotLinked without any account, NothingToSave when Spotify knows none of its songs, NotYours for a
        replacement that is not theirs to make, SavedEnough, LinkExpired, SpotifyBusy, SpotifyRefused,
        SpotifyUnreachable (pressing again goes on from there), Gone("playlist"), BeingErased, DatabaseDown.
        """
        with guarded():
            stored = await stored_playlist(saving.playlist_id, saving.requester)
        who = await member(saving.requester)
        account = await self._account_of(who)
        view = stored.view()
        if not any(song_uri(song) for song in view.songs):
            raise NothingToSave
        parent = None if saving.choice == "new" else await self._saved_before(stored, account)
        if parent is not None and not _may_change(*parent, account, who):
            if saving.choice == "update":
                raise NotYours
            parent = None
        if parent is not None and saving.choice is None:
            name = parent[1].get("name") or ""
            return Offered(playlist=view, saved_name=name, url=playlist_url(parent[0].spotify_playlist_id or ""))
        first = _first(stored, account, who)
        if not account.own:
            await _within_limit(first, who)
        async with self._held(first) as publication:
            before = publication.state == "done"
            if not before:
                await self._steps(publication, account).carry_out(view, who=who.id, parent=parent and parent[0])
            await _refuse_erased(stored)
            await self._count(saving.requester, stored, publication, who)
        return _saved(
            view, publication, account, before=before, removable=_may_change(publication, stored.playlist, account, who)
        )

    async def remove(self, requester: Requester, playlist_id: str) -> PlaylistView:
        """Takes a playlist down from Spotify, where the requester put it or it was made for them. Idempotent.

        Raises NotLinked, NotYours, Gone("saved") when it is not there, and as `save`.
        """
        with guarded():
            stored = await stored_playlist(playlist_id, requester)
        who = await member(requester)
        account = await self._account_of(who)
        key = Publication.key(stored.playlist["_id"], account.token.account_id)
        with guarded():
            found = await Publication.named(key)
        if found is None or found.state != "done":
            raise Gone(what="saved")
        if not _may_change(found, stored.playlist, account, who):
            raise NotYours
        async with self._held(found) as publication:
            if publication.state == "done":
                await self._steps(publication, account).take_down()
        return stored.view()

    async def take_down_unwanted(self, moment: datetime) -> int:
        """Takes down what members had deleted, as far as can be done now; how many. Raises DatabaseDown."""
        return 0 if self._tokens is None else await put_right(self._gateway, self._tokens, moment)

    def _steps(self, publication: Publication, account: Account) -> PublicationSteps:
        if self._tokens is None or self._gateway is None:
            raise NotLinked
        return PublicationSteps(
            publication, account, gateway=self._gateway, tokens=self._tokens, patience=self._patience
        )

    async def _account_of(self, who: Member) -> Account:
        """Their own account where they have linked one, else the server's."""
        if self._tokens is None or self._gateway is None:
            raise NotLinked
        own = await self._tokens.token_of(who.id)
        if own is not None:
            return Account(token=own, own=True)
        owner = await self._tokens.owner_token()
        if owner is None:
            raise NotLinked
        return Account(token=owner, own=False)

    async def _saved_before(
        self, stored: StoredPlaylist, account: Account
    ) -> tuple[Publication, Mapping[str, Any]] | None:
        """The nearest playlist that this one was made from and that is saved on the account, unless this one is."""
        with guarded():
            if await _state_of(stored.playlist["_id"], account) in ("creating", "created", "done"):
                return None
            parent_id = stored.playlist.get("parentId")
            for _ in range(GENERATIONS):
                if parent_id is None:
                    return None
                found = await Publication.named(Publication.key(parent_id, account.token.account_id))
                raw = await Playlist.raw(parent_id, "name", "userId", "parentId")
                if found is not None and found.state == "done" and found.spotify_playlist_id and raw is not None:
                    return found, raw
                parent_id = None if raw is None else raw.get("parentId")
        return None

    @asynccontextmanager
    async def _held(self, new: Publication) -> AsyncIterator[Publication]:
        """The publication, for us alone; who comes second waits. Raises SpotifyUnreachable when that takes too long."""
        holder, loop = secrets.token_hex(8), asyncio.get_running_loop()
        give_up = loop.time() + self._wait_s
        while True:
            with guarded():
                publication = await Publication.claim(new, holder=holder, seconds=self._patience.hold_s)
            if publication is not None:
                break
            if loop.time() >= give_up:
                raise SpotifyUnreachable(cause="somebody else is still saving this playlist")
            await asyncio.sleep(min(_POLL_S, self._patience.hold_s / 5))
        try:
            yield publication
        finally:
            try:
                with guarded():
                    await publication.release()
            except DatabaseDown as down:
                _log.warning("publication %s is held until its time is over: %s", publication.id, down.cause)

    async def _count(self, requester: Requester, stored: StoredPlaylist, publication: Publication, who: Member) -> None:
        """One FeedbackEvent for each member who saves it, however often they press."""
        where = where_posted(stored, guild_id=requester.guild_id, channel_id=requester.channel_id)
        event = Event(
            key=derived_key("save", publication.id, str(publication.attempt), str(who.id)),
            user_id=who.id,
            playlist_id=stored.playlist["_id"],
            kind="save",
            context=context(stored, source="button", where=where, own=publication.own),
        )
        try:
            await store_event(event, who)
        except BeingErased:
            with guarded():
                await Publication.forget_saver(publication.id, who.id)
            raise


def _first(stored: StoredPlaylist, account: Account, who: Member) -> Publication:
    """How a publication begins."""
    playlist_id = stored_key(str(stored.playlist["_id"]), what="playlist")
    key = Publication.key(playlist_id, account.token.account_id)
    return Publication(
        id=key,
        playlist_id=playlist_id,
        account_id=account.token.account_id,
        own=account.own,
        user_id=who.id,
        marker=marker_of(key, 1),
    )


async def _refuse_erased(stored: StoredPlaylist) -> None:
    """Raises Gone("playlist") when who it was made for has it deleted meanwhile; then it is noted to be taken down.

    Whoever deletes marks the member first and looks for what is saved then, so one of the two always sees it.
    """
    with guarded():
        erasing = await User.is_erasing(stored.playlist["userId"], now() - ERASING)
        there = await Playlist.raw(stored.playlist["_id"], "_id")
    if erasing or there is None:
        await give_up([stored.playlist["_id"]])
        raise Gone(what="playlist")


async def _within_limit(new: Publication, who: Member) -> None:
    """Raises SavedEnough when this would be one more than a day allows; what is there already is none more."""
    with guarded():
        if await Publication.named(new.id) is not None:
            return
        made = await Publication.saved_lately(who.id, now() - _DAY, SAVES_A_DAY)
    if len(made) == SAVES_A_DAY:
        raise SavedEnough(until=made[-1] + _DAY, most=SAVES_A_DAY)


async def _state_of(playlist_id: Key, account: Account) -> str | None:
    found = await Publication.named(Publication.key(playlist_id, account.token.account_id))
    return None if found is None else found.state


def _may_change(publication: Publication, playlist: Mapping[str, Any], account: Account, who: Member) -> bool:
    """Whether it is theirs to replace and remove: on their own account, saved by them, or made for them."""
    return account.own or who.id in (publication.saved_by, playlist.get("userId"))


def _saved(view: PlaylistView, publication: Publication, account: Account, *, before: bool, removable: bool) -> Saved:
    missing = tuple(song for song in view.songs if not song_uri(song))
    return Saved(
        playlist=view,
        url=playlist_url(publication.spotify_playlist_id or ""),
        songs=len(view.songs) - len(missing),
        missing=missing,
        own=account.own,
        cover=publication.cover,
        before=before,
        removable=removable,
    )
