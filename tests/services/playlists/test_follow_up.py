"""Typed words about the last playlist, the recipe that each session keeps, replays of it, and why a song is not in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from beanie import PydanticObjectId

from bot.catalogue.index import Catalogue
from bot.client.texts.facts.sentences import told_all
from bot.documents import GenerationSession, MoodQuery, Playlist
from bot.errors import Gone
from bot.generation.facts.notes import NothingToCompare, NothingToKeep
from bot.services.playlists.replay import replay
from bot.services.playlists.service import PlaylistService
from bot.services.values import PlaylistView, Posted, ReactionRules, Requester, Stage, VibeRequest
from nlp.parser import VibeParser
from tests.services.making import playlist_service


class Door:
    """A publisher that ties every card to a message of its server."""

    async def progress(self, stage: Stage) -> None:
        """Nothing to show."""

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted | None:
        return Posted(guild_id="77", channel_id="88", message_id=f"m-{playlist.playlist_id}")


@pytest.fixture
def ask(parser: VibeParser, catalogue: Catalogue, ada: Requester) -> Any:
    """Asks for words as Ada, or somebody else, and gives the playlist."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        service = playlist_service(parser, catalogue, threads)

        async def make(text: str, requester: Requester = ada, **options: Any) -> PlaylistView:
            return await service.create(VibeRequest(text=text, requester=requester, **options), publisher=Door())

        make.service = service  # type: ignore[attr-defined]
        yield make


def ids(view: PlaylistView) -> list[str]:
    return [song.track_id for song in view.songs]


def energy(view: PlaylistView) -> float:
    return sum(song.energy or 0.0 for song in view.songs) / len(view.songs)


async def test_typed_comparatives_follow_the_last_playlist(ask: Any) -> None:
    first = await ask("sad jazz")
    second = await ask("same but with more energy")
    assert second.parent_id == first.playlist_id
    assert second.text == "sad jazz, same but with more energy"
    assert energy(second) > energy(first)
    assert len(second.songs) == len(first.songs)
    assert set(ids(first)) & set(ids(second))
    assert any("of the playlist before stayed" in note for note in told_all(second.notes))
    query = await MoodQuery.get_motor_collection().find_one({"rawText": "same but with more energy"})
    before = await MoodQuery.get_motor_collection().find_one({"rawText": "sad jazz"})
    assert query["parentId"] == before["_id"]
    assert ids(await ask.service.view(second.parent_id)) == ids(first)
    child = await Playlist.get_motor_collection().find_one({"_id": PydanticObjectId(second.playlist_id)})
    assert str(child["parentId"]) == first.playlist_id


async def test_an_edit_keeps_what_it_was_told_to_and_changes_the_least(ask: Any) -> None:
    first = await ask("sad jazz", tracks=12)
    second = await ask("without number 7")
    assert ids(second)[:6] + ids(second)[7:] == ids(first)[:6] + ids(first)[7:]
    assert ids(second)[6] not in ids(first)
    third = await ask("more energy, keep 1 to 3, more like number 5, without the last one")
    assert third.parent_id == second.playlist_id
    assert ids(third)[:3] == ids(second)[:3]
    assert ids(second)[-1] not in ids(third)
    assert len(third.songs) == 12
    longer = await ask("make it longer")
    assert len(longer.songs) == 18
    assert len(set(ids(third)) & set(ids(longer))) >= 10
    assert len((await ask("half as long")).songs) == 9


async def test_without_a_last_playlist_the_card_says_what_it_was_read_against(ask: Any) -> None:
    view = await ask("happier, keep 1 to 3")
    assert view.parent_id is None
    assert NothingToCompare() in view.notes
    assert NothingToKeep() in view.notes
    assert view.songs


@pytest.mark.parametrize("change", [{"guild_id": "78"}, {"user_id": "1002"}, {"appointed": True}])
async def test_playlists_of_others_and_of_other_servers_are_not_followed(
    ask: Any, ada: Requester, change: dict[str, Any]
) -> None:
    await ask("sad jazz")
    assert (await ask("happier", replace(ada, **change))).parent_id is None


async def test_what_only_the_owner_saw_is_not_continued_in_public(ask: Any) -> None:
    hidden = await ask("sad jazz", only_me=True)
    assert (await ask("happier")).parent_id is None
    assert hidden.parent_id is None


async def test_words_about_other_music_follow_nothing(ask: Any) -> None:
    await ask("sad jazz")
    assert (await ask("party songs")).parent_id is None


async def test_the_same_press_twice_makes_one_playlist(ask: Any) -> None:
    await ask("sad jazz")
    one, again = [await ask("happier", press_id="p-1", seed=4) for _ in range(2)]
    assert one.playlist_id == again.playlist_id


@pytest.mark.parametrize("then", [None, "less energy, keep 1 to 5, without number 7"])
async def test_a_session_replays_to_the_identical_set(
    ask: Any, catalogue: Catalogue, parser: VibeParser, then: str | None
) -> None:
    view = await ask("sad jazz")
    view = view if then is None else await ask(then)
    made = await replay(view.session_id, catalogue, parser_version=parser.version)
    assert made.same
    assert list(made.now) == ids(view)
    assert made.changed == ()


async def test_a_replay_says_what_has_changed_since(ask: Any, catalogue: Catalogue) -> None:
    view = await ask("sad jazz")
    sessions, key = GenerationSession.get_motor_collection(), PydanticObjectId(view.session_id)
    await sessions.update_one(
        {"_id": key}, {"$set": {"catalogue.digest": "other", "algorithms.0.version": "0.9", "ordering": []}}
    )
    made = await replay(view.session_id, catalogue, parser_version="lexicon-99")
    assert not made.same
    assert [sentence.split(" has changed")[0] for sentence in told_all(made.changed)] == [
        "The catalogue",
        "The engine",
        "The parser",
    ]
    await sessions.update_one({"_id": key}, {"$unset": {"recipe": ""}})
    old = await replay(view.session_id, catalogue, parser_version="lexicon-99")
    assert not old.same
    assert "before recipes were kept" in told_all(old.changed)[0]


@pytest.mark.parametrize("session_id", ["nonsense", "6543210fedcba9876543210f"])
async def test_an_unknown_session_is_gone(catalogue: Catalogue, session_id: str) -> None:
    with pytest.raises(Gone):
        await replay(session_id, catalogue, parser_version="any")


async def test_a_session_keeps_its_recipe_without_words(ask: Any) -> None:
    await ask("sad zzyzx jazz")
    session = await GenerationSession.get_motor_collection().find_one({})
    assert session["recipe"]["rules"]["defaultTracks"] == 25
    assert "zzyzx" not in repr(session)
    assert 0 <= session["orderGap"] <= 1


async def test_a_playlist_tells_why_a_song_is_not_in_it(ask: Any, catalogue: Catalogue) -> None:
    view = await ask("sad jazz")
    service: PlaylistService = ask.service
    [own, *_] = await service.why_not(view.playlist_id, view.songs[0].title)
    assert own.title == view.songs[0].title
    others = [row for row in range(len(catalogue.table)) if str(catalogue.table.keys[row]) not in ids(view)]
    title, artist = str(catalogue.table.titles[others[0]]), catalogue.table.artists.of(others[0])[0]
    answers = await service.why_not(view.playlist_id, f"{title} by {artist}")
    assert all(" ".join(told_all(answer.told)).endswith(".") for answer in answers)
    assert answers[0].standing != "played"
    assert await service.why_not(view.playlist_id, "zzyzx zzyzx") == ()
    with pytest.raises(Gone):
        await service.why_not("nonsense", title)
