"""Settings come from where an operator puts them, and a wrong one is named in a line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.settings
from bot.errors import BadSettings
from bot.settings import Settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def empty_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without .env, an environment without our variables, no secrets handed over."""
    for name in Settings.model_fields:
        for variable in (name.upper(), f"{name.upper()}_FILE"):
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bot.settings, "SECRETS", tmp_path / "secrets")
    return tmp_path


def _token(settings: Settings) -> str | None:
    return settings.discord_token and settings.discord_token.get_secret_value()


def test_nothing_has_to_be_set() -> None:
    settings = Settings.read()
    assert settings.discord_token is settings.mongodb_uri is settings.data_dir is None
    assert (settings.mongodb_database, settings.log_level, settings.log_format) == ("vibrato", "INFO", "text")


def test_every_way_to_give_a_value_works_and_the_strongest_wins(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = empty_machine / "secrets"
    secrets.mkdir()
    (secrets / "discord_token").write_text("from /run/secrets\n")
    assert _token(Settings.read()) == "from /run/secrets"

    file = empty_machine / "token"
    file.write_text("from the file\n")
    (empty_machine / ".env").write_text(f"DISCORD_TOKEN_FILE={file}\n")
    assert _token(Settings.read()) == "from the file"

    (empty_machine / ".env").write_text("DISCORD_TOKEN=from .env\n")
    assert _token(Settings.read()) == "from .env"

    file.write_text("from the file of the environment\n")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(file))
    assert _token(Settings.read()) == "from the file of the environment"

    monkeypatch.setenv("DISCORD_TOKEN", "from the environment")
    assert _token(Settings.read()) == "from the environment"
    assert _token(Settings.read(discord_token="given")) == "given"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", "")
    monkeypatch.setenv("LOG_LEVEL", "")
    settings = Settings.read()
    assert settings.mongodb_uri is None
    assert settings.log_level == "INFO"


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    monkeypatch.setenv("MONGODB_URI", "mongodb://user:hush@host/")
    assert "hush" not in repr(Settings.read())


@pytest.mark.parametrize(
    ("variable", "value", "fix"),
    [
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("LOG_FORMAT", "xml", "text or json"),
        ("MONGODB_DATABASE", "a/b", "letters"),
        ("DISCORD_TOKEN_FILE", "/nowhere/token", "cannot be read"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable_and_the_fix(
    variable: str, value: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSettings) as error:
        Settings.read()
    (line,) = error.value.reasons
    assert line.startswith(f"{variable}: ")
    assert fix in line
    assert "\n" not in line


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(BadSettings) as error:
        Settings.read()
    assert len(str(error.value).splitlines()) == 2


def test_the_example_names_every_variable_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, flags=re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}
