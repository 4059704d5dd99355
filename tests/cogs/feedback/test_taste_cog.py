"""/taste: what was learned of a member, told and shown to them alone, and forgotten when they want that."""

from __future__ import annotations

from typing import Any

from bot.documents import FeedbackEvent, TasteShare, User
from bot.services.feedback.taste_service import never_again
from tests.cogs.playlists.test_group_vibe import rated


async def test_somebody_new_is_told_how_to_begin(stage: Any, card: Any) -> None:
    told = await stage.ada.slash(stage.channel, "taste")
    assert told.ephemeral
    assert "I know nothing of your taste yet" in card(told.response).text
    assert "/vibe" in card(told.response).text
    assert await User.count() == 0
    await stage.ada.click(told.response, label="Pause learning")
    assert "Press **Resume learning**" in card(told.response).text


async def test_a_taste_is_shown_and_an_artist_forgotten_banned_and_all_of_it_reset(
    stage: Any, card: Any, make_bot: Any, stock: Any
) -> None:
    shown = card((await stage.vibe("party", songs=30)).response)
    await rated(stage, stage.ada, shown, ["love", "dislike", "love"] * 10)
    told = (await stage.ada.slash(stage.channel, "taste")).response
    seen = card(told)
    assert "From **30** ratings, since <t:" in seen.text
    assert "**Artists:**" in seen.text
    assert seen.pictures[0]["media"]["url"].endswith("taste.png")
    assert "yours against this server's" in seen.pictures[0]["description"]
    first, second = seen.menu["options"][:2]

    # Buttons and menus outlive a restart.
    await stage.env.restart_bot(make_bot(stock))
    await stage.ada.select(told, [first["value"]])
    assert first["label"] in card(told).text
    await stage.ada.click(told, label="Forget what I learned")
    assert "Forgotten: " in card(told).text
    assert first["label"] not in [option["label"] for option in card(told).menu["options"]]
    assert "From **30** ratings" not in card(told).text

    await stage.ada.select(told, [second["value"]])
    await stage.ada.click(told, label="Never again")
    assert f"{second['label']} never comes again" in card(told).text
    banned = await never_again(User.key_of(str(stage.ada.id)))
    assert banned.artists == (second["label"],)
    again = card((await stage.vibe("party", songs=60)).response)
    view = await stage.bot.services.playlists.view(again.playlist_id)
    assert not [song for song in view.songs if second["label"] in song.artists]

    await stage.ada.click(told, label="Back")
    assert f"**Never again:** 1 song and {second['label']}" in card(told).text
    await stage.ada.click(told, label="Start anew")
    assert "Forget everything I learned" in card(told).text
    assert await TasteShare.count() == 1
    await stage.ada.click(told, label="Yes, forget what I learned")
    assert "I know nothing of your taste yet" in card(told).text
    assert await TasteShare.count() == 0
    assert await FeedbackEvent.find({"event": "love", "contextJson.learning": {"$ne": False}}).count() == 0
    assert (await never_again(User.key_of(str(stage.ada.id)))).artists == (second["label"],)


async def test_it_is_told_in_words_where_no_picture_may_be_and_in_direct_messages(stage: Any, card: Any) -> None:
    shown = card((await stage.vibe("party", songs=8)).response)
    await rated(stage, stage.ada, shown, ["love"] * 4)
    bare = stage.closed_channel("bare", attach_files=False)
    plain = card((await stage.ada.slash(bare, "taste")).response)
    assert plain.pictures == []
    assert "From **4** ratings" in plain.text
    private = card((await stage.ada.user.slash("taste")).response)
    assert private.pictures
    assert "From **4** ratings" in private.text
