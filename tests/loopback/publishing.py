"""What publishing needs besides a Spotify: tokens that are given out, and stored playlists to publish."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from beanie import PydanticObjectId

from bot.documents import GenerationSession, MoodQuery, Playlist, Track, User, stamped_new
from bot.services.values import Requester
from bot.spotify.values import AccessToken


@dataclass(slots=True, kw_only=True)
class GivenTokens:
    """Tokens as they were given: `own` by the member's id, one `owner`; `spare` ones replace those that are refused."""

    own: dict[str, AccessToken] = field(default_factory=dict)
    owner: AccessToken | None = None
    spare: list[AccessToken] = field(default_factory=list)

    async def token_of(self, user_id: str) -> AccessToken | None:
        """The member's own."""
        return self.own.get(user_id)

    async def owner_token(self) -> AccessToken | None:
        """The server's."""
        return self.owner

    async def renewed(self, token: AccessToken) -> AccessToken | None:
        """The next spare one."""
        del token
        return self.spare.pop() if self.spare else None


async def stored_set(
    requester: Requester,
    *,
    songs: int = 5,
    unknown: int = 0,
    name: str = "Rainy Sunday",
    text: str = "rainy sunday",
    parent: str | None = None,
    arc: tuple[float, ...] = (0.2, 0.8),
) -> str:
    """The id of a stored playlist of the requester's, `unknown` of whose songs have no id on Spotify."""
    user = await User.of_discord(requester.user_id, requester.display_name)
    at: dict[str, Any] = {"query": PydanticObjectId(), "session": PydanticObjectId(), "playlist": PydanticObjectId()}
    tracks = [
        stamped_new(
            {
                "_id": PydanticObjectId(),
                "spotifyTrackId": f"demo:{at['playlist']}:{number}" if number < unknown else f"{_number():022d}",
                "name": f"Song {number + 1}",
                "artists": [{"name": f"Artist {number + 1}"}],
                "durationMs": 180_000,
                "audioFeatures": {"energy": number / max(songs, 1)},
            }
        )
        for number in range(songs)
    ]
    order = [track["_id"] for track in tracks]
    query = {"_id": at["query"], "userId": user.id, "rawText": text, "parsed": {}, "modelVersion": "1"}
    session = {
        "_id": at["session"],
        "userId": user.id,
        "moodQueryId": at["query"],
        "candidates": [],
        "ordering": order,
        "arc": list(arc),
        "seed": 1,
        "status": "completed",
    }
    playlist = {
        "_id": at["playlist"],
        "userId": user.id,
        "sourceSessionId": at["session"],
        "name": name,
        "tracks": [{"trackId": key, "position": place} for place, key in enumerate(order, start=1)],
    }
    if parent is not None:
        playlist["parentId"] = PydanticObjectId(parent)
    await Track.get_motor_collection().insert_many(tracks)
    for document, raw in ((MoodQuery, query), (GenerationSession, session), (Playlist, playlist)):
        await document.get_motor_collection().insert_one(stamped_new(raw))
    return str(at["playlist"])


def _number() -> int:
    """A number that no other song has."""
    return int(str(PydanticObjectId()), 16) % 10**22
