"""The demo's data folder: one demo at a time, and a clock that only goes forward."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.folder import default_folder, held_folder
from bot.errors import AlreadyRunning

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def hold(path):
    with held_folder(path):
        pass


def test_a_second_demo_is_told_where_the_first_one_is(tmp_path):
    with held_folder(tmp_path / "new") as folder:
        with pytest.raises(AlreadyRunning, match=r"already running; end it"):
            hold(folder.path)
        folder.announce("http://127.0.0.1:8765/#secret")
        with pytest.raises(AlreadyRunning, match=r"already running at http://127\.0\.0\.1:8765/#secret; end it"):
            hold(folder.path)
    hold(tmp_path / "new")


def test_a_demo_that_fails_leaves_the_folder_free(tmp_path):
    with pytest.raises(OSError, match="crash"), held_folder(tmp_path):
        raise OSError("crash")
    with held_folder(tmp_path) as folder:
        assert folder.path == tmp_path


def test_a_new_world_begins_after_the_last_one_ended(tmp_path):
    with held_folder(tmp_path) as folder:
        assert folder.next_start(NOW) == NOW
        folder.keep_clock(NOW)
    with held_folder(tmp_path) as folder:
        assert folder.next_start(NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
        assert folder.next_start(NOW - timedelta(hours=1)) > NOW


def test_a_damaged_clock_is_no_obstacle(tmp_path):
    (tmp_path / "demo.clock").write_bytes(b"\xff\xfe")
    with held_folder(tmp_path) as folder:
        assert folder.next_start(NOW) == NOW


def test_the_folder_is_where_the_system_keeps_data(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "vibrato" / "demo"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    assert default_folder() == Path.home() / ".local" / "share" / "vibrato" / "demo"
