"""The playlists that follow one: steps, the same again, moods, and what ratings change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from beanie import PydanticObjectId

from bot.documents import FeedbackEvent, GenerationSession, MoodQuery, Playlist, Track, User
from bot.errors import (
    DiscordRefused,
    Gone,
)
from bot.services.feedback.service import FeedbackService
from bot.services.playlists.service import PlaylistService
from bot.services.values import FeedbackKind, FollowUpRequest, PlaylistView, Rating, Requester
from nlp.vibe import AxisChange
from tests.services.playing import Channel, asking, everything, only


async def test_more_energy_again_and_again_goes_up_and_names_its_parents(
    playlists: PlaylistService, ada: Requester, bo: Requester
) -> None:
    view = await playlists.create(asking(ada, "calm", tracks=12), publisher=Channel())
    chain = [view]
    for press in ("p1", "p2"):
        chain.append(
            await playlists.change(
                FollowUpRequest(
                    requester=bo,
                    playlist_id=chain[-1].playlist_id,
                    press_id=press,
                    changes=(AxisChange(axis="energy", amount=0.25),),
                ),
                publisher=Channel(),
            )
        )
    energies = [mean_energy(link) for link in chain]
    assert energies[0] + 0.05 < energies[1] < energies[2]
    queries, stored = await everything(MoodQuery), await everything(Playlist)
    assert [query.get("parentId") for query in queries] == [None, queries[0]["_id"], queries[1]["_id"]]
    assert [playlist.get("parentId") for playlist in stored] == [None, stored[0]["_id"], stored[1]["_id"]]
    assert [link.parent_id for link in chain] == [None, chain[0].playlist_id, chain[1].playlist_id]
    assert all(len(link.songs) == 12 for link in chain)
    assert chain[2].owner_id == bo.user_id
    assert chain[2].text == "calm, more energy, more energy"
    assert "More Energy" in chain[1].name
    assert "more energy" in {chip.text for chip in chain[1].heard}
    stored_view = await playlists.view(chain[2].playlist_id)
    assert (stored_view.text, stored_view.heard) == (chain[2].text, chain[2].heard)
    presses = await everything(FeedbackEvent)
    assert [event["event"] for event in presses] == ["more", "more"]
    assert [event["playlistId"] for event in presses] == [stored[0]["_id"], stored[1]["_id"]]
    assert presses[0]["contextJson"]["axis"] == "energy"
    assert presses[0]["contextJson"]["where"]["messageId"] == f"m-{view.playlist_id}"
    assert presses[0]["userId"] == (await User.of_discord(bo.user_id)).id


async def test_a_second_axis_keeps_what_the_first_one_gained(playlists: PlaylistService, ada: Requester) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    louder = await _step(playlists, ada, view, "p1", "energy", 0.5)
    brighter = await _step(playlists, ada, louder, "p2", "brightness", 0.25)
    assert mean_energy(louder) > mean_energy(view) + 0.1
    assert abs(mean_energy(brighter) - mean_energy(louder)) < 0.12


async def test_less_is_told_as_less(playlists: PlaylistService, ada: Requester) -> None:
    view = await playlists.create(asking(ada, "happy"), publisher=Channel())
    darker = await _step(playlists, ada, view, "p1", "brightness", -0.25)
    event = await only(FeedbackEvent)
    assert (event["event"], event["contextJson"]["axis"]) == ("less", "brightness")
    assert darker.text == "happy, darker"


async def test_again_plays_other_songs_of_the_same_vibe(
    playlists: PlaylistService, ada: Requester, bo: Requester
) -> None:
    view = await playlists.create(asking(ada, "sad jazz"), publisher=Channel())
    again = await playlists.again(
        FollowUpRequest(requester=bo, playlist_id=view.playlist_id, press_id="p1"), publisher=Channel()
    )
    assert not {song.track_id for song in view.songs} & {song.track_id for song in again.songs}
    assert (again.name, again.text, again.heard) == (view.name, view.text, view.heard)
    assert again.parent_id == view.playlist_id
    assert again.seed != view.seed
    first, second = await everything(MoodQuery)
    assert second["parsed"]["targets"] == first["parsed"]["targets"]
    assert (await only(FeedbackEvent))["event"] == "again"


async def test_the_same_press_ten_times_at_once_makes_one_playlist(playlists: PlaylistService, ada: Requester) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    press = FollowUpRequest(
        requester=ada,
        playlist_id=view.playlist_id,
        press_id="p1",
        changes=(AxisChange(axis="energy", amount=0.25),),
    )
    channel = Channel()
    children = await asyncio.gather(*(playlists.change(press, publisher=channel) for _ in range(10)))
    assert len({child.playlist_id for child in children}) == 1
    assert len(channel.posted) == 1
    assert len(await everything(Playlist)) == 2
    assert len(await everything(FeedbackEvent)) == 1


async def test_a_press_that_discord_refused_is_posted_when_it_comes_again(
    playlists: PlaylistService, ada: Requester
) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    press = FollowUpRequest(requester=ada, playlist_id=view.playlist_id, press_id="p1")
    with pytest.raises(DiscordRefused):
        await playlists.again(press, publisher=Channel(refuses=True))
    channel = Channel()
    child = await playlists.again(press, publisher=channel)
    assert [posted.playlist_id for posted in channel.posted] == [child.playlist_id]
    assert len(await everything(Playlist)) == 2


async def test_a_press_that_failed_may_succeed_when_it_comes_again(playlists: PlaylistService, ada: Requester) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    press = FollowUpRequest(requester=ada, playlist_id=view.playlist_id, press_id="p1")

    def break_down(stage: str) -> None:
        if stage == "choosing":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await playlists.again(press, publisher=Channel(at=break_down))
    child = await playlists.again(press, publisher=Channel())
    assert child.songs
    sessions = await everything(GenerationSession)
    assert [session["status"] for session in sessions] == ["completed", "completed"]
    assert "error" not in sessions[1]
    assert len(await everything(FeedbackEvent)) == 1


@pytest.mark.parametrize("playlist_id", ["0" * 24, "nonsense"])
async def test_a_press_on_a_playlist_that_is_gone_makes_nothing(
    playlists: PlaylistService, ada: Requester, playlist_id: str
) -> None:
    with pytest.raises(Gone) as caught:
        await playlists.again(
            FollowUpRequest(requester=ada, playlist_id=playlist_id, press_id="p1"), publisher=Channel()
        )
    assert caught.value.what == "playlist"
    assert await everything(FeedbackEvent) == []
    assert await everything(GenerationSession) == []
    with pytest.raises(Gone):
        await playlists.view(playlist_id)


async def test_a_song_that_left_the_catalogue_leaves_a_gap_in_the_card(
    playlists: PlaylistService, ada: Requester
) -> None:
    view = await playlists.create(asking(ada, "calm", tracks=5), publisher=Channel())
    stored = await only(Playlist)
    await Track.get_motor_collection().delete_one({"_id": stored["tracks"][1]["trackId"]})
    assert [song.position for song in (await playlists.view(view.playlist_id)).songs] == [1, 3, 4, 5]


async def test_a_mood_is_played_with_one_press(playlists: PlaylistService, ada: Requester) -> None:
    channel = Channel()
    view = await playlists.play_mood("sad", ada, channel, only_me=True)
    assert (view.name, view.text, view.only_me) == ("Sad", "Sad", True)
    assert channel.posted == [view]
    query = await only(MoodQuery)
    assert query["parsed"]["targets"]["brightness"]["high"] == 0.4
    with pytest.raises(Gone) as caught:
        await playlists.play_mood("nosuch", ada, Channel())
    assert caught.value.what == "mood"


async def test_never_again_means_never(playlists: PlaylistService, ada: Requester, bo: Requester) -> None:
    view = await playlists.create(asking(ada, "sad jazz", seed=3, tracks=5), publisher=Channel())
    feedback = FeedbackService()
    banned = view.songs[0].track_id
    rated = await feedback.rate(
        Rating(requester=ada, playlist_id=view.playlist_id, event="never", press_id="n1", track_id=banned)
    )
    await Playlist.get_motor_collection().delete_many({"userId": (await User.of_discord(ada.user_id)).id})
    with_ban = await playlists.create(asking(ada, "sad jazz", seed=3, tracks=100), publisher=Channel())
    assert banned not in {song.track_id for song in with_ban.songs}
    others = await playlists.create(asking(bo, "sad jazz", seed=3, tracks=5), publisher=Channel())
    assert banned in {song.track_id for song in others.songs}
    assert rated.new


async def test_love_and_dislike_show_in_the_next_playlist(
    playlists: PlaylistService, ada: Requester, bo: Requester
) -> None:
    feedback = FeedbackService()
    view = await playlists.create(asking(ada, "calm", seed=3, tracks=20), publisher=Channel())
    loved, *disliked = (song.track_id for song in sorted(view.songs, key=lambda song: song.score))
    for place, track_id in enumerate((loved, *disliked)):
        kind: FeedbackKind = "dislike" if place else "love"
        rating = Rating(
            requester=ada, playlist_id=view.playlist_id, event=kind, press_id=f"r{place}", track_id=track_id
        )
        await feedback.rate(rating)
    # Without it the songs would be left out as recently played, whatever she thinks of them.
    await Playlist.get_motor_collection().delete_many({})
    hers = await playlists.create(asking(ada, "calm", seed=3, tracks=20), publisher=Channel())
    his = await playlists.create(asking(bo, "calm", seed=3, tracks=20), publisher=Channel())
    assert len({song.track_id for song in his.songs} & set(disliked)) == len(disliked)
    assert len({song.track_id for song in hers.songs} & set(disliked)) < len(disliked) / 2
    ranks = [await _rank(loved, view) for view in (hers, his)]
    assert ranks[0] < ranks[1]


def mean_energy(view: PlaylistView) -> float:
    known = [song.energy for song in view.songs if song.energy is not None]
    return sum(known) / len(known)


async def _rank(track_id: str, view: PlaylistView) -> int:
    """The place of a song among the candidates of a playlist, the best is 0."""
    session = await GenerationSession.get(PydanticObjectId(view.session_id))
    assert session is not None
    return [str(candidate.track_id) for candidate in session.candidates].index(track_id)


async def _step(
    playlists: PlaylistService, requester: Requester, view: PlaylistView, press_id: str, axis: Any, amount: float
) -> PlaylistView:
    press = FollowUpRequest(
        requester=requester,
        playlist_id=view.playlist_id,
        press_id=press_id,
        changes=(AxisChange(axis=axis, amount=amount),),
    )
    return await playlists.change(press, publisher=Channel())
