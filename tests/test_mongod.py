"""The embedded server: private, alone on its data, gone when we are, and clear about what is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import os
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus, urlsplit

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

import bot.folders
import bot.mongod
from bot.errors import NoServer
from bot.mongod import Mongod, find_mongod, run_mongod


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Mongod]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DISCORD_TOKEN", "not for the server")
        async with run_mongod() as running:
            yield running


@pytest.fixture
def short_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files of the test's own, with a path short enough for sockets."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@asynccontextmanager
async def _client(server: Mongod) -> AsyncIterator[Any]:
    async with AsyncMongoClient(server.uri, serverSelectionTimeoutMS=15_000) as client:
        yield client


def _socket(server: Mongod) -> Path:
    return Path(unquote_plus(urlsplit(server.uri).netloc))


async def _end_of(pid: int) -> None:
    """Wait until the process, which need not be a child, is gone."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(handle, gone.set)
    try:
        async with asyncio.timeout(60):
            await gone.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


async def test_it_is_a_replica_set_of_one_with_transactions_and_no_scripts(server: Mongod) -> None:
    async with _client(server) as client:
        hello = await client.admin.command("hello")
        assert hello["isWritablePrimary"]
        assert hello["setName"] == "vibrato"
        async with client.start_session() as session, await session.start_transaction():
            await client.test.numbers.insert_one({"one": 1}, session=session)
        assert await client.test.numbers.count_documents({}) == 1
        with pytest.raises(OperationFailure, match="no globalScriptEngine"):
            await client.test.numbers.find_one({"$where": "true"})


def test_it_listens_on_no_tcp_port(server: Mongod) -> None:
    listening = set()
    for table in ("tcp", "tcp6"):
        rows = Path(f"/proc/{server.pid}/net/{table}").read_text().splitlines()[1:]
        listening |= {row.split()[9] for row in rows if row.split()[3] == "0A"}
    handles = []
    for handle in Path(f"/proc/{server.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # it closes files meanwhile
            handles.append(str(handle.readlink()))
    assert handles
    assert not {f"socket:[{inode}]" for inode in listening} & set(handles)


def test_only_we_may_reach_its_socket(server: Mongod) -> None:
    socket = _socket(server)
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


def test_it_sees_none_of_our_secrets(server: Mongod) -> None:
    seen = Path(f"/proc/{server.pid}/environ").read_bytes()
    assert b"PATH=" in seen
    assert b"DISCORD_TOKEN" not in seen


async def test_nothing_stays_of_a_server_without_a_folder() -> None:
    async with run_mongod() as server:
        pid, folder = server.pid, _socket(server).parent
        assert folder in server.folder.parents
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_data_in_a_folder_outlives_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "a folder, with a long name " / "mongodb"
    for start in (1, 2):
        async with run_mongod(folder) as server, _client(server) as client:
            await client.test.starts.insert_one({})
            assert await client.test.starts.count_documents({}) == start
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_second_process_on_the_same_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with run_mongod(tmp_path):
        monkeypatch.setattr(bot.folders, "LOCK_SECONDS", 0.0)
        with pytest.raises(NoServer) as told:
            async with run_mongod(tmp_path):
                pass
    assert "in use by another Vibrato" in told.value.cause
    assert str(tmp_path) in told.value.cause
    assert "DATA_DIR" in told.value.cause


async def test_a_killed_server_comes_back_with_its_data(caplog: pytest.LogCaptureFixture) -> None:
    async with run_mongod() as server, _client(server) as client:
        await client.test.kept.insert_one({"_id": 1})
        pid = server.pid
        os.kill(pid, signal.SIGKILL)
        await _end_of(pid)
        assert await client.test.kept.count_documents({}) == 1
        assert server.pid != pid
    assert "started again" in caplog.text


async def test_killing_us_leaves_no_server_behind(tmp_path: Path, short_folder: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from bot.mongod import run_mongod\n"
        "async def main():\n"
        "    async with run_mongod(pathlib.Path(sys.argv[1])) as server:\n"
        "        print(server.pid, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    us = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(short_folder)},
    )
    assert us.stdout is not None
    pid = int(await us.stdout.readline())
    us.kill()
    await us.wait()
    await _end_of(pid)
    async with run_mongod(tmp_path) as server, _client(server) as client:
        assert (await client.admin.command("hello"))["isWritablePrimary"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file",
            ("libcurl.so.4", "apt install", "MONGODB_URI"),
        ),
        ("mongod: /lib/libc.so.6: version `GLIBC_2.34' not found", ("GLIBC_2.34", "MONGODB_URI")),
        ("DBPathInUse: Unable to lock the lock file", ("in use by another MongoDB", "DATA_DIR")),
        ("Wrong mongod version", ("another version", "DATA_DIR")),
        ("WT_ERROR: No space left on device", ("no space left", "DATA_DIR")),
        ("something nobody has seen", ("mongod.log", "MONGODB_URI")),
    ],
    ids=lambda value: value.split(":")[-1].strip()[:30] if isinstance(value, str) else "",
)
async def test_a_server_that_cannot_start_says_why(said: str, told: tuple[str, ...], tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\ncat >&2 <<'END'\n" + said + "\nEND\nexit 127\n")
    program.chmod(0o755)
    with pytest.raises(NoServer) as error:
        async with run_mongod(program=program):
            pass
    for words in told:
        assert words in error.value.cause


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("")
    with pytest.raises(NoServer, match="cannot be used"):
        async with run_mongod(occupied / "mongodb"):
            pass


async def test_a_program_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoServer, match="MONGODB_URI"):
        async with run_mongod(program=tmp_path / "nothing-here"):
            pass


def test_a_machine_without_a_server_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.mongod, "WHEEL", "no-such-wheel")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoServer) as error:
        find_mongod()
    assert "MONGODB_URI" in error.value.cause


def test_a_server_on_the_path_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.touch(mode=0o755)
    monkeypatch.setattr(bot.mongod, "WHEEL", "no-such-wheel")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod() == program


def test_the_server_is_found_without_importing_its_wheel() -> None:
    assert find_mongod().name == "mongod"
    if importlib.metadata.distribution(bot.mongod.WHEEL):
        assert "fiftyone" not in sys.modules


async def test_folders_of_the_dead_are_removed_and_others_stay(short_folder: Path) -> None:
    dead, young, strange = (short_folder / name for name in ("vibrato-dead", "vibrato-young", "vibrato-strange"))
    for folder in (dead, young, strange):
        folder.mkdir()
    for folder in (dead, young):
        (folder / "vibrato.lock").touch()
    for folder in (dead, strange):
        os.utime(folder, (0, 0))
    async with run_mongod() as first:
        os.utime(_socket(first).parent, (0, 0))
        async with run_mongod():
            assert not dead.exists()
            assert young.exists()
            assert strange.exists(), "no lock: not known to be ours"
            assert _socket(first).exists()
