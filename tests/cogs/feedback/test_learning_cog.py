"""A member presses Love, Skip, Not it and Never again; the next playlist is another one because of it, and says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.documents import GenerationSession, MoodQuery
from bot.generation.engine import compose
from bot.generation.values import Taste
from bot.services.playlists.recipe_codec import recipe_of
from bot.services.playlists.replay import replay
from nlp.vibe import Vibe

WISH = "upbeat songs for dancing"


async def test_the_second_playlist_changes_because_of_what_was_pressed(stage: Any, card: Any, stock: Any) -> None:
    first = (await stage.vibe(WISH)).response
    songs = (await stage.bot.services.playlists.view(card(first).playlist_id)).songs
    for song, label in zip(songs, ["Love"] * 3 + ["Never again"] + ["Skip"] * 4, strict=False):
        chosen = await stage.ada.select(first, [str(song.position)])
        await stage.ada.click(chosen.response, label=label)
    await stage.ada.click(first, label="Not it")

    bos = card((await stage.bo.slash(stage.channel, "vibe", text=WISH)).response)
    second = card((await stage.vibe(WISH)).response)
    assert "With your ratings in mind: you l" in second.text
    assert "With your ratings in mind" not in bos.text
    view = await stage.bot.services.playlists.view(second.playlist_id)
    assert sum(song.new for song in view.songs) <= 3

    # Without what was pressed it would have been another set; the song that never comes again is barred for good.
    session = await GenerationSession.get_motor_collection().find_one({}, sort=[("createdAt", -1)])
    query = await MoodQuery.get_motor_collection().find_one({"_id": session["moodQueryId"]})
    recipe = recipe_of(session, Vibe.from_dict(query["parsed"]))
    assert recipe is not None
    assert recipe.rules.left_out == {songs[3].track_id}
    assert recipe.taste.sure < 1
    untaught = compose(stock.table, replace(recipe, taste=Taste()))
    assert {pick.key for pick in untaught.ordering} != {song.track_id for song in view.songs}
    assert (await replay(str(session["_id"]), stock, parser_version=str(query["modelVersion"]))).same
