"""A playlist shows one card: as it is posted, and whenever it is read again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.client.cards.playlist import playlist_card
from bot.client.cards.why import why_card
from bot.client.texts.facts.sentences import told_all
from bot.documents import GenerationSession, Track
from bot.facts import Worded, facts_of
from bot.services.playlists.service import PlaylistService
from bot.services.values import FollowUpRequest, PlaylistView, Present, Requester
from nlp.vibe import AxisChange
from tests.services.playing import Channel, asking

Making = Callable[[PlaylistService, Requester, Requester, Channel], Awaitable[Any]]


async def _in_words(playlists: PlaylistService, ada: Requester, _: Requester, channel: Channel) -> None:
    await playlists.create(asking(ada, "sad zzyzx jazz, 40 minutes", only_me=True), publisher=channel)


async def _from_words_of_others(playlists: PlaylistService, ada: Requester, _: Requester, channel: Channel) -> None:
    await playlists.create(asking(ada, "so sad tonight zzyzx, no rap", keep_words=False), publisher=channel)


async def _by_a_press(playlists: PlaylistService, ada: Requester, bo: Requester, channel: Channel) -> None:
    first = await playlists.create(asking(ada, "CALM Zzyzx piano"), publisher=Channel())
    step = (AxisChange(axis="energy", amount=0.25),)
    change = FollowUpRequest(requester=bo, playlist_id=first.playlist_id, press_id="p1", changes=step)
    await playlists.change(change, publisher=channel)


async def _again(playlists: PlaylistService, ada: Requester, bo: Requester, channel: Channel) -> None:
    first = await playlists.create(asking(ada, "happy"), publisher=Channel())
    await playlists.again(
        FollowUpRequest(requester=bo, playlist_id=first.playlist_id, press_id="p1"), publisher=channel
    )


async def _in_words_about_the_last(playlists: PlaylistService, ada: Requester, _: Requester, channel: Channel) -> None:
    await playlists.create(asking(ada, "sad qwrtp jazz"), publisher=Channel())
    await playlists.create(asking(ada, "same but happier zzyzx"), publisher=channel)


async def _for_several(playlists: PlaylistService, ada: Requester, bo: Requester, channel: Channel) -> None:
    await playlists.create(asking(bo, "calm"), publisher=Channel())
    present = tuple(Present(user_id=user_id, display_name="Here") for user_id in (ada.user_id, bo.user_id, "3"))
    await playlists.create(asking(ada, "happy", present=present), publisher=channel)


@pytest.mark.parametrize(
    "making", [_in_words, _from_words_of_others, _by_a_press, _again, _in_words_about_the_last, _for_several]
)
async def test_a_fresh_playlist_and_a_stored_one_show_the_same_card(
    service_on: Callable[[Catalogue], PlaylistService],
    catalogue: Catalogue,
    ada: Requester,
    bo: Requester,
    making: Making,
) -> None:
    """Read by another service, as after a restart, with nothing but the database."""
    channel = Channel()
    await making(service_on(catalogue), ada, bo, channel)
    [fresh] = channel.posted
    stored = await service_on(catalogue).view(fresh.playlist_id)
    assert stored == fresh
    assert _shown(stored) == _shown(fresh)


async def test_songs_with_holes_show_the_same_on_both(
    service_on: Callable[[Catalogue], PlaylistService], catalogue: Catalogue, ada: Requester
) -> None:
    """Songs without a name, without a year or without features; and numbers that no 32 bits hold."""
    tracks = Track.get_motor_collection()
    ids = [raw["_id"] async for raw in tracks.find({}, {"_id": 1})]
    await tracks.update_many({"_id": {"$in": ids[::3]}}, {"$set": {"name": "", "year": None, "artists": []}})
    await tracks.update_many({"_id": {"$in": ids[1::3]}}, {"$set": {"audioFeatures": {}, "durationMs": 200_001}})
    await tracks.update_many({"_id": {"$in": ids[2::3]}}, {"$set": {"audioFeatures": {"energy": 0.123456789012345}}})
    catalogue, channel = await Catalogue.load(), Channel()
    playlists = service_on(catalogue)
    await playlists.create(asking(ada, "jazz"), publisher=channel)
    [fresh] = channel.posted
    assert fresh.feature_count < len(fresh.songs)
    assert _shown(await playlists.view(fresh.playlist_id)) == _shown(fresh)


async def test_a_session_that_holds_sentences_shows_the_same_card(
    service_on: Callable[[Catalogue], PlaylistService], catalogue: Catalogue, ada: Requester
) -> None:
    """As sessions were stored before there were codes: reasons, notes and what gave way as texts."""
    playlists, channel = service_on(catalogue), Channel()
    await playlists.create(asking(ada, "calm zzyzx jazz from the 80s, no rap, 40 songs"), publisher=channel)
    [fresh] = channel.posted
    sessions = GenerationSession.get_motor_collection()
    session = await sessions.find_one({})
    assert fresh.relaxed
    assert fresh.notes
    in_words = {name: list(told_all(facts_of(session[name]))) for name in ("relaxed", "notes")}
    candidates = [{**song, "reasons": list(told_all(facts_of(song["reasons"])))} for song in session["candidates"]]
    await sessions.update_one({"_id": session["_id"]}, {"$set": {**in_words, "candidates": candidates}})
    old = await playlists.view(fresh.playlist_id)
    assert old != fresh
    assert all(isinstance(fact, Worded) for fact in (*old.relaxed, *old.notes, *old.songs[0].reasons))
    assert _shown(old) == _shown(fresh)


def _shown(playlist: PlaylistView) -> list[Any]:
    return [part for card in (playlist_card(playlist), why_card(playlist)) for part in card.to_components()]
