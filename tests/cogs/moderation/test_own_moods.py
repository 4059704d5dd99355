"""The story of a server's own moods: a moderator makes them, members use them, nobody else can touch them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.documents import GuildSettings, Mood, MoodQuery, Playlist
from bot.services.moods.editor import MOST_MOODS
from tests.cogs.staging import Stage

WORDS = "dark, fast-ish, synths"


@pytest.fixture
def intruder(stage: Stage) -> Any:
    """A member whom the server's settings let use the commands all the same: only the bot can refuse her."""
    command = stage.env.backend.find_command("mood", stage.guild.id, type=1)
    stage.guild.set_command_permissions(int(command["id"]), {stage.ada: True})
    return stage.ada


@pytest.fixture
def add(stage: Stage, mo: Any) -> Callable[..., Any]:
    """The moderator fills the form of /mood add; what the bot shows then."""

    async def fill(label: str = "Goblin raid", words: str = WORDS, **more: str) -> Any:
        form = await mo.slash(stage.channel, "mood add")
        return await mo.submit_modal(form, {"label": label, "words": words, **more})

    return fill


@pytest.fixture
def dungeon(stage: Stage, mo: Any, add: Callable[..., Any], card: Any) -> Callable[[], Any]:
    """The mood, saved."""

    async def saved() -> Any:
        draft = await add(icon="🐉", aliases="boss fight")
        return await mo.click(draft.response, label="Save")

    return saved


async def test_from_the_form_to_a_playlist(stage: Stage, mo: Any, add: Callable[..., Any], card: Any) -> None:
    form = await mo.slash(stage.channel, "mood add")
    assert [field["component"].get("value") for field in form.modal["components"]].count("🎵") == 1
    result = await mo.submit_modal(form, {"label": "Goblin raid", "words": WORDS, "icon": "🐉"})
    assert result.ephemeral
    draft = card(result.response)
    assert "🐉 Goblin raid" in draft.text
    assert "I heard `dark` `fast` `synths`" in draft.text
    assert "`brightness` 0.35 or less · dark" in draft.text
    assert "songs** here lie within all of that" in draft.text
    assert draft.text.count(" · ") > 10
    assert "fit both" in draft.text or "No other mood" in draft.text
    assert await Mood.count() == 6
    saved = await mo.click(result.response, label="Save")
    assert "is saved" in card(saved.response).text
    stored = await Mood.find_one({"key": f"{stage.guild.id}:goblin-raid"})
    assert stored is not None
    assert (stored.label, stored.icon, stored.order, stored.guild_id) == ("Goblin raid", "🐉", 7, str(stage.guild.id))
    listed = await stage.bo.slash(stage.channel, "moods")
    assert "Play Goblin raid" in card(listed.response).labels
    played = await stage.bo.click(listed.response, label="Play Goblin raid")
    assert await Playlist.of_message(str(played.response.id)) is not None


@pytest.mark.parametrize(
    "text", ["goblin raid", "three goblin raids", "GOBLIN-RAIDING please", "a boss fight", "boss fights, no rap"]
)
async def test_the_word_is_understood_at_once(stage: Stage, card: Any, dungeon: Callable[[], Any], text: str) -> None:
    await dungeon()
    words = card((await stage.vibe(text)).response).text
    heard = words.partition("I heard")[2].partition("\n")[0].casefold()
    assert "raid" in heard or "boss fight" in heard
    query = (await MoodQuery.find_all().to_list())[-1]
    assert "moods" in {piece["source"] for piece in query.parsed["evidence"]}
    assert query.parsed["targets"]["brightness"]["high"] == 0.35


@pytest.mark.parametrize("text", ["something to groblin to", "groblins", "we groblined all night", "GROBLINING!!"])
async def test_a_name_that_is_inflected_itself_is_found_by_its_word(
    stage: Stage, mo: Any, card: Any, add: Callable[..., Any], text: str
) -> None:
    draft = await add(label="Groblining")
    assert "Also understood: `groblin`" in card(draft.response).text
    await mo.click(draft.response, label="Save")
    heard = card((await stage.vibe(text)).response).text.partition("I heard")[2].partition("\n")[0]
    assert "groblin" in heard.casefold()


async def test_the_moods_are_offered_while_typing(stage: Stage, mo: Any, dungeon: Callable[[], Any], card: Any) -> None:
    await dungeon()
    offered = await stage.bo.autocomplete(stage.channel, "moods", "mood", "gob")
    assert [choice["name"] for choice in offered] == ["🐉 Goblin raid"]
    for command in ("edit", "remove", "preview", "disable", "enable"):
        assert await mo.autocomplete(stage.channel, f"mood {command}", "mood", "raid") == offered
    played = await stage.bo.slash(stage.channel, "moods", mood=offered[0]["value"])
    assert await Playlist.of_message(str(played.response.id)) is not None


