"""``python -m bot doctor`` as an operator runs it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from bot.settings import Settings
from tests.test_import_rules import ROOT


async def doctor(tmp_path: Path, *options: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *options),
        cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_a_newcomer_reads_what_is_missing_and_what_to_do(tmp_path: Path, settings: Settings) -> None:
    assert settings.mongodb_uri is not None
    uri = settings.mongodb_uri.get_secret_value()
    code, out, err = await doctor(tmp_path, MONGODB_URI=uri, MONGODB_DATABASE="vibrato_nobody")
    assert code == 1
    assert "broken token            DISCORD_TOKEN is not set\n" in out
    assert "-> Make an application at https://discord.com/developers" in out
    assert "broken catalogue        empty\n" in out
    assert "2 broken" in err


async def test_a_script_reads_one_json_object(tmp_path: Path, settings: Settings) -> None:
    assert settings.mongodb_uri is not None
    uri = settings.mongodb_uri.get_secret_value()
    code, out, err = await doctor(tmp_path, "--json", MONGODB_URI=uri, MONGODB_DATABASE="vibrato_nobody")
    found = json.loads(out)
    assert (code, found["ok"], err) == (1, False, "")
    assert len(found["findings"]) >= 12
    assert {finding["state"] for finding in found["findings"]} <= {"ok", "warn", "broken"}
    assert all(finding["fix"] for finding in found["findings"] if finding["state"] != "ok")


async def test_a_wrong_setting_is_a_row_and_no_traceback(tmp_path: Path) -> None:
    code, out, err = await doctor(tmp_path, WEB_PORT="http")
    assert code == 1
    assert "broken settings" in out
    assert "WEB_PORT" in out
    assert "Traceback" not in out + err
