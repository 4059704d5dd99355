"""Every failure has its sentence: what happened, what to do next, and never the text of an exception."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

import discord
import pytest
from discord import app_commands

from bot import errors
from bot.client.cards.layout import Card
from bot.client.cards.notice import failure_card
from bot.client.error_handling import message_for, report_bug
from bot.facts import Worded

SOON = datetime(2026, 1, 1, 0, 1, tzinfo=UTC)
SECRET = "mongodb://user:password@host"


@dataclass
class Reply:
    """As much of an HTTP response as discord.py's exceptions look at."""

    status: int = 400
    reason: str = SECRET


def refused(kind: type[discord.HTTPException], code: int) -> discord.HTTPException:
    reply: Any = Reply()
    return kind(reply, {"code": code, "message": SECRET})


SENTENCES = [
    (errors.EmptyRequest(), "no words", "/vibe"),
    (errors.RequestTooLong(length=612, limit=500), "612 characters, and I read up to 500", "shorter"),
    (errors.NotUnderstood(unknown=("flurbish",), suggestions=("happy pop",)), "`flurbish`", "These work"),
    (errors.NotUnderstood(), "Nothing in it was about music", "Say a mood"),
    (errors.NothingFits(conflicts=(Worded(text="Without “clean” there are 12 songs."),)), "12 songs", "Drop one"),
    (errors.NothingFits(), "Nothing in the catalogue", "Drop one"),
    (errors.CatalogueEmpty(), "no songs here yet", "python -m bot discover"),
    (errors.CatalogueEmpty(looking=True), "begun to look", "Ask again in a minute"),
    (errors.SourceDown(cause=SECRET), "does not answer", "Try again"),
    (errors.BadFile(name="a.csv", reason=Worded(text="no header")), "no header", "Export it again"),
    (errors.SwitchedOff(what="import"), "one for all servers", "LIBRARY_IMPORT"),
    (errors.Gone(what="playlist"), "That playlist is no longer there", "/vibe"),
    (errors.Gone(what="song"), "That song is no longer there", "/vibe"),
    (errors.Gone(what="mood"), "That mood is no longer there", "/moods"),
    (errors.Gone(what="draft"), "That draft is no longer there", "/mood add"),
    (errors.BadEntry(field="icon", reason="not_emoji", entry="**x**"), "“\\*\\*x\\*\\*” is none", "emoji keyboard"),
    (
        errors.BadEntry(field="genres", reason="unknown", entry="jaz", hints=("jazz",)),
        "Did you mean jazz?",
        "Correct it",
    ),
    (errors.BadEntry(field="other", reason="odd", entry="x"), "is not what belongs there", "try again"),
    (errors.TooMany(what="moods", limit=40), "There are 40 moods already", "Remove one"),
    (errors.TooMany(what="schedules", limit=25), "There are 25 schedules already", "Remove one"),
    (errors.BadTime(fault="unknown", word="**fryday**"), "`**fryday**` means here", "at what time of the day"),
    (errors.BadTime(fault="no_day"), "not how often", "every friday 18:00"),
    (errors.Gone(what="schedule"), "That scheduled vibe is no longer there", "/schedule list"),
    (errors.NotHere(channels=("1", "2")), "<#1>, <#2>", "only_me"),
    (errors.NotHere(roles=("3",)), "<@&3>", "direct message"),
    (errors.Gone(what="rating"), "That rating is no longer there", "/vibe"),
    (errors.NotYet(until=SOON, whose="member", most=3), "You asked for 3 playlists", "<t:1767225661:R>"),
    (errors.NotYet(until=SOON, whose="guild", most=20), "this server asked for 20", "<t:1767225661:R>"),
    (errors.NotYet(until=SOON, whose="member", most=3, busy=True), "one playlist at a time", "<t:1767225661:R>"),
    (errors.NotLinked(), "this bot has none for everybody", "/spotify link"),
    (errors.LinkExpired(), "ends after six months", "/spotify link"),
    (errors.LinkExpired(owner=True), "ends after six months", "python -m bot spotify login"),
    (errors.NothingToSave(), "an id on Spotify", "Export"),
    (errors.SavedEnough(until=SOON, most=25), "saved 25 playlists in a day", "<t:1767225661:R>"),
    (errors.NotYours(), "Only who saved it", "Save as new"),
    (errors.Gone(what="saved"), "The playlist on Spotify is no longer there", "Save to Spotify"),
    (errors.SpotifyBusy(cause=SECRET, until=SOON, why="quota"), "used up", "<t:1767225661:R>"),
    (errors.SpotifyBusy(until=SOON, why="budget"), "for everybody together", "Export"),
    (errors.SpotifyBusy(until=SOON, why="trouble"), "failed several times", "<t:1767225661:t>"),
    (errors.SpotifyBusy(until=SOON), "asked me for a pause", "Nothing has changed there"),
    (errors.SpotifyRefused(cause=SECRET, status=403), "may not do that", "agree to everything"),
    (errors.SpotifyRefused(status=404), "no longer there", "made anew"),
    (errors.SpotifyRefused(status=400), "HTTP 400", "Try once more"),
    (errors.SpotifyUnreachable(cause=SECRET, maybe_done=True), "nothing is made twice", "in a minute"),
    (errors.LinkingOff(missing="app"), "not set up for it", "SPOTIFY_CLIENT_ID"),
    (errors.LinkingOff(missing="keys"), "not set up for it", "spotify new-key"),
    *((errors.LinkFailed(fault=fault), "", "") for fault in get_args(errors.LinkFault)),
    (errors.LinkFailed(fault="taken"), "one Discord member at a time", "spotify.com/account/apps"),
    (errors.Sealed(key_id=SECRET), "not here any more", "/spotify link"),
    (errors.BeingErased(), "I store nothing new about you", "Try again in a minute"),
    (errors.EmptyMessage(), "no words in that message", "Choose a message with text"),
    (errors.NothingBefore(), "no playlist here yet", "/vibe"),
    (errors.NoName(), "nothing to be seen", "Rename"),
    (errors.NoModel(version="v*1", reason="unknown"), "no weights called “v\\*1”", "/models list"),
    (errors.NotOwner(), "Only the owner", "/vibe"),
    (errors.NotAllowed(permission="manage_guild"), "Manage Server", "Ask someone"),
    (errors.NotAllowed(permission="attach_files", bot_lacks=True), "I lack the permission **Attach Files**", "another"),
    (errors.DatabaseDown(cause=SECRET), "database does not answer", "Try again in a minute"),
    (errors.DiscordRefused(cause=SECRET), "refused", "another channel"),
    (errors.DiscordRefused(cause=SECRET, kept="a" * 24), "The playlist itself is kept", "another channel"),
    (errors.WorldDown(cause=SECRET), "service", "Try again in a minute"),
    (app_commands.MissingPermissions(["manage_guild"]), "Manage Server", "Ask someone"),
    (app_commands.BotMissingPermissions(["embed_links"]), "Embed Links", "another channel"),
    (app_commands.CommandNotFound("vibe", []), "command has changed", "Reload Discord"),
    (refused(discord.HTTPException, 50035), "refused", "Try again"),
    (refused(discord.Forbidden, 50013), "refused", "Try again"),
]