async def test_a_built_in_mood_is_changed_here_and_nowhere_else(stage: Stage, mo: Any, card: Any) -> None:
    before = (await Mood.for_guild(None))[0]
    draft = await mo.slash(stage.channel, "mood edit", mood="happy")
    form = await mo.click(draft.response, label="Ranges")
    written = form.modal["components"][0]["component"]["value"]
    assert "brightness: 0.55 or more, weight 1.5" in written
    changed = await mo.submit_modal(form, {"ranges": written.replace("0.55 or more", "0.8 to 1")})
    assert "`brightness` 0.8 to 1" in card(changed.response).text
    assert "stands in for the built-in Happy on this server only" in card(changed.response).text
    await mo.click(changed.response, label="Save")
    here = (await Mood.for_guild(str(stage.guild.id)))[0]
    assert (here.key, here.defaults["brightness"].low) == (f"{stage.guild.id}:happy", 0.8)
    assert (await Mood.for_guild("1"))[0].defaults == before.defaults
    removed = await mo.slash(stage.channel, "mood remove", mood="happy")
    gone = await mo.click(removed.response, label="Remove")
    assert "The built-in Happy is back in its place" in card(gone.response).text


async def test_a_mood_is_hidden_here_and_shown_again(stage: Stage, mo: Any, card: Any) -> None:
    hidden = await mo.slash(stage.channel, "mood disable", mood="sad")
    assert "hidden from this server's list" in card(hidden.response).text
    assert "Play Sad" not in card((await stage.ada.slash(stage.channel, "moods")).response).labels
    assert len(await stage.bot.services.moods.all("1")) == 6
    assert await stage.bo.autocomplete(stage.channel, "moods", "mood", "sad") == []
    refused = await stage.bo.slash(stage.channel, "moods", mood="sad")
    assert "no longer there" in card(refused.response).text
    await mo.click(hidden.response, label="Show it again")
    assert "Play Sad" in card((await stage.ada.slash(stage.channel, "moods")).response).labels
    assert "Sad" in card((await mo.slash(stage.channel, "mood list")).response).text
    await mo.slash(stage.channel, "mood disable", mood="sad")
    assert "hidden" in card((await mo.slash(stage.channel, "mood list")).response).text
    await mo.slash(stage.channel, "mood enable", mood="sad")
    assert len(await stage.bot.services.moods.all(str(stage.guild.id))) == 6


async def test_removing_asks_and_can_be_undone(stage: Stage, mo: Any, card: Any, dungeon: Callable[[], Any]) -> None:
    await dungeon()
    key = f"{stage.guild.id}:goblin-raid"
    before = await Mood.find_one({"key": key})
    asked = await mo.slash(stage.channel, "mood remove", mood=key)
    assert "Remove 🐉 Goblin raid?" in card(asked.response).text
    kept = await mo.click(asked.response, label="Keep it")
    assert "stays as it is" in card(kept.response).text
    assert await Mood.find_one({"key": key}) is not None
    asked = await mo.slash(stage.channel, "mood remove", mood=key)
    gone = await mo.click(asked.response, label="Remove")
    assert await Mood.find_one({"key": key}) is None
    back = await mo.click(gone.response, label="Put it back")
    assert "is back, as it was" in card(back.response).text
    after = await Mood.find_one({"key": key})
    assert after is not None
    assert before is not None
    same = ("label", "icon", "order", "defaults", "aliases", "guild_id")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


async def test_a_built_in_mood_is_not_removed_but_can_be_hidden(stage: Stage, mo: Any, card: Any) -> None:
    asked = await mo.slash(stage.channel, "mood remove", mood="party")
    assert "🎉 Party is built in" in card(asked.response).text
    assert card(asked.response).labels == ["Hide it here", "Keep it"]
    await mo.click(asked.response, label="Hide it here")
    assert "party" not in [mood.key for mood in await stage.bot.services.moods.all(str(stage.guild.id))]
    assert await Mood.find_one({"key": "party"}) is not None


async def test_a_name_that_is_there_already_is_refused(
    stage: Stage, mo: Any, card: Any, add: Callable[..., Any], dungeon: Callable[[], Any]
) -> None:
    await dungeon()
    assert "That key is taken" in card((await add(label="goblin  RAID")).response).text
    assert "That name is taken" in card((await add(label="Boss fight")).response).text
    over = card((await add(label="Party")).response).text
    assert "stands in for the built-in Party on this server only" in over


