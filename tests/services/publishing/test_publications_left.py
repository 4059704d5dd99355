"""What is left of saved playlists when somebody goes, and how many anybody may save."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.client.texts.messages import ENGLISH
from bot.documents import Publication, User
from bot.errors import (
    Gone,
    LinkExpired,
    SavedEnough,
)
from bot.services.privacy.service import PrivacyService
from bot.services.publishing import service as publishings
from bot.services.publishing.service import PublishingService
from bot.services.publishing.views import Saving
from bot.services.values import Requester
from tests.loopback.publishing import GivenTokens, stored_set
from tests.loopback.spotify import Fault, LoopbackSpotify
from tests.services.saving import CY, saved, spotify_id_of
from tests.services.saving import publishing as publishing
from tests.services.saving import restart as restart
from tests.services.saving import spotify as spotify
from tests.services.saving import tokens as tokens


async def test_who_has_everything_deleted_leaves_nothing_on_the_servers_account(
    publishing: PublishingService,
    spotify: LoopbackSpotify,
    tokens: GivenTokens,
    restart: Callable[[], PublishingService],
    ada: Requester,
    bo: Requester,
) -> None:
    tokens.own[User.key_of(CY.user_id)] = spotify.grant("cy")
    hers, his = await stored_set(ada), await stored_set(bo)
    for requester, playlist_id in ((ada, hers), (CY, hers), (ada, his), (bo, his)):
        await saved(publishing, requester, playlist_id)
    privacy = PrivacyService(clock=lambda: datetime.now(UTC))
    tables = dict((await privacy.export(ada, limit=10**7, explain=ENGLISH.export_explained)).counts)
    assert (tables["published"], tables["saved"]) == (2, 2)
    await privacy.erase(ada)
    # What Bo has stays, and nobody knows any more who saved it first.
    kept = [raw async for raw in Publication.get_motor_collection().find()]
    assert {raw["state"] for raw in kept} == {"done", "unwanted"}
    assert str(User.id_of(ada.user_id)) not in str(kept)
    assert hers not in str(kept)
    spotify.faults = [Fault("error", on="unfollow")]
    assert await publishing.take_down_unwanted(datetime.now(UTC)) == 0
    assert len(spotify.of("host")) == 2
    assert await publishing.take_down_unwanted(datetime.now(UTC)) == 1
    assert await publishing.take_down_unwanted(datetime.now(UTC)) == 0
    (left,) = spotify.of("host")
    assert left.id == await spotify_id_of(his)
    # What Cy put on an own account is Cy's.
    assert len(spotify.of("cy")) == 1


async def test_a_save_under_way_and_a_child_of_others_keep_no_word_of_who_goes(
    publishing: PublishingService,
    restart: Callable[[], PublishingService],
    spotify: LoopbackSpotify,
    ada: Requester,
    bo: Requester,
) -> None:
    privacy = PrivacyService(clock=lambda: datetime.now(UTC))
    lost, hers = await stored_set(ada), await stored_set(ada, text="my secret")
    his = await stored_set(bo, parent=hers, name="My Secret, Calmer", text="my secret, calmer")
    await saved(publishing, bo, his)
    # Of one the answer is lost, another is just being saved by Bo.
    spotify.faults = [Fault("done_cut", on="create_playlist"), Fault("expired", on="own_playlists")]
    with pytest.raises(LinkExpired):
        await publishing.save(Saving(requester=ada, playlist_id=lost))
    spotify.faults = [Fault("slow", on="replace_items", seconds=0.1)]
    under_way = asyncio.create_task(restart().save(Saving(requester=bo, playlist_id=hers)))
    await asyncio.sleep(0.05)
    await privacy.erase(ada)
    with pytest.raises(Gone):
        await under_way
    assert len(spotify.of("host")) == 3
    assert await publishing.take_down_unwanted(datetime.now(UTC)) == 3
    (kept,) = spotify.of("host")
    assert "ecret" not in kept.name + kept.description
    assert len(kept.uris) == 5
    assert await publishing.take_down_unwanted(datetime.now(UTC)) == 0


async def test_nobody_uses_up_what_is_there_for_everybody(
    publishing: PublishingService,
    spotify: LoopbackSpotify,
    tokens: GivenTokens,
    ada: Requester,
    bo: Requester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishings, "SAVES_A_DAY", 2)
    first, second, third = [await stored_set(ada) for _ in range(3)]
    for playlist_id in (first, second):
        await saved(publishing, ada, playlist_id)
    with pytest.raises(SavedEnough) as error:
        await publishing.save(Saving(requester=ada, playlist_id=third))
    assert timedelta(hours=23) < error.value.until - datetime.now(UTC) <= timedelta(days=1)
    # What is there is still told, others may save, and so may she on an account of her own.
    assert (await saved(publishing, ada, first)).before
    await saved(publishing, bo, third)
    tokens.own[User.key_of(ada.user_id)] = spotify.grant("ada")
    assert (await saved(publishing, ada, third)).own
