"""Filling a member's library: from their linked account, bit by bit, and from a file of their own.

Spotify lets everybody together ask some thousand times a day, so an account is read from its newest song on and only
as far as something is new; a long one goes on where it was left.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from bot.catalogue.files.added import added_at
from bot.catalogue.files.csv_files import CsvContents, read_csv
from bot.catalogue.importer import import_records
from bot.catalogue.prepared import PreparedCatalogue
from bot.catalogue.records import TrackRecord, is_spotify_id
from bot.database import guarded
from bot.documents import AuthToken, Key, User, UserLibrary
from bot.errors import (
    BadFile,
    BeingErased,
    LinkExpired,
    NotLinked,
    SpotifyBusy,
    SpotifyRefused,
    SpotifyUnreachable,
)
from bot.services.accounts.expiry_reminders import LinkNotifier, tell_ended
from bot.services.accounts.token_store import PROVIDER
from bot.services.discovery.feature_enrichment import to_be_named
from bot.services.library.catalogue_import import check_file, check_kind
from bot.services.library.saved_songs import OwnCounts, held, hold, own_counts, release, track_ids
from bot.services.members import Member, is_erased, member
from bot.services.values import Requester
from bot.spotify.values import AccessToken, SavedPage, SpotifyTrack, Tokens, TopTerm

_log = logging.getLogger(__name__)

CALLS = 20
"""Pages of saved songs that one reading asks for: a thousand songs."""

NIGHTLY_CALLS = 6
"""The same for a reading that nobody waits for."""

PAGE = 50

MOST_ROWS = 20_000
"""Rows of a member's own file: twice what Spotify once allowed a library to hold."""

LARGEST_BYTES = 8 << 20
"""Bytes of such a file; 20,000 rows of Exportify have some 6 MB."""

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

ReadStage = Literal["wait", "fetch", "read", "store", "top", "saved", "refresh"]
OnRead = Callable[[ReadStage, int, int], None]
"""Told, in the event loop, what is done of the whole."""


class LibraryGateway(Protocol):
    """What is asked of Spotify's Web API."""

    async def saved_tracks(self, token: AccessToken, offset: int = 0, limit: int = PAGE) -> SavedPage:
        """A page of saved songs, the latest first."""

    async def top_tracks(
        self, token: AccessToken, term: TopTerm = "medium_term", limit: int = PAGE
    ) -> tuple[SpotifyTrack, ...]:
        """What the account plays most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryRead:
    """What came of it: songs that are new or gone, those that the catalogue does not hold, and whether that was all."""

    new: int = 0
    gone: int = 0
    unknown: int = 0
    whole: bool = True


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A stretch of pages that were read without a hole between them, from the song at `start` on."""

    start: int
    seen: set[Key] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    def take(self, times: Iterable[datetime], tracks: Iterable[Key]) -> None:
        """Add a page."""
        self.seen |= set(tracks)
        for at in times:
            self.first = self.first or at
            self.last = at

    def missing(self, *, to_the_end: bool) -> dict[str, Any] | None:
        """What ought to have been on these pages and was not, as `release` takes it; None when nothing can be told."""
        if self.last is None and (self.start or not to_the_end):
            return None
        return {
            "but": self.seen,
            "before": self.first if self.start else None,
            "after": None if to_the_end else self.last,
        }


