"""Everything that can be kept of a member, and where it is found again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from beanie import PydanticObjectId

from bot.documents import (
    DOCUMENTS,
    AuthToken,
    GroupShare,
    OAuthState,
    Publication,
    Schedule,
    TasteShare,
    User,
    UserLibrary,
    stamped_new,
)
from bot.services.feedback.service import FeedbackService
from bot.services.rate_limits import LimitService
from bot.services.values import Rating, Requester

if TYPE_CHECKING:
    from tests.services.conftest import Shelf


def rating(requester: Requester, shelf: Shelf, event: Any, press_id: str, **more: Any) -> Rating:
    return Rating(requester=requester, playlist_id=shelf.playlist_id, event=event, press_id=press_id, **more)


async def mentions(words: Iterable[Any]) -> list[str]:
    """The collections in which any of these ids or texts occurs, wherever."""
    wanted, found = set(map(str, words)), []
    for document in DOCUMENTS:
        async for raw in document.get_motor_collection().find():
            if wanted & set(leaves(raw)):
                found.append(document.get_collection_name())
                break
    return found


def leaves(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)
        yield from str(value).split(":")


async def stored_everywhere(shelf: Shelf, ada: Requester) -> Shelf:
    """Something of Ada's in every collection that can hold something of hers."""
    user_id = User.id_of(ada.user_id)
    await FeedbackService().rate(rating(ada, shelf, "love", "1", track_id=shelf.track_ids[0]))
    await UserLibrary(user_id=user_id, track_id=PydanticObjectId(shelf.track_ids[1]), like=True).insert()
    await AuthToken(user_id=user_id, access_token="cipher-a", refresh_token="cipher-r").insert()
    await OAuthState.begin(
        OAuthState(
            id="grant:x",
            kind="grant",
            user_id=user_id,
            expires_at=datetime.now(UTC) + timedelta(minutes=5),
            access_token="cipher-b",
            refresh_token="cipher-c",
            verifier="cipher-d",
            browsers=["cipher-e"],
            code_hash="cipher-f",
        )
    )
    saved = {"_id": f"{shelf.playlist_id}:acc", "playlistId": PydanticObjectId(shelf.playlist_id), "accountId": "acc"}
    await Publication.get_motor_collection().insert_one(
        stamped_new({**saved, "userId": user_id, "own": False, "state": "done", "spotifyPlaylistId": "0a"})
    )
    await TasteShare.keep(user_id, "77", axes={"energy@0.5": 1.0}, genres={"jazz": 0.5})
    share = {"userId": user_id, "sessionId": PydanticObjectId(), "guildId": "77", "channelId": "88", "place": 0}
    await GroupShare.get_motor_collection().insert_one(stamped_new(share))
    async with LimitService().request(ada):
        pass
    await Schedule.get_motor_collection().insert_one(
        stamped_new({"guildId": "77", "channelId": "88", "userId": user_id, "text": "calm", "state": "on"})
    )
    return shelf
