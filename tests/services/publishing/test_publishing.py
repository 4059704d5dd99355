"""Save to Spotify: one playlist, whatever goes wrong on the way, and only what the one who presses may do."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from PIL import Image

from bot.database import Database
from bot.documents import Publication, Quota, User
from bot.errors import (
    Gone,
    LinkExpired,
    NothingToSave,
    NotLinked,
    NotYours,
    SpotifyBusy,
    SpotifyRefused,
    SpotifyUnreachable,
    VibratoError,
)
from bot.services.publishing.metadata import is_marked, marker_of, spotify_description, spotify_name
from bot.services.publishing.service import PublishingService
from bot.services.publishing.views import Offered, Saved, Saving
from bot.services.values import Requester
from bot.spotify import gateway as gateways
from bot.spotify.gateway import SpotifyGateway
from tests.loopback.publishing import GivenTokens, stored_set
from tests.loopback.spotify import Fault, LoopbackSpotify
from tests.services.saving import CY, events, saved, spotify_id_of
from tests.services.saving import publishing as publishing
from tests.services.saving import restart as restart
from tests.services.saving import spotify as spotify
from tests.services.saving import tokens as tokens


async def test_a_playlist_costs_two_calls_and_names_what_is_missing(
    publishing: PublishingService, spotify: LoopbackSpotify, ada: Requester
) -> None:
    playlist_id = await stored_set(ada, songs=100, unknown=2)
    result = await saved(publishing, ada, playlist_id)
    assert [seen.name for seen in spotify.seen] == ["create_playlist", "replace_items"]
    (kept,) = spotify.of("host")
    assert result.url == f"https://open.spotify.com/playlist/{kept.id}"
    assert (result.songs, [song.title for song in result.missing]) == (98, ["Song 1", "Song 2"])
    assert (len(kept.uris), kept.name, kept.public, result.own) == (98, "Rainy Sunday", False, False)
    assert "rainy sunday" in kept.description
    assert await spotify_id_of(playlist_id) == kept.id
    (event,) = await events()
    assert (event["event"], str(event["playlistId"]), event["contextJson"]["own"]) == ("save", playlist_id, False)
    # Pressing again costs nothing and is no second save.
    again = await saved(publishing, ada, playlist_id)
    assert (again.url, again.before, len(spotify.seen), len(await events())) == (result.url, True, 2, 1)


async def test_a_member_with_an_own_account_gets_it_there_with_a_cover(
    publishing: PublishingService, spotify: LoopbackSpotify, tokens: GivenTokens, ada: Requester, bo: Requester
) -> None:
    tokens.own[User.key_of(bo.user_id)] = spotify.grant("bo")
    playlist_id = await stored_set(ada)
    result = await saved(publishing, bo, playlist_id)
    assert result.own
    assert result.cover
    assert [seen.name for seen in spotify.seen] == ["create_playlist", "replace_items", "upload_cover"]
    (kept,) = spotify.of("bo")
    assert kept.cover is not None
    picture = Image.open(io.BytesIO(kept.cover))
    assert (picture.format, picture.size) == ("JPEG", (640, 640))
    # Ada saves the same one: it goes to the server's account.
    await saved(publishing, ada, playlist_id)
    assert len(spotify.of("host")) == 1
    assert [event["event"] for event in await events()] == ["save", "save"]


async def test_a_cover_that_is_not_taken_is_no_failure(
    publishing: PublishingService, spotify: LoopbackSpotify, tokens: GivenTokens, ada: Requester
) -> None:
    tokens.owner = spotify.grant("host")
    spotify.faults = [Fault("error", on="upload_cover")]
    result = await saved(publishing, ada, await stored_set(ada))
    assert not result.cover
    assert len(spotify.of("host")[0].uris) == 5


async def test_more_than_a_hundred_songs_arrive_in_their_order(
    publishing: PublishingService, spotify: LoopbackSpotify, ada: Requester
) -> None:
    # The first call is done late, when nobody waits for it any more; then an answer is lost.
    spotify.faults = [
        Fault("slow", on="replace_items", seconds=1.6),
        Fault("done_cut", on="append_items"),
    ]
    playlist_id = await stored_set(ada, songs=130)
    with pytest.raises(SpotifyUnreachable):
        await publishing.save(Saving(requester=ada, playlist_id=playlist_id))
    await saved(publishing, ada, playlist_id)
    await asyncio.sleep(0.3)
    (kept,) = spotify.of("host")
    assert len(kept.uris) == len(set(kept.uris)) == 130


@pytest.mark.parametrize("clicks", [2, 12])
async def test_clicks_at_once_in_two_processes_make_one(
    restart: Callable[[], PublishingService], spotify: LoopbackSpotify, ada: Requester, bo: Requester, clicks: int
) -> None:
    playlist_id, processes = await stored_set(ada), [restart(), restart()]
    results = await asyncio.gather(
        *(saved(processes[number % 2], (ada, bo)[number % 2], playlist_id) for number in range(clicks))
    )
    assert len({result.url for result in results}) == len(spotify.playlists) == 1
    assert len(spotify.seen) == 2
    assert len(await events()) == 2  # one of each of them


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        (Fault("done_error", on="create_playlist"), 3),
        (Fault("done_cut", on="create_playlist"), 3),
        (Fault("done_rubbish", on="create_playlist"), 3),
        (Fault("late", on="create_playlist", seconds=1.6), 3),
        (Fault("slow", on="create_playlist", seconds=1.6), 5),
        (Fault("error", on="create_playlist"), 5),
        (Fault("cut", on="create_playlist"), 5),
        (Fault("done_error", on="replace_items"), 3),
        (Fault("cut", on="replace_items"), 3),
        (Fault("rubbish", on="replace_items"), 3),
    ],
)
async def test_a_lost_answer_makes_no_second_playlist(
    publishing: PublishingService, spotify: LoopbackSpotify, ada: Requester, fault: Fault, calls: int
) -> None:
    spotify.faults = [fault]
    playlist_id = await stored_set(ada)
    result = await saved(publishing, ada, playlist_id)
    (kept,) = spotify.playlists.values()
    assert result.url.endswith(kept.id)
    assert len(kept.uris) == 5
    assert len(spotify.seen) <= calls


@pytest.mark.parametrize("after", range(6))
async def test_a_restart_anywhere_goes_on_from_there(
    restart: Callable[[], PublishingService],
    spotify: LoopbackSpotify,
    ada: Requester,
    after: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process dies at its n-th note in the database: before it is written, and after."""
    playlist_id, notes, step = await stored_set(ada), 0, Publication.step

    async def dying(self: Publication, **fields: Any) -> bool:
        nonlocal notes
        notes += 1
        if notes == after // 2 + 1 and after % 2 == 0:
            raise asyncio.CancelledError
        kept = await step(self, **fields)
        if notes == after // 2 + 1:
            raise asyncio.CancelledError
        return kept

    async def never(self: Publication) -> None:
        """A process that died releases nothing."""

    monkeypatch.setattr(Publication, "step", dying)
    monkeypatch.setattr(Publication, "release", never)
    with pytest.raises(asyncio.CancelledError):
        await restart().save(Saving(requester=ada, playlist_id=playlist_id))
    monkeypatch.undo()
    monkeypatch.setattr(gateways, "PAUSES_S", ())
    result = await saved(restart(), ada, playlist_id)
    (kept,) = spotify.playlists.values()
    assert (result.songs, len(kept.uris), await spotify_id_of(playlist_id)) == (5, 5, kept.id)