class MemberLibraryService:
    """The songs that members know.

    Unless the catalogue is `open_to_members`, files add no songs to it. With `letters` members are told when a reading
    at night finds their link dead.
    """

    def __init__(
        self,
        *,
        tokens: Tokens,
        gateway: LibraryGateway | None,
        prepared: PreparedCatalogue,
        clock: Callable[[], datetime],
        open_to_members: bool = True,
        letters: LinkNotifier | None = None,
    ) -> None:
        self._tokens = tokens
        self._gateway = gateway
        self._prepared = prepared
        self._clock = clock
        self._open = open_to_members
        self._letters = letters
        self._turn = asyncio.Lock()

    async def sync(self, requester: Requester, on_read: OnRead) -> LibraryRead:
        """Read what is new in the account of the one who asks.

        Raises NotLinked, LinkExpired, SpotifyBusy and other WorldDown when nothing could be read at all.
        """
        return await self.sync_member(await member(requester), on_read, calls=CALLS)

    async def counts(self, requester: Requester) -> OwnCounts:
        """How many songs of the one who asks are known. Raises DatabaseDown."""
        return await own_counts(User.key_of(requester.user_id))

    async def sync_member(self, who: Member, on_read: OnRead, *, calls: int) -> LibraryRead:
        """The same for a member that is known, with at most that many pages of saved songs."""
        token = await self._tokens.token_of(who.id)
        if token is None or self._gateway is None:
            raise NotLinked
        on_read("saved", 0, 0)
        saved = await self._read_saved(self._gateway, token, who, on_read, calls)
        on_read("top", 0, 0)
        try:
            await self._read_top(self._gateway, token, who)
        except SpotifyBusy as busy:
            _log.info("top songs were left out, Spotify is to be left alone: %s", busy.why)
        await self._ready(on_read)
        await _check_erased(who)
        return saved

    async def sync_all(self, on_read: OnRead | None = None) -> str:
        """Read what is new in every linked account, as far as the day's calls go; a note on what came of it."""
        with guarded():
            user_ids: list[Key] = [raw["userId"] for raw in await AuthToken.linked(PROVIDER)]
        read = new = 0
        for user_id in user_ids:
            who = await known_member(user_id)
            if who is None:
                continue
            try:
                outcome = await self.sync_member(who, on_read or _quietly, calls=NIGHTLY_CALLS)
            except LinkExpired as expired:
                if type(expired) is LinkExpired and self._letters is not None:
                    await tell_ended(self._letters, user_id)
                continue
            except (NotLinked, BeingErased):
                continue
            except SpotifyBusy:
                break
            except (SpotifyRefused, SpotifyUnreachable) as down:
                _log.warning("a library could not be read: %r", down)
                continue
            read, new = read + 1, new + outcome.new
        return f"{read} libraries read, {new} new songs"

    def admit(self, name: str, size: int) -> None:
        """Raises BadFile when a file of that name and size in bytes is not worth fetching."""
        check_file(name, size, largest=LARGEST_BYTES)

    async def bring_in(self, requester: Requester, name: str, contents: bytes, on_read: OnRead) -> LibraryRead:
        """Put the songs of a file into the library of the one who asks; for everybody else songs are only added.

        Raises BadFile before anything is stored, BeingErased, DatabaseDown.
        """
        self.admit(name, len(contents))
        await asyncio.to_thread(check_kind, name, contents, most_lines=MOST_ROWS)
        who = await member(requester)
        if self._turn.locked():
            on_read("wait", 0, 0)
        async with self._turn:
            on_read("read", 0, 0)
            try:
                read, times = await asyncio.to_thread(_from_file, contents)
            except BadFile as bad:
                raise BadFile(name, bad.reason) from bad
            on_read("store", 0, len(read.records))
            keys = await self._added(read.records, "csv", add=self._open)
            moment = self._clock()
            songs = {key: times.get(spotify_id, moment) for spotify_id, key in keys.items()}
            new = await hold(who.id, "fileAt", songs)
            await self._ready(on_read)
        await _check_erased(who)
        return LibraryRead(new=new, unknown=len(read.records) - len(keys))

    async def _read_saved(
        self, gateway: LibraryGateway, token: AccessToken, who: Member, on_read: OnRead, calls: int
    ) -> LibraryRead:
        """Pages from the newest song on, while something is new or missing; then on from where it was left."""
        state = await _state(who.id)
        goes_on_at: int | None = state.get("libraryNext")
        offset = new = gone = 0
        walk = _Walk(start=0)
        whole = False
        for call in range(calls):
            try:
                page = await gateway.saved_tracks(token, offset)
            except SpotifyBusy:
                if not call:
                    raise
                break
            fresh = await self._keep_saved(who, page, walk)
            new += fresh
            if goes_on_at is not None:
                goes_on_at += fresh
            offset += page.taken
            on_read("saved", offset, page.total)
            if not page.taken or offset >= page.total:
                gone += await _released(who, walk, to_the_end=True)
                whole = True
                break
            if fresh:
                continue
            gone += await _released(who, walk, to_the_end=False)
            if goes_on_at is None and await held(who.id, "spotifyAt") + state.get("libraryStrange", 0) == page.total:
                whole = True
                break
            if goes_on_at is not None and goes_on_at - PAGE > offset:
                # One page twice, in case songs were removed meanwhile and what follows has moved up.
                offset = goes_on_at - PAGE
                walk, goes_on_at = _Walk(start=offset), None
        else:
            gone += await _released(who, walk, to_the_end=False)
        await self._note(who.id, offset=None if whole else max(offset, goes_on_at or 0), page=page, whole=whole)
        return LibraryRead(new=new, gone=gone, whole=whole)

    async def _keep_saved(self, who: Member, page: SavedPage, walk: _Walk) -> int:
        """Store a page; how many of its songs were not there."""
        songs = {entry.track.id: entry.saved_at or _EARLIEST for entry in page.items}
        keys = await self._added([record_of(entry.track) for entry in page.items], "spotify", add=True)
        walk.take(songs.values(), keys.values())
        return await hold(who.id, "spotifyAt", {key: songs[spotify_id] for spotify_id, key in keys.items()})

    async def _read_top(self, gateway: LibraryGateway, token: AccessToken, who: Member) -> None:
        tracks = await gateway.top_tracks(token)
        keys = await self._added([record_of(track) for track in tracks], "spotify", add=True)
        await hold(who.id, "topAt", dict.fromkeys(keys.values(), self._clock()))
        await release(who.id, "topAt", but=keys.values())

    async def _added(self, records: Sequence[TrackRecord], source: str, *, add: bool) -> Mapping[str, Key]:
        """The ids of the tracks by Spotify id. Those that are not there yet, or whose name is gone, are added.

        Where Spotify says it, what it said so long ago that it would soon have to be asked again is renewed, too; all
        others are left as they are.
        """
        wanted = {record.spotify_id: record for record in records}
        known = await track_ids(list(wanted))
        due = await to_be_named(list(known), source, self._clock()) if add else frozenset()
        told = [record for key, record in wanted.items() if (key not in known or key in due) and is_spotify_id(key)]
        if add and told:
            await import_records(told, source)
            known |= await track_ids([record.spotify_id for record in told])
        return known

    async def _note(self, user_id: Key, *, offset: int | None, page: SavedPage, whole: bool) -> None:
        """Where the next reading goes on, and how many entries of the account are no songs."""
        at, strange = self._clock(), page.total - await held(user_id, "spotifyAt") if whole else None
        with guarded():
            await AuthToken.note_library(user_id, PROVIDER, at=at, goes_on_at=offset, strange=strange)

    async def _ready(self, on_read: OnRead) -> None:
        """Make songs that were added ready to be chosen."""
        on_read("refresh", 0, 0)
        await self._prepared.catch_up()