@pytest.mark.parametrize(("error", "cause", "step"), SENTENCES)
def test_each_failure_says_its_cause_and_the_next_step(
    shown: Callable[[Card], str], error: Exception, cause: str, step: str
) -> None:
    sentence = message_for(error)
    assert sentence is not None
    words = shown(failure_card(sentence))
    assert cause in words
    assert step in words
    assert SECRET not in words


def test_whatever_can_happen_to_a_member_has_a_sentence() -> None:
    def below(kind: type[Exception]) -> set[type[Exception]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    covered = {type(error) for error, _, _ in SENTENCES}
    possible = below(errors.AskedWrong) | below(errors.NotAllowed) | below(errors.WorldDown)
    assert {kind for kind in possible if not covered & set(kind.__mro__)} == {errors.AskedWrong}


def test_our_bug_has_a_report_id_that_is_in_the_log(
    caplog: pytest.LogCaptureFixture, shown: Callable[[Card], str]
) -> None:
    error = ZeroDivisionError(SECRET)
    assert message_for(error) is None
    with caplog.at_level(logging.ERROR):
        sentence = report_bug(error)
    words = shown(failure_card(sentence))
    assert sentence.report
    assert f"Report {sentence.report}" in words
    assert SECRET not in words
    assert any(sentence.report in entry.getMessage() and entry.exc_info for entry in caplog.records)


def test_requests_that_work_can_be_pressed() -> None:
    sentence = message_for(errors.NotUnderstood(suggestions=("happy pop", "calm, about an hour")))
    assert sentence is not None
    row = failure_card(sentence, audience="all").to_components()[0]["components"][2]
    assert [(part["label"], part["custom_id"]) for part in row["components"]] == [
        ("happy pop", "vibrato:try:all:happy pop"),
        ("calm, about an hour", "vibrato:try:all:calm, about an hour"),
    ]


def test_hostile_words_in_a_failure_do_nothing(shown: Callable[[Card], str]) -> None:
    hostile = "<@1> @everyone **x** [y](https://z.example)"
    for error in (errors.NotUnderstood(unknown=(hostile,)), errors.NothingFits(conflicts=(Worded(text=hostile),) * 50)):
        sentence = message_for(error)
        assert sentence is not None
        words = shown(failure_card(sentence))
        assert "<@" not in words
        assert "@everyone" not in words
        assert "://" not in words
        assert len(words) < 4000
