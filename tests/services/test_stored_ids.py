"""Services know ids as text; in the database they lie as ids, whichever way they went in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId

from bot.documents import DOCUMENTS, FeedbackEvent, GroupShare, Limit, Playlist, PostedCard, User, UserLibrary
from bot.services.feedback.service import FeedbackService
from bot.services.library.saved_songs import hold, own_songs
from bot.services.members import member
from bot.services.playlists.playlist_loader import stored_playlist
from bot.services.playlists.service import PlaylistService
from bot.services.rate_limits import LimitService
from bot.services.values import FollowUpRequest, Present, Rating, ReactionChange, Requester
from nlp.vibe import AxisChange
from tests.services.playing import Channel, asking

IDS = frozenset(
    {
        *("_id", "userId", "trackId", "playlistId", "moodQueryId", "sourceSessionId", "sessionId", "parentId"),
        *("undoes", "ordering", "holder", "token"),
    }
)
"""What fields are called, at any depth, that name a document."""


def ids_as_text(value: Any, name: str = "", path: str = "") -> Iterator[str]:
    """The paths of ids that lie in a stored document as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ids_as_text(inner, key, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from ids_as_text(inner, name, path)
    elif name in IDS and isinstance(value, str) and ObjectId.is_valid(value):
        yield path


async def test_ids_lie_in_the_database_as_ids(playlists: PlaylistService, ada: Requester, bo: Requester) -> None:
    feedback, door = FeedbackService(), Channel()
    await member(bo)
    here = (Present(user_id=bo.user_id, display_name="Bo"),)
    first = await playlists.create(replace(asking(ada, "calm music, 5 songs"), present=here), publisher=door)
    press = FollowUpRequest(
        requester=ada, playlist_id=first.playlist_id, changes=(AxisChange(axis="energy", amount=0.2),), press_id="p"
    )
    second = await playlists.change(press, publisher=door)
    song = second.songs[0].track_id
    rated = Rating(requester=ada, playlist_id=second.playlist_id, event="skip", press_id="r", track_id=song)
    stored = await feedback.rate(rated)
    await feedback.undo(replace(rated, event="undo", undoes=stored.event_id))
    await feedback.react(
        ReactionChange(
            user_id=bo.user_id,
            message_id=f"m-{second.playlist_id}",
            channel_id="88",
            guild_id="77",
            emoji="👍",
            added=True,
        )
    )
    await hold(User.key_of(ada.user_id), "fileAt", {song: datetime.now(UTC)})
    async with LimitService().request(ada):
        raws = {d: [raw async for raw in d.get_motor_collection().find()] for d in DOCUMENTS}

    for document in (Playlist, FeedbackEvent, GroupShare, PostedCard, UserLibrary, Limit):
        assert raws[document], f"nothing was stored as {document.__name__}"
    found = {d.__name__: sorted(set(ids_as_text(raws[d]))) for d in DOCUMENTS}
    assert {name: paths for name, paths in found.items() if paths} == {}


async def test_services_read_ids_as_text(playlists: PlaylistService, ada: Requester) -> None:
    view = await playlists.create(asking(ada, "calm music, 5 songs"), publisher=Channel())
    stored = await stored_playlist(view.playlist_id)
    assert stored.playlist["_id"] == view.playlist_id
    assert stored.track_ids == tuple(song.track_id for song in view.songs)
    assert stored.playlist["userId"] == (await member(ada)).id == User.key_of(ada.user_id)
    await hold(User.key_of(ada.user_id), "fileAt", dict.fromkeys(stored.track_ids, datetime.now(UTC)))
    assert (await own_songs(User.key_of(ada.user_id))).mine == frozenset(stored.track_ids)