async def test_words_alone_are_previewed_named_and_saved(stage: Stage, mo: Any, card: Any) -> None:
    shown = await mo.slash(stage.channel, "mood preview", words="calm, acoustic, jazz")
    draft = card(shown.response)
    assert "A mood without a name" in draft.text
    assert "If it has to be jazz, say so beside the mood" in draft.text
    assert "Save" not in draft.labels
    form = await mo.click(shown.response, label="Name it")
    named = await mo.submit_modal(form, {"label": "Tea time", "icon": "🍵", "order": "1", "key": ""})
    assert "🍵 Tea time" in card(named.response).text
    await mo.click(named.response, label="Save")
    assert (await stage.bot.services.moods.all(str(stage.guild.id)))[0].label == "Tea time"


async def test_a_draft_is_saved_after_a_restart(stage: Stage, mo: Any, card: Any, add: Callable[..., Any]) -> None:
    draft = await add()
    form = await mo.click(draft.response, label="Name, icon, place")
    await stage.env.restart_bot()
    renamed = await mo.submit_modal(form, {"label": "Dragon hunt"})
    await mo.click(renamed.response, label="Save")
    assert "Dragon hunt" in [mood.label for mood in await stage.bot.services.moods.all(str(stage.guild.id))]


async def test_discarding_leaves_nothing(stage: Stage, mo: Any, card: Any, add: Callable[..., Any]) -> None:
    draft = await add()
    discarded = await mo.click(draft.response, label="Discard")
    assert "Nothing has changed" in card(discarded.response).text
    assert await Mood.count() == 6
    assert (await GuildSettings.of_guild(str(stage.guild.id))).mood_drafts == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"label": "Party!", "aliases": "chilled, chill"}, "One of the other words is taken"),
        ({"label": "music"}, "in every second request"),
        ({"label": "\u202e\u200b"}, "The mood needs a name"),
        ({"icon": "dragon"}, "The icon has to be an emoji"),
        ({"icon": "🐉🔥"}, "One emoji is enough"),
        ({"aliases": "chill"}, "One of the other words is taken"),
        ({"order": "0"}, "no place in the list"),
    ],
)
async def test_a_name_that_cannot_be_taken_is_told_and_the_sound_is_kept(
    stage: Stage, mo: Any, card: Any, add: Callable[..., Any], fields: dict[str, str], told: str
) -> None:
    draft = card((await add(**fields)).response)
    assert told in draft.text
    assert "I heard `dark` `fast` `synths`" in draft.text
    assert "Save" not in draft.labels


@pytest.mark.parametrize("words", ["   ", "flurbish", "the 80s", "$where {}"])
async def test_words_that_say_nothing_of_the_sound_are_told(
    stage: Stage, card: Any, add: Callable[..., Any], words: str
) -> None:
    result = await add(words=words)
    assert (
        "There were no words" in card(result.response).text
        or "does not say how it sounds" in card(result.response).text
    )
    assert (await GuildSettings.of_guild(str(stage.guild.id))).mood_drafts == []


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        ("energy: any", "Every axis is “any”"),
        ("energy: 0.9 to 0.2", "upside down"),
        ("energy: 7", "cannot read one of the ranges"),
        ("energy: 3 or more", "this axis goes from 0 to 1"),
        ("sparkle: 0.5 or more", "I do not know that axis"),
        ("energy: 0.1 or more\nenergy: 0.2 or more", "One axis is there twice"),
    ],
)
async def test_ranges_that_cannot_be_read_are_told_and_change_nothing(
    stage: Stage, mo: Any, card: Any, add: Callable[..., Any], ranges: str, told: str
) -> None:
    draft = await add()
    before = card(draft.response).text
    form = await mo.click(draft.response, label="Ranges")
    result = await mo.submit_modal(form, {"ranges": ranges})
    assert told in card(result.followups[0]).text
    assert result.followups[0].ephemeral
    assert card(draft.response).text == before


async def test_who_may_not_manage_the_server_is_refused_at_every_door(
    stage: Stage, mo: Any, intruder: Any, card: Any, add: Callable[..., Any]
) -> None:
    for command, options in (
        ("mood add", {}),
        ("mood list", {}),
        ("mood edit", {"mood": "happy"}),
        ("mood remove", {"mood": "happy"}),
        ("mood preview", {"words": WORDS}),
        ("mood disable", {"mood": "happy"}),
        ("mood enable", {"mood": "happy"}),
    ):
        refused = await intruder.slash(stage.channel, command, **options)
        assert "Manage Server" in card(refused.response).text, command
        assert refused.ephemeral
    assert await intruder.autocomplete(stage.channel, "mood edit", "mood", "h") == []
    assert await Mood.count() == 6


