"""Every press and every reaction becomes exactly one FeedbackEvent, however often it is delivered."""

from __future__ import annotations

from bot.database import guarded
from bot.documents import FeedbackEvent, GuildSettings, Key, Playlist, derived_key
from bot.errors import Gone
from bot.services.feedback.edit_events import step_events
from bot.services.feedback.event_store import Event, EventWriter, Raw, context, find_event, where_posted
from bot.services.feedback.taste_service import TasteService
from bot.services.guilds.settings import rules_of
from bot.services.library.saved_songs import count_skips
from bot.services.members import Member, member, reacting_member
from bot.services.playlists.object_ids import stored_key
from bot.services.playlists.playlist_loader import StoredPlaylist, stored_playlist
from bot.services.values import (
    FeedbackKind,
    Rating,
    ReactionChange,
    ReactionRules,
    Requester,
    SongView,
    StoredRating,
    Undone,
)

CHAIN_STEP = 16
"""Changes of one reaction that are looked up at once."""

_VARIATION = "\N{VARIATION SELECTOR-16}"


class FeedbackService:
    """Stores what members think. Exactly once: the id of an event follows from the press or the change that made it.

    `tastes` is told who rated, so that what is kept of their taste is made anew.
    """

    def __init__(self, *, tastes: TasteService | None = None) -> None:
        self._writer = EventWriter()
        self._tastes = tastes

    async def rate(self, rating: Rating) -> StoredRating:
        """Stores a press on a playlist or on one of its songs; a repeated press is answered as it was stored.

        Raises Gone when the playlist, the song or the rating to take back is not there, DatabaseDown when the press
        could not be stored.
        """
        if rating.event == "undo":
            return await self.undo(rating)
        who = await member(rating.requester)
        with guarded():
            stored = await stored_playlist(rating.playlist_id, rating.requester)
        song = None if rating.track_id is None else _song(stored, rating.track_id)
        event = Event(
            key=derived_key(rating.press_id),
            user_id=who.id,
            playlist_id=stored.playlist["_id"],
            kind=rating.event,
            track_id=None if song is None else song.track_id,
            position=None if song is None else song.position,
            context=_press_context(stored, rating, song),
        )
        new = await self._store(event, who)
        if event.kind == "skip" and event.track_id is not None:
            await count_skips(who, event.track_id)
        if new:
            return StoredRating(event_id=str(event.key), kind=rating.event, song=song)
        return _as_stored(await find_event(event.key), stored, event.key)

    async def undo(self, rating: Rating) -> StoredRating:
        """Takes back the event named by `rating.undoes`, once, whoever many times it is asked.

        Only the member who made an event can take it back; anything else is Gone("rating").
        """
        undone = await find_event(stored_key(rating.undoes or "", what="rating"))
        who = await member(rating.requester)
        if undone is None or undone["userId"] != who.id or undone["event"] in ("undo", "remove"):
            raise Gone(what="rating")
        with guarded():
            stored = await stored_playlist(str(undone["playlistId"]))
        key, new = await self._undo(undone, stored, rating, who)
        if undone["event"] == "skip" and undone.get("trackId") is not None:
            await count_skips(who, undone["trackId"])
        song = _song_or_none(stored, undone.get("trackId"))
        return StoredRating(event_id=str(key), kind="undo", song=song, new=new)

    async def _undo(self, undone: Raw, stored: StoredPlaylist, rating: Rating, who: Member) -> tuple[Key, bool]:
        """Stores that an event of a member counts no more: the id of what says so, and whether it is new."""
        song = _song_or_none(stored, undone.get("trackId"))
        event = Event(
            key=derived_key("undo", str(undone["_id"])),
            user_id=who.id,
            playlist_id=undone["playlistId"],
            kind="undo",
            track_id=undone.get("trackId"),
            position=undone.get("position"),
            undoes=undone["_id"],
            context=_press_context(stored, rating, song),
        )
        return event.key, await self._store(event, who)

    async def undo_step(self, requester: Requester, playlist_id: str) -> Undone:
        """Takes back what a member's step, or typed words, said when they made a playlist; once, however often asked.

        The step of another member is not theirs to take back: then only the playlist before is told. Raises
        Gone("playlist") when one of the two is not there, DatabaseDown.
        """
        with guarded():
            made = await stored_playlist(playlist_id, requester)
            parent = await stored_playlist(str(made.playlist.get("parentId") or ""))
        name, own = made.playlist.get("name") or "", made.owner_id == requester.user_id
        new = False
        if own:
            who = await member(requester)
            said = Rating(requester=requester, playlist_id=str(parent.playlist["_id"]), event="undo", press_id="")
            for event in await step_events(made.playlist["_id"], parent):
                await self._undo(event, parent, said, who)
            with guarded():
                new = await Playlist.undo(made.playlist["_id"])
        return Undone(name=name, parent_id=str(parent.playlist["_id"]), own=own, new=new)

    async def react(self, change: ReactionChange) -> bool:
        """Stores a change of a reaction; True when it became an event.

        A reaction is a state: adding what stands, removing what does not, an emoji without a meaning here and a
        message that shows no playlist are nothing. Raises DatabaseDown when it could not be stored.
        """
        with guarded():
            playlist = await Playlist.of_message(change.message_id)
        if playlist is None:
            return False
        emoji = _plain(change.emoji)
        kind = {_plain(name): event for name, event in (await self.reactions(change.guild_id)).events}.get(emoji)
        if kind is None:
            return False
        with guarded():
            stored = await stored_playlist(str(playlist.own_key))
        who = await reacting_member(change.user_id)
        return await self._react(change, stored, who, emoji=emoji, kind=kind)

    async def _store(self, event: Event, who: Member) -> bool:
        new = await self._writer.store(event, who)
        if new and self._tastes is not None:
            await self._tastes.note(who.id, event.context["where"].get("guildId"))
        return new

    async def reactions(self, guild_id: str | None) -> ReactionRules:
        """The reactions that a server uses, each with its event. Raises DatabaseDown."""
        if guild_id is None:
            return ReactionRules()
        with guarded():
            return rules_of(await GuildSettings.of_guild(guild_id)).reactions

    async def _react(
        self,
        change: ReactionChange,
        stored: StoredPlaylist,
        who: Member,
        *,
        emoji: str,
        kind: FeedbackKind,
    ) -> bool:
        """Appends to the chain of changes of one member's emoji on one playlist.

        The n-th change has an id made of those and n, so of many deliveries at once one is stored; the others meet
        it, look again, and find that nothing is left to do. Odd changes add, even ones take back the one before.
        """
        chain = ("reaction", str(stored.playlist["_id"]), str(who.id), emoji)
        while True:
            count = await _changes(chain)
            if (count % 2 == 1) == change.added:
                return False
            where = where_posted(stored, guild_id=change.guild_id, channel_id=change.channel_id)
            event = Event(
                key=derived_key(*chain, str(count + 1)),
                user_id=who.id,
                playlist_id=stored.playlist["_id"],
                kind=kind if change.added else "remove",
                undoes=None if change.added else derived_key(*chain, str(count)),
                context=context(stored, source="reaction", where=where, emoji=emoji, stands=kind, change=count + 1),
            )
            if await self._store(event, who):
                return True


