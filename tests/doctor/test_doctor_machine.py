"""The doctor on a machine where something is broken: each row is broken once, and names its fix."""

from __future__ import annotations

import collections
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import mongod
from bot.doctor import machine
from bot.doctor.findings import broken, doubtful, exit_code, fine
from bot.web.metrics import Metrics
from bot.web.server import open_web

Examine = Callable[..., Any]


async def test_a_machine_in_order_is_told_so(examine: Examine, database: Any) -> None:
    found = await examine()
    for name in ("python", "settings", "secrets", "data folder", "disk", "web port"):
        assert found[name].state == "ok", found[name]
        assert not found[name].fix


async def test_an_old_python(examine: Examine, monkeypatch: pytest.MonkeyPatch, database: Any) -> None:
    version = collections.namedtuple("version", "major minor")
    with monkeypatch.context() as patch:
        patch.setattr(machine.sys, "version_info", version(3, 10))
        found = machine.python()
    assert (found.state, "3.11 to 3.13" in found.fix) == ("broken", True)
    assert sys.version_info >= (3, 11)


async def test_a_wrong_setting_is_named_and_ends_the_examination(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    found = await examine()
    assert found["settings"].state == "broken"
    assert "LOG_LEVEL" in found["settings"].found
    assert "DEBUG, INFO" in found["settings"].fix
    assert "database" not in found


async def test_a_missing_secrets_file(examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "nowhere"))
    found = await examine()
    assert found["secrets"].state == "broken"
    assert "DISCORD_TOKEN_FILE" in found["secrets"].found
    assert "Name a file that holds the value" in found["secrets"].fix


async def test_a_secrets_file_that_others_can_read(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Any
) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=\n")
    file.chmod(0o644)
    found = (await examine())["secrets"]
    assert (found.state, found.fix) == ("warn", f"chmod 600 {file}")
    file.chmod(0o600)
    assert (await examine())["secrets"].state == "ok"


async def test_a_folder_that_cannot_be_written_to(examine: Examine, tmp_path: Path, database: Any) -> None:
    (tmp_path / "file").write_text("in the way")
    found = (await examine(data_dir=tmp_path / "file" / "data"))["data folder"]
    assert found.state == "broken"
    assert "DATA_DIR" in found.fix


@pytest.mark.parametrize(("free", "state"), [(50 << 20, "broken"), (1 << 30, "warn"), (50 << 30, "ok")])
async def test_a_disk_that_is_nearly_full(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, database: Any, free: int, state: str
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage._replace(free=free))
    found = (await examine())["disk"]
    assert found.state == state
    assert bool(found.fix) == (state != "ok")


async def test_a_port_that_is_taken(examine: Examine, database: Any) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        found = (await examine(web_port=other.getsockname()[1]))["web port"]
    assert found.state == "broken"
    assert "WEB_PORT" in found.fix


async def test_a_port_that_our_own_bot_holds_is_no_fault(examine: Examine, database: Any) -> None:
    async with open_web(host="127.0.0.1", port=0, probes={}, metrics=Metrics()) as address:
        found = (await examine(web_port=int(address.rpartition(":")[2])))["web port"]
    assert (found.state, "a bot of ours" in found.found) == ("ok", True)


async def test_an_address_that_is_not_of_this_machine(examine: Examine, database: Any) -> None:
    found = (await examine(web_host="192.0.2.1", web_port=9464))["web port"]
    assert found.state == "broken"


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ("error while loading shared libraries: libcurl.so.4: cannot open shared object file", "libcurl4"),
        ("error while loading shared libraries: libcrypto.so.3: cannot open", "OpenSSL 3"),
        ("/lib/libc.so.6: version `GLIBC_2.34' not found", "MONGODB_URI"),
        ("Illegal instruction", "MONGODB_URI"),
    ],
)
async def test_an_embedded_mongod_that_cannot_start(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, fix: str
) -> None:
    program = tmp_path / "mongod"
    program.write_text(f'#!/bin/sh\necho "{said.replace("`", chr(92) + "`")}" >&2\nexit 127\n')
    program.chmod(0o755)
    monkeypatch.setattr(mongod, "find_mongod", lambda: program)
    found = await examine(mongodb_uri=None)
    assert found["embedded MongoDB"].state == "broken"
    assert fix in f"{found['embedded MongoDB'].found} {found['embedded MongoDB'].fix}"
    assert "database" not in found


async def test_a_machine_without_any_mongod(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongod, "WHEEL", "no-such-wheel")
    monkeypatch.setenv("PATH", "")
    found = (await examine(mongodb_uri=None))["embedded MongoDB"]
    assert found.state == "broken"
    assert "MONGODB_URI" in f"{found.found} {found.fix}"


async def test_looking_at_an_embedded_mongod_leaves_nothing_behind(examine: Examine, tmp_path: Path) -> None:
    found = await examine(mongodb_uri=None)
    assert found["embedded MongoDB"].state == "ok"
    assert found["catalogue"].state == "broken"
    assert not (tmp_path / "data").exists()


async def test_data_that_a_running_bot_uses_are_left_alone(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.folders.LOCK_SECONDS", 0.1)
    async with mongod.run_mongod(tmp_path / "data" / "mongodb"):
        found = (await examine(mongodb_uri=None))["embedded MongoDB"]
    assert (found.state, found.fix) == ("warn", "Stop it first.")


def test_the_exit_code_says_whether_there_is_something_to_mend() -> None:
    down, wrong = broken("database", "gone", "wait", down=True), broken("token", "none", "get one")
    assert exit_code([fine("a", "b"), doubtful("c", "d", "e")]) == 0
    assert exit_code([fine("a", "b"), down]) == 3
    assert exit_code([down, wrong]) == 1


def test_no_secret_is_shown() -> None:
    assert "s3cr3t" not in broken("database", "mongodb://me:s3cr3t@host refused", "x").found