async def test_an_answer_that_was_lost_long_ago_is_found_among_many(
    restart: Callable[[], PublishingService], spotify: LoopbackSpotify, ada: Requester
) -> None:
    playlist_id = await stored_set(ada)
    spotify.faults = [Fault("done_cut", on="create_playlist"), Fault("expired", on="own_playlists")]
    with pytest.raises(LinkExpired):
        await restart().save(Saving(requester=ada, playlist_id=playlist_id))
    gateway = SpotifyGateway(api_base=spotify.base)
    with closing(gateway):
        for number in range(120):
            await gateway.create_playlist(spotify.grant("host"), "Rainy Sunday", f"{number}", False)
    await saved(restart(), ada, playlist_id)
    assert len(spotify.playlists) == 121
    assert len(spotify.playlists[f"{1:022d}"].uris) == 5


async def test_what_spotify_says_is_told_and_pressing_again_goes_on(
    restart: Callable[[], PublishingService], spotify: LoopbackSpotify, tokens: GivenTokens, ada: Requester
) -> None:
    playlist_id, publishing = await stored_set(ada), restart()
    for name in ("create_playlist", "replace_items"):
        spotify.faults = [Fault("quota", on=name, retry_after="21600")]
        for _ in range(2):
            with pytest.raises(SpotifyBusy):
                await publishing.save(Saving(requester=ada, playlist_id=playlist_id))
        await Quota.get_motor_collection().delete_many({})
        publishing = restart()
    await saved(publishing, ada, playlist_id)
    assert len(spotify.playlists) == 1
    assert await Publication.get_motor_collection().count_documents({"state": "done"}) == 1