async def _changes(chain: tuple[str, ...]) -> int:
    """How many changes of a reaction are stored. Their ids are known, so the primary index answers."""
    start = 0
    while True:
        keys = [derived_key(*chain, str(number)) for number in range(start + 1, start + CHAIN_STEP + 1)]
        with guarded():
            found = await FeedbackEvent.count_stored(keys)
        start += found
        if found < CHAIN_STEP:
            return start


def _song(stored: StoredPlaylist, track_id: str) -> SongView:
    song = _song_or_none(stored, stored_key(track_id, what="song"))
    if song is None:
        raise Gone(what="song")
    return song


def _song_or_none(stored: StoredPlaylist, track_id: Key | None) -> SongView | None:
    return next((song for song in stored.songs if song.track_id == str(track_id)), None)


def _press_context(stored: StoredPlaylist, rating: Rating, song: SongView | None) -> dict[str, object]:
    where = where_posted(stored, guild_id=rating.requester.guild_id, channel_id=rating.requester.channel_id)
    more: dict[str, object] = {"axis": rating.axis} if rating.axis else {}
    if song is not None:
        more["score"] = song.score
        more["new"] = song.new
        if rating.event == "never" and rating.scope == "artist":
            more["artists"] = list(song.artists[:1])
    return context(stored, source="button" if rating.track_id is None else "menu", where=where, **more)


def _as_stored(event: Raw | None, stored: StoredPlaylist, key: Key) -> StoredRating:
    """The answer to a press that was stored before."""
    if event is None:
        raise Gone(what="rating")
    return StoredRating(
        event_id=str(key), kind=event["event"], song=_song_or_none(stored, event.get("trackId")), new=False
    )


def _plain(emoji: str) -> str:
    """An emoji as it is compared: with or without the sign that asks for its coloured form."""
    return emoji.replace(_VARIATION, "")
