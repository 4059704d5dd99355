"""A stored playlist with everything that belongs to it, read raw and in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.database import guarded
from bot.documents import GenerationSession, Key, MoodQuery, Playlist, Track, User
from bot.errors import Gone
from bot.facts import facts_of
from bot.services.playlists.listener_group import fits_of
from bot.services.playlists.object_ids import stored_key
from bot.services.playlists.request_text import at_spans, chips
from bot.services.playlists.song_views import has_features, stored_song
from bot.services.values import MemberFit, PlaylistView, Posted, RecognisedPhrase, Requester, SongView
from nlp.vibe import Vibe

Raw = Mapping[str, Any]

CHAIN_LIMIT = 30
"""Requests that are followed back to the first one of a chain."""

_TRACK_FIELDS = ("spotifyTrackId", "name", "artists", "durationMs", "year", "audioFeatures")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlaylist:
    """One playlist as it lies in the database.

    `queries` are the requests of its chain, the first one first and its own last; `tracks` are the documents of its
    songs by id, without those that are gone; `owner_id` is the Discord id of who asked, `fits` how it fits
    each of those whom it is for.
    """

    playlist: Raw
    session: Raw
    queries: tuple[Raw, ...]
    tracks: Mapping[Key, Raw]
    owner_id: str
    fits: tuple[MemberFit, ...] = ()

    @property
    def vibe(self) -> Vibe:
        """What was asked for, with everything that the chain brought along."""
        return Vibe.from_dict(self.queries[-1].get("parsed") or {})

    @property
    def track_ids(self) -> tuple[Key, ...]:
        """The songs in their order."""
        return tuple(entry["trackId"] for entry in sorted(self.playlist["tracks"], key=lambda entry: entry["position"]))

    @property
    def songs(self) -> tuple[SongView, ...]:
        """The songs in their order; those whose track is gone are left out, and the others keep their positions."""
        candidates = {candidate["trackId"]: candidate for candidate in self.session.get("candidates") or ()}
        return tuple(
            stored_song(self.tracks[track_id], candidates.get(track_id, {}), position)
            for position, track_id in enumerate(self.track_ids, start=1)
            if track_id in self.tracks
        )

    @property
    def text(self) -> str:
        """The words of the whole chain: "rainy sunday, more energy"."""
        return chain_text(self.queries)

    @property
    def heard(self) -> tuple[RecognisedPhrase, ...]:
        """The understood words of the whole chain."""
        return chain_chips(self.queries)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that nobody understood."""
        return chain_unknown(self.queries)

    def view(self) -> PlaylistView:
        """The playlist as a card shows it."""
        session, parent_id = self.session, self.playlist.get("parentId")
        catalogue = session.get("catalogue") or {}
        return PlaylistView(
            playlist_id=str(self.playlist["_id"]),
            session_id=str(session["_id"]),
            name=self.playlist.get("name") or "",
            text=self.text,
            songs=self.songs,
            seed=int(session.get("seed") or 0),
            owner_id=self.owner_id,
            heard=self.heard,
            unknown=self.unknown,
            arc=tuple(session.get("arc") or ()),
            relaxed=facts_of(session.get("relaxed")),
            notes=facts_of(session.get("notes")),
            feature_count=sum(map(has_features, self.tracks.values())),
            catalogue_size=int(catalogue.get("size") or 0),
            invented=bool(catalogue.get("invented")),
            credits=bool((session.get("options") or {}).get("credits")),
            only_me=bool(self.playlist.get("onlyMe")),
            parent_id=None if parent_id is None else str(parent_id),
            fits=self.fits,
            strangers=int((session.get("group") or {}).get("strangers") or 0),
        )


def chain_text(queries: tuple[Raw, ...]) -> str:
    """The words of a chain of requests, without the presses that changed nothing ("again")."""
    texts = [query.get("rawText") or "" for query in queries]
    said = [text for text, query in zip(texts, queries, strict=True) if (query.get("parsed") or {}).get("evidence")]
    return ", ".join(text for text in said or texts[:1] if text)


def chain_chips(queries: tuple[Raw, ...]) -> tuple[RecognisedPhrase, ...]:
    """The understood words of a chain of requests, each once."""
    found = (
        chip
        for query in queries
        for chip in chips(Vibe.from_dict(query.get("parsed") or {}), query.get("rawText") or "")
    )
    return tuple(dict.fromkeys(found))


def chain_unknown(queries: tuple[Raw, ...]) -> tuple[str, ...]:
    """The words of a chain of requests that nobody understood."""
    return tuple(
        word for query in queries for word in at_spans(query.get("rawText") or "", query.get("unknownSpans") or ())
    )


async def last_playlist_id(requester: Requester, *, private: bool = True) -> str | None:
    """The id of the newest playlist of a member in this server, or in this direct message; None without one.

    Playlists that only their owner sees count for `private` requests alone. Deleted and undone ones never do.
    """
    where = {"channel_id": requester.channel_id} if requester.guild_id is None else {"guild_id": requester.guild_id}
    found = await Playlist.latest_of(User.key_of(requester.user_id), **where, private=private)
    return None if found is None else str(found["_id"])


async def stored_playlist(playlist_id: str, requester: Requester | None = None) -> StoredPlaylist:
    """The playlist with that id. Raises Gone("playlist") when it was deleted, or its session or request was.

    Also when it is out of reach of `requester`, where one is given: an id may come out of a forged press.
    """
    playlist = await Playlist.raw(stored_key(playlist_id, what="playlist"))
    session = playlist and await _session_of(playlist)
    if not playlist or not session or playlist.get("deletedAt") or not _within_reach(playlist, requester):
        raise Gone(what="playlist")
    queries, tracks, owner, fits = await asyncio.gather(
        MoodQuery.chain_of(session["moodQueryId"], CHAIN_LIMIT),
        Track.raws((entry["trackId"] for entry in playlist["tracks"]), *_TRACK_FIELDS),
        User.discord_id(playlist["userId"]),
        fits_of(session),
    )
    if not queries:
        raise Gone(what="playlist")
    return StoredPlaylist(
        playlist=playlist,
        session=session,
        queries=queries,
        tracks=tracks,
        owner_id=owner or "",
        fits=fits,
    )


def _within_reach(playlist: Raw, requester: Requester | None) -> bool:
    """Whether somebody may see a playlist where they are: their own, or one that was shown openly on this server."""
    if requester is None or playlist["userId"] == User.key_of(requester.user_id):
        return True
    if playlist.get("onlyMe"):
        return False
    place = playlist.get("discord")
    return not place or (requester.guild_id is not None and place.get("guildId") == requester.guild_id)


async def _session_of(playlist: Raw) -> Raw | None:
    """The session that made a playlist, with what it wrote about the playlist's own songs only."""
    made_by = playlist.get("sourceSessionId")
    own = [entry["trackId"] for entry in playlist["tracks"]]
    return None if made_by is None else await GenerationSession.with_considered(made_by, own)


async def find_completed(playlist_id: str) -> StoredPlaylist | None:
    """The finished playlist of a press that was delivered before, or None. Raises DatabaseDown."""
    try:
        with guarded():
            found = await stored_playlist(playlist_id)
    except Gone:
        return None
    return found if found.session.get("status") == "completed" else None


async def note_message(playlist_id: str, posted: Posted) -> None:
    """Note which message shows a playlist. Raises DatabaseDown."""
    with guarded():
        await Playlist.posted(
            stored_key(playlist_id, what="playlist"),
            guild_id=posted.guild_id,
            channel_id=posted.channel_id,
            message_id=posted.message_id,
        )
