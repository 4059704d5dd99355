"""The songs that a member knows, as they are stored: what came from Spotify, what came by a file, what was heard.

A row of UserLibrary says when a song was saved there (`spotifyAt`), was among the most played (`topAt`), or stood in a
file of the member's (`fileAt`). `savedAt`, `like` and `removedAt` follow from these three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.database import guarded
from bot.documents import FeedbackEvent, GenerationSession, Key, Track, UserLibrary
from bot.documents.user_library import BATCH, Origin
from bot.services.members import Member, is_erased
from nlp.vibe import Familiarity

HEARD = "spotify"
"""The source of `play` events, in their context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSongs:
    """Keys of tracks: those in the member's library now, and all that they know, removed and heard ones too."""

    mine: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCounts:
    """How many songs are in a member's library, and how many more they only play a lot."""

    saved: int = 0
    top: int = 0


async def own_songs(user_id: Key) -> OwnSongs:
    """What a member knows. A skip alone tells nothing: they may have skipped it for being new. Raises DatabaseDown."""
    mine: set[str] = set()
    known: set[str] = set()
    with guarded():
        async for raw in UserLibrary.known_to(user_id):
            held = raw.get("savedAt") or raw.get("topAt") or raw.get("like")
            if held or raw.get("lastHeardAt"):
                known.add(str(raw["trackId"]))
            if held and raw.get("removedAt") is None:
                mine.add(str(raw["trackId"]))
    return OwnSongs(mine=frozenset(mine), known=frozenset(known))


async def songs_meant(user_id: Key, familiarity: Familiarity | None) -> frozenset[str] | None:
    """The songs that "songs I know", or "nothing I know", speaks of; None for other wishes, and where none is known.

    Raises DatabaseDown.
    """
    if familiarity not in ("mine", "deep"):
        return None
    own = await own_songs(user_id)
    if not own.known:
        return None
    return own.mine if familiarity == "mine" else own.known


async def own_counts(user_id: Key) -> OwnCounts:
    """How much is known of a member's library. Raises DatabaseDown."""
    with guarded():
        every, saved = await UserLibrary.counts_of(user_id)
    return OwnCounts(saved=saved, top=every - saved)


async def track_ids(spotify_ids: Sequence[str]) -> dict[str, Key]:
    """The tracks of the catalogue with these Spotify ids. Raises DatabaseDown."""
    found: dict[str, Key] = {}
    for start in range(0, len(spotify_ids), BATCH):
        with guarded():
            found |= await Track.keys_of(spotify_ids[start : start + BATCH])
    return found


async def hold(user_id: Key, origin: Origin, songs: Mapping[Key, datetime]) -> int:
    """Put songs into a member's library, each with its time there; how many were not there by this origin before.

    Doing it again changes nothing. Raises DatabaseDown.
    """
    new = 0
    entries = list(songs.items())
    for start in range(0, len(entries), BATCH):
        with guarded():
            new += await UserLibrary.hold(user_id, origin, dict(entries[start : start + BATCH]))
    return new


async def held(user_id: Key, origin: Origin) -> int:
    """How many songs a member holds by this origin. Raises DatabaseDown."""
    with guarded():
        return await UserLibrary.held(user_id, origin)


async def release(
    user_id: Key,
    origin: Origin,
    *,
    but: Iterable[Key],
    after: datetime | None = None,
    before: datetime | None = None,
) -> int:
    """See `UserLibrary.release`. Raises DatabaseDown."""
    with guarded():
        return await UserLibrary.release(user_id, origin, but=but, after=after, before=before)


async def forget_spotify(user_id: Key) -> None:
    """Delete all that came from a member's Spotify account: saved and top songs, and what was played there.

    Rows that hold something else keep that. Raises DatabaseDown.
    """
    with guarded():
        await GenerationSession.forget_own_songs(user_id)
        await FeedbackEvent.drop_plays(user_id, HEARD)
        await UserLibrary.forget_spotify(user_id)


async def note_heard(user_id: Key, heard: Iterable[tuple[Key, datetime]]) -> None:
    """When songs were heard last. Raises DatabaseDown."""
    latest: dict[Key, datetime] = {}
    for track_id, at in heard:
        latest[track_id] = max(at, latest.get(track_id, at))
    with guarded():
        await UserLibrary.note_heard(user_id, latest)


async def count_skips(who: Member, track_id: Key) -> None:
    """Write down how often a member skipped a song, counted anew, so that a repeat adds nothing. Raises DatabaseDown.

    Where nothing is known of them and the song, and nothing was skipped, nothing is written.
    """
    with guarded():
        await UserLibrary.set_skips(who.id, track_id, await FeedbackEvent.count_skips(who.id, track_id))
        if await is_erased(who):
            await UserLibrary.drop(who.id, track_id)