async def test_a_token_that_is_not_taken_is_renewed_once(
    publishing: PublishingService, spotify: LoopbackSpotify, tokens: GivenTokens, ada: Requester
) -> None:
    playlist_id = await stored_set(ada)
    assert tokens.owner is not None
    spotify.revoke(tokens.owner)
    with pytest.raises(LinkExpired) as error:
        await publishing.save(Saving(requester=ada, playlist_id=playlist_id))
    assert error.value.owner
    tokens.spare = [spotify.grant("host")]
    await saved(publishing, ada, playlist_id)
    assert len(spotify.playlists) == 1


async def test_without_an_account_or_known_songs_it_says_so(
    publishing: PublishingService, tokens: GivenTokens, ada: Requester, database: Database
) -> None:
    with pytest.raises(NothingToSave):
        await publishing.save(Saving(requester=ada, playlist_id=await stored_set(ada, songs=3, unknown=3)))
    playlist_id = await stored_set(ada)
    with pytest.raises(NotLinked):
        await PublishingService().save(Saving(requester=ada, playlist_id=playlist_id))
    tokens.owner = None
    with pytest.raises(NotLinked):
        await publishing.save(Saving(requester=ada, playlist_id=playlist_id))
    with pytest.raises(Gone):
        await publishing.save(Saving(requester=ada, playlist_id="x"))
    assert await Publication.get_motor_collection().count_documents({}) == 0
    assert await events() == []


async def test_an_edited_child_takes_its_parents_place_when_the_member_says_so(
    publishing: PublishingService, spotify: LoopbackSpotify, ada: Requester
) -> None:
    parent = await stored_set(ada)
    url = (await saved(publishing, ada, parent)).url
    child = await stored_set(ada, parent=parent, songs=7, name="Rainy Sunday, Calmer")
    grandchild = await stored_set(ada, parent=child, songs=9)
    offered = await publishing.save(Saving(requester=ada, playlist_id=child))
    assert isinstance(offered, Offered)
    assert (offered.saved_name, offered.url) == ("Rainy Sunday", url)
    assert (await saved(publishing, ada, child, "update")).url == url
    (kept,) = spotify.playlists.values()
    assert (len(kept.uris), kept.name) == (7, "Rainy Sunday, Calmer")
    assert [await spotify_id_of(key) for key in (parent, child)] == [None, kept.id]
    # The next one is offered the child's place, and the parent would be a playlist of its own again.
    assert isinstance(await publishing.save(Saving(requester=ada, playlist_id=grandchild)), Offered)
    assert (await saved(publishing, ada, grandchild, "new")).url != url
    assert (await saved(publishing, ada, parent)).url != url
    assert [len(kept.uris) for kept in spotify.playlists.values()] == [7, 9, 5]


@pytest.mark.parametrize("fault", ["done_cut", "error", "limited"])
async def test_a_place_is_taken_by_one_child_only(
    restart: Callable[[], PublishingService], spotify: LoopbackSpotify, ada: Requester, fault: Any
) -> None:
    parent, publishing = await stored_set(ada), restart()
    await saved(publishing, ada, parent)
    children = [await stored_set(ada, parent=parent, songs=songs) for songs in (6, 7)]
    spotify.faults = [Fault(fault, on="replace_items")] * 2
    results = await asyncio.gather(
        *(publishing.save(Saving(requester=ada, playlist_id=child, choice="update")) for child in children),
        return_exceptions=True,
    )
    assert all(isinstance(result, VibratoError | Saved) for result in results)
    await Quota.get_motor_collection().delete_many({})
    spotify.faults = []
    for child in children:
        await saved(restart(), ada, child, "new")
    sizes = sorted(len(kept.uris) for kept in spotify.playlists.values())
    assert sizes == [6, 7]