async def test_a_moderator_who_is_one_no_more_is_refused_on_buttons_and_forms(
    stage: Stage, mo: Any, card: Any, add: Callable[..., Any]
) -> None:
    draft = await add()
    form = await mo.click(draft.response, label="Words")
    role = stage.guild.roles["Moderator"]
    stage.env.backend.edit_role(stage.guild.id, role.id, {"permissions": 0})
    refused = await mo.submit_modal(form, {"words": "bright"})
    assert "Manage Server" in card(refused.response or refused.followups[0]).text
    for label in ("Save", "Discard", "Ranges"):
        pressed = await mo.click(draft.response, label=label)
        assert "Manage Server" in card(pressed.response if pressed.ephemeral else pressed.followups[0]).text
    assert await Mood.count() == 6


async def test_forged_ids_and_another_servers_moods_are_refused(
    stage: Stage, mo: Any, card: Any, dungeon: Callable[[], Any]
) -> None:
    await Mood(key="1:secret", label="Secret", guild_id="1", defaults={"energy": {"low": 0.5}}).insert()
    elsewhere = await stage.bot.services.mood_edits.begin_edit("1", "secret")
    for command in ("edit", "remove", "preview", "disable"):
        refused = await mo.slash(stage.channel, f"mood {command}", mood="1:secret")
        assert "That mood is no longer there" in card(refused.response).text
    listed = (await mo.slash(stage.channel, "mood list")).response
    assert "Secret" not in card(listed).text
    forged = [
        f"vibrato:draft:{elsewhere.draft_id}:save",
        f"vibrato:draft:{elsewhere.draft_id}:write:words",
        f"vibrato:mood-back:{elsewhere.draft_id}",
        "vibrato:mood-own:secret:remove",
        "vibrato:mood-own:happy:remove",
        "vibrato:mood:1:secret",
    ]
    for custom_id in forged:
        stored = stage.env.backend.get_message(stage.channel.id, listed.id)
        stored.components = [
            {"type": 1, "id": 1, "components": [{"type": 2, "id": 2, "style": 2, "label": "X", "custom_id": custom_id}]}
        ]
        pressed = await mo.click(listed, label="X")
        told = [card(message).text for message in (*pressed.followups, pressed.response) if message is not None]
        assert any("no longer there" in words for words in told), custom_id
    assert await Mood.find_one({"key": "1:secret"}) is not None
    assert await Mood.find_one({"key": "happy"}) is not None


async def test_hostile_names_neither_ping_nor_break_a_card(
    stage: Stage, mo: Any, card: Any, add: Callable[..., Any]
) -> None:
    for number, label in enumerate(
        ["@everyone **zorp**", "zerp ` <@1> ~~", "# zirp\u202eoo " + "w" * 20, "zarp {0} $ne %s"]
    ):
        saved = await mo.click((await add(label=label, words="dark", icon="👩🏽‍🚀")).response, label="Save")
        words = card(saved.response).text
        assert "@everyone" not in words
        assert "<@1>" not in words
        assert "\u202e" not in words
        assert len(await stage.bot.services.moods.every(str(stage.guild.id))) == 7 + number
    shown = card((await stage.ada.slash(stage.channel, "moods")).response)
    assert "@everyone" not in shown.text


async def test_forty_moods_of_the_longest_names_fit_and_more_are_refused(
    stage: Stage, mo: Any, card: Any, add: Callable[..., Any]
) -> None:
    guild_id = str(stage.guild.id)
    wishes = {axis: {"low": 0.4} for axis in ("energy", "brightness", "danceability", "acousticness", "liveness")}
    for number in range(MOST_MOODS - 6):
        label = f"{number:02d}" + "*" * 30
        await Mood(
            key=f"{guild_id}:m{number}{'x' * 28}",
            label=label,
            icon="👩🏽‍🚀",
            order=9,
            defaults=wishes,
            guild_id=guild_id,
        ).insert()
    for command, who in (("moods", stage.ada), ("mood list", mo)):
        shown = card((await who.slash(stage.channel, command)).response)
        menus = [part for part in shown.parts if part["type"] == 3]
        assert sum(len(menu["options"]) for menu in menus) == MOST_MOODS
        assert len(shown.text) <= 4000
    last = f"{guild_id}:m33{'x' * 28}"
    played = await stage.ada.select(
        (await stage.ada.slash(stage.channel, "moods")).response, [last], custom_id="vibrato:moods:1"
    )
    assert await Playlist.of_message(str(played.response.id)) is not None
    refused = await add(label="One more")
    told = [card(message).text for message in (refused.response, *refused.followups)]
    assert any("There are 40 moods already" in words for words in told)


async def test_a_mood_without_songs_to_play_says_so(stage: Stage, mo: Any, card: Any, add: Callable[..., Any]) -> None:
    draft = await add(words="dark")
    form = await mo.click(draft.response, label="Ranges")
    shown = await mo.submit_modal(form, {"ranges": "energy: 0.99 to 1\ntempo: 20 to 21"})
    assert "**0 of " in card(shown.response).text
    assert "stretch the ranges" in card(shown.response).text
