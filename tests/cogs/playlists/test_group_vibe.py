"""/vibe for:everyone-here: one playlist for several, as they meet it."""

from __future__ import annotations

from typing import Any

from bot.client.texts.facts.sentences import told as in_words
from bot.documents import GenerationSession, GroupShare, Playlist, User
from bot.services.playlists.replay import replay
from bot.services.values import Rating, Requester


async def rated(stage: Any, who: Any, shown: Any, kinds: list[str], *, learning: bool = True) -> None:
    """Somebody rates the first songs of a card by themselves."""
    view = await stage.bot.services.playlists.view(shown.playlist_id)
    requester = Requester(
        user_id=str(who.id),
        display_name=who.user.global_name,
        guild_id=str(stage.guild.id),
        channel_id=str(stage.channel.id),
    )
    for song, kind in zip(view.songs, kinds, strict=False):
        press = f"{who.id}-{song.track_id}"
        await stage.bot.services.feedback.rate(
            Rating(
                requester=requester, playlist_id=view.playlist_id, event=kind, press_id=press, track_id=song.track_id
            )
        )


async def test_those_in_a_voice_channel_get_one_playlist_that_suits_each(stage: Any, card: Any) -> None:
    lounge = stage.guild.create_voice_channel("lounge")
    cy = stage.guild.add_member(stage.env.create_user("cy", global_name="@everyone **Cy**"))
    first = card((await stage.vibe("lively", songs=12)).response)
    await rated(stage, stage.ada, first, ["love", "dislike"] * 6)
    await rated(stage, stage.bo, first, ["dislike", "love"] * 6)
    for one in (stage.ada, stage.bo, cy):
        await one.join_voice(lounge)

    made = (await stage.vibe("lively", songs=12, **{"for": "everyone-here"})).response
    shown = card(made)
    assert "Fits Ada " in shown.text
    assert " · Bo " in shown.text
    assert "1 here never asked me for anything" in shown.text
    assert made.message.mentions == []
    assert await User.count() == 2  # nothing is stored about Cy
    shares = await GroupShare.find().sort("place").to_list()
    assert [share.user_id for share in shares] == [User.id_of(str(one.id)) for one in (stage.ada, stage.bo)]
    assert min(share.satisfaction for share in shares) > 0.4
    owed = {share.user_id: share.owed for share in shares}

    # The chain goes on for the same people, with what is owed; the card says the same after a restart.
    await stage.env.restart_bot()
    again = card((await stage.ada.click(made, label="Calmer")).response)
    assert "Fits Ada " in again.text
    assert " · Bo " in again.text
    later = await GroupShare.find({"debt": {"$ne": 0}}).to_list()
    assert {share.user_id: share.debt for share in later} == owed

    # Made again it is the same set; when Bo is gone, nothing of him is left in it, and it is said.
    session = await GenerationSession.find_one({"_id": shares[0].session_id})
    catalogue = stage.bot.services.catalogue
    assert (await replay(str(session.id), catalogue, parser_version="x")).same
    bo = Requester(user_id=str(stage.bo.id), display_name="Bo", guild_id=None, channel_id="1")
    await stage.bot.services.privacy.erase(bo)
    assert await GroupShare.find({"userId": User.id_of(bo.user_id)}).count() == 0
    told = await replay(str(session.id), catalogue, parser_version="x")
    assert any("1 of them had everything" in in_words(line) for line in told.changed)
    view = await stage.bot.services.playlists.view(shown.playlist_id)
    assert [fit.name for fit in view.fits] == ["Ada"]


async def test_without_voice_it_is_those_who_reacted_and_bans_of_all_hold(stage: Any, card: Any) -> None:
    alone = card((await stage.vibe("party", songs=8, **{"for": "everyone-here"})).response)
    assert "Nobody else is here that I know of" in alone.text
    assert "Fits" not in alone.text
    posted = (await stage.vibe("party", songs=8)).response
    await rated(stage, stage.bo, card(posted), ["never", "never", "love", "love", "dislike"])
    banned = {song.track_id for song in (await stage.bot.services.playlists.view(card(posted).playlist_id)).songs[:2]}
    await stage.bot.services.privacy.set_learning(
        Requester(user_id=str(stage.bo.id), display_name="[Bo](http://a.b)", guild_id=None, channel_id="1"), on=False
    )

    made = card((await stage.vibe("party", songs=100, **{"for": "everyone-here"})).response)
    view = await stage.bot.services.playlists.view(made.playlist_id)
    assert not banned & {song.track_id for song in view.songs}
    assert "I do not know yet what Ada and " in made.text  # Bo paused learning
    assert r"\[Bo\](http:" in made.text
    told = await stage.vibe("party", only_me=True, **{"for": "everyone-here"})
    assert told.ephemeral
    assert "For everyone, or only for you?" in card(told.response).text
    private = await stage.ada.user.slash("vibe", text="calm piano", **{"for": "everyone-here"})
    assert "Nobody else is here" in card(private.response).text
    assert await Playlist.count() == 4