async def test_nobody_changes_or_removes_what_somebody_else_saved(
    publishing: PublishingService, spotify: LoopbackSpotify, tokens: GivenTokens, ada: Requester, bo: Requester
) -> None:
    parent = await stored_set(ada)
    await saved(publishing, ada, parent)
    child = await stored_set(bo, parent=parent)
    with pytest.raises(NotYours):
        await publishing.save(Saving(requester=bo, playlist_id=child, choice="update"))
    # Bo is not even asked.
    assert not (await saved(publishing, bo, child)).before
    with pytest.raises(NotYours):
        await publishing.remove(bo, parent)
    assert not (await saved(publishing, bo, parent)).removable
    # What Cy saves of Ada's, Ada may take down as well: it was made for her.
    other = await stored_set(ada)
    assert (await saved(publishing, CY, other)).removable
    await publishing.remove(ada, other)
    assert len(spotify.of("host")) == 2


async def test_what_was_taken_down_is_gone_once_and_can_be_saved_anew(
    publishing: PublishingService, spotify: LoopbackSpotify, ada: Requester
) -> None:
    playlist_id = await stored_set(ada)
    first = await saved(publishing, ada, playlist_id)
    spotify.faults = [Fault("done_cut", on="unfollow")]
    await publishing.remove(ada, playlist_id)
    assert spotify.of("host") == []
    assert await spotify_id_of(playlist_id) is None
    with pytest.raises(Gone):
        await publishing.remove(ada, playlist_id)
    second = await saved(publishing, ada, playlist_id)
    assert second.url != first.url
    assert len(spotify.of("host")) == 1
    assert len(await events()) == 2
    # Somebody deletes it on Spotify: the next press but one makes another.
    spotify.playlists.clear()
    await publishing.remove(ada, playlist_id)
    assert len((await saved(publishing, ada, playlist_id)).url) > 30


async def test_a_playlist_that_somebody_deleted_on_spotify_meanwhile_is_made_anew(
    restart: Callable[[], PublishingService], spotify: LoopbackSpotify, ada: Requester
) -> None:
    playlist_id, publishing = await stored_set(ada), restart()
    spotify.faults = [Fault("error", on="replace_items")] * 2
    with pytest.raises(SpotifyUnreachable):
        await publishing.save(Saving(requester=ada, playlist_id=playlist_id))
    spotify.playlists.clear()
    with pytest.raises(SpotifyRefused):
        await publishing.save(Saving(requester=ada, playlist_id=playlist_id))
    await saved(publishing, ada, playlist_id)
    assert len(spotify.of("host")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        " \u200b\u202e\n",
        "x" * 5000,
        "🌧️" * 200,
        "**bold** @everyone <@1> [a](http://b) `c`",
        "a\x00b\r\n\tc\u202egnp.exe",
        "\ud83d half",
    ],
)
async def test_hostile_names_arrive_as_plain_lines(
    publishing: PublishingService, spotify: LoopbackSpotify, ada: Requester, name: str
) -> None:
    readable = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    await saved(publishing, ada, await stored_set(ada, name=readable, text=readable))
    (kept,) = spotify.of("host")  # which refuses control characters and what is too long
    assert 0 < len(kept.name.encode("utf-16-le")) // 2 <= 100
    marker = marker_of("x", 1)
    description = spotify_description(name, marker)
    assert is_marked(description, marker)
    assert len(description.encode("utf-16-le")) // 2 <= 300
    assert "\u202e" not in spotify_name(name) + description


def test_a_marker_means_one_publication_and_attempt() -> None:
    markers = {marker_of(key, attempt) for key in ("a:1", "a:2", "b:1") for attempt in (1, 2)}
    assert len(markers) == 6
    one = min(markers)
    assert is_marked(f"x &amp; y · {one}", one)
    assert not is_marked(f"x {one}a", one)
