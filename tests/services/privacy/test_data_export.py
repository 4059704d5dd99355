"""What a member is handed out of what is kept of them."""

from __future__ import annotations

import csv
import io
import json
import zipfile

from bot.client.texts.messages import ENGLISH
from bot.database import Database
from bot.documents import (
    MoodQuery,
    User,
)
from bot.services.feedback.service import FeedbackService
from bot.services.privacy.service import DataSummary, PrivacyService
from bot.services.values import Requester
from tests.services.belongings import rating
from tests.services.conftest import Shelf

ROOM = 10_000_000


async def unpacked(privacy: PrivacyService, requester: Requester, limit: int = ROOM) -> dict[str, str]:
    export = await privacy.export(requester, limit=limit, explain=ENGLISH.export_explained)
    assert export.name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


async def test_the_export_holds_everything_in_both_forms(
    privacy: PrivacyService, everything: Shelf, ada: Requester
) -> None:
    files = await unpacked(privacy, ada)
    tables = json.loads(files["vibrato.json"])
    assert {name for name, rows in tables.items() if rows} == {
        *(
            "requests",
            "sessions",
            "cards",
            "playlists",
            "published",
            "saved",
            "feedback",
            "library",
            "accounts",
            "links",
            "tastes",
            "groups",
            "schedules",
            "limits",
        ),
        *("profile", "songs"),
    }
    assert tables["requests"][0]["rawText"] == "calm piano"
    assert tables["profile"][0]["discordUserId"] == ada.user_id
    assert [entry["trackId"] for entry in tables["playlists"][0]["tracks"]] == list(everything.track_ids)
    assert "90 days" in files["README.txt"]
    for name, rows in tables.items():
        assert len(list(csv.DictReader(io.StringIO(files[f"{name}.csv"], newline="")))) == len(rows)
    [event] = csv.DictReader(io.StringIO(files["feedback.csv"], newline=""))
    assert (event["event"], event["song"]) == ("love", "Song 1 - Artist 1")


async def test_tokens_are_in_no_export(privacy: PrivacyService, everything: Shelf, ada: Requester) -> None:
    files = await unpacked(privacy, ada)
    assert not any("cipher" in text for text in files.values())


async def test_nobody_elses_data_is_in_an_export(
    privacy: PrivacyService, everything: Shelf, ada: Requester, bo: Requester
) -> None:
    await FeedbackService().rate(rating(bo, everything, "dislike", "2"))
    ours, theirs = await unpacked(privacy, ada), await unpacked(privacy, bo)
    assert not any(str(User.id_of(bo.user_id)) in text or bo.user_id in text for text in ours.values())
    assert not any(str(User.id_of(ada.user_id)) in text or ada.user_id in text for text in theirs.values())
    assert "calm piano" not in theirs["vibrato.json"]


async def test_a_cell_is_no_formula(privacy: PrivacyService, database: Database, ada: Requester) -> None:
    user = await User.of_discord(ada.user_id, '=HYPERLINK("https://evil.example")')
    await MoodQuery(user_id=user.id, raw_text="+1 sad\nsong, @all").insert()
    files = await unpacked(privacy, ada)
    [profile] = csv.DictReader(io.StringIO(files["profile.csv"], newline=""))
    [request] = csv.DictReader(io.StringIO(files["requests.csv"], newline=""))
    assert profile["displayName"].startswith("'=")
    assert request["rawText"] == "'+1 sad\nsong, @all"


async def test_what_is_too_large_leaves_out_how_it_came_about_and_says_so(
    privacy: PrivacyService, everything: Shelf, ada: Requester
) -> None:
    files = await unpacked(privacy, ada, limit=1)
    assert "left out of sessions" in files["README.txt"]
    [session] = json.loads(files["vibrato.json"])["sessions"]
    assert "candidates" not in session


async def test_who_is_unknown_gets_an_empty_export_and_stays_unknown(
    privacy: PrivacyService, database: Database, ada: Requester
) -> None:
    files = await unpacked(privacy, ada)
    assert set(files) == {"README.txt", "vibrato.json"}
    assert await privacy.kept(ada) == DataSummary()
    assert await User.count() == 0