def record_of(track: SpotifyTrack) -> TrackRecord:
    """A song as Spotify describes it, for the catalogue."""
    return TrackRecord(
        spotify_id=track.id,
        title=track.name,
        artists=tuple(artist.name for artist in track.artists) or ("?",),
        duration_ms=track.duration_ms,
        album=track.album or "",
        explicit=track.explicit,
        year=track.year,
        isrc=track.isrc,
        described_by="spotify",
    )


async def known_member(user_id: Key) -> Member | None:
    """A member by our own id; None for one who is not there, such as the owner of the account for everyone."""
    with guarded():
        user = await User.named(user_id)
    return None if user is None else Member(id=user.own_key, preferences=user.preferences, since=user.created_at)


async def _state(user_id: Key) -> Mapping[str, Any]:
    with guarded():
        return await AuthToken.of_member(user_id, PROVIDER) or {}


async def _released(who: Member, walk: _Walk, *, to_the_end: bool) -> int:
    missing = walk.missing(to_the_end=to_the_end)
    return 0 if missing is None else await release(who.id, "spotifyAt", **missing)


async def _check_erased(who: Member) -> None:
    """Takes everything out again when the member has had everything deleted meanwhile. Raises BeingErased."""
    if await is_erased(who):
        with guarded():
            await UserLibrary.drop_of(who.id)
        raise BeingErased


def _from_file(contents: bytes) -> tuple[CsvContents, dict[str, datetime]]:
    with tempfile.TemporaryDirectory(prefix="vibrato-own-") as folder:
        path = Path(folder) / "songs.csv"
        path.write_bytes(contents)
        return read_csv(path), added_at(path)


def _quietly(stage: ReadStage, done: int, total: int) -> None:
    """Nobody watches."""
