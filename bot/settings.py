"""The settings: environment variables, a `.env` file, or files that hold a secret each. Built in `app` alone.

A variable NAME may also be given as NAME_FILE, the path of a file that holds the value, or as a file `name` in
/run/secrets, as Docker hands secrets over. The environment beats `.env`, and both beat the files of /run/secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import BadSettings

SECRETS = Path("/run/secrets")

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Settings(BaseSettings):
    """Everything that can be set. The field `discord_token` is the variable DISCORD_TOKEN, and so on.

    Without `mongodb_uri` an embedded MongoDB is started, with its data under `data_dir`, or in a temporary folder when
    that is None. A database that `mongodb_uri` names is used unless `mongodb_database` is set. With `web_port` there
    are /health, /ready and /metrics at that port of `web_host`. `library_import` lets moderators of any server bring
    songs into the one catalogue. A member gets `member_limit` playlists a minute, all of a server `server_limit`.

    `spotify_client_id` names an application at Spotify, which accounts are linked through; `spotify_daily_calls` is how
    often all processes together call Spotify in a rolling day. `token_keys` encrypt members' tokens, the newest first;
    `public_url` is where browsers reach `web_port`, if they can.

    With `discovery` new songs are looked for where the catalogue is thin. `feature_sources` are asked how songs sound,
    by it and by the commands `discover` and `features`; the `_base` of one is another address for it. Those that know
    artists are told `sources_contact`, and not asked without one. `musicbrainz_tags` lets genres be read from tags.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    discord_token: SecretStr | None = None
    mongodb_uri: SecretStr | None = None
    mongodb_database: str = Field("vibrato", pattern=r"^[A-Za-z0-9_-]{1,63}$")
    data_dir: Path | None = None
    log_level: LogLevel = "INFO"
    log_format: Literal["text", "json"] = "text"
    web_host: str = Field("127.0.0.1", min_length=1)
    web_port: int | None = Field(None, ge=1, le=65535)
    library_import: bool = True
    member_limit: int = Field(3, ge=1, le=10_000)
    server_limit: int = Field(20, ge=1, le=100_000)
    spotify_client_id: str | None = Field(None, pattern=r"^[0-9A-Za-z]{10,64}$")
    spotify_client_secret: SecretStr | None = None
    spotify_daily_calls: int = Field(1000, ge=1, le=1_000_000)
    spotify_accounts_base: str = Field("https://accounts.spotify.com", pattern=r"^https?://[^\s?#]+$")
    token_keys: SecretStr | None = None
    public_url: str | None = None
    spotify_api_base: str = Field("https://api.spotify.com/v1/", pattern=r"^https?://[^\s?#]+$")
    discovery: bool = False
    feature_sources: str = Field("reccobeats,deezer,musicbrainz,listenbrainz,listenbrainz-labs", max_length=200)
    sources_contact: str | None = Field(
        None, max_length=200, pattern=r"^(https?://[!-'*-~]+|[!-'*-?A-~]+@[!-'*-?A-~]+)$"
    )
    musicbrainz_tags: bool = False
    reccobeats_base: str | None = Field(None, pattern=r"^https?://[^\s?#]+$")
    deezer_base: str | None = Field(None, pattern=r"^https?://[^\s?#]+$")
    musicbrainz_base: str | None = Field(None, pattern=r"^https?://[^\s?#]+$")
    listenbrainz_base: str | None = Field(None, pattern=r"^https?://[^\s?#]+$")
    listenbrainz_labs_base: str | None = Field(None, pattern=r"^https?://[^\s?#]+$")

    @classmethod
    def read(cls, **given: Any) -> Self:
        """The settings of this process; `given` beats every source. Raises BadSettings."""
        try:
            return cls(_secrets_dir=SECRETS if SECRETS.is_dir() else None, **given)
        except ValidationError as error:
            reasons = [_sentence(str(item["loc"][0]), item["msg"]) for item in error.errors()]
            raise BadSettings(tuple(reasons)) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from, the strongest first."""
        named = [
            _NamedFiles(settings_cls, variables=source.env_vars)
            for source in (env_settings, dotenv_settings)
            if isinstance(source, EnvSettingsSource)
        ]
        sources = (env_settings, *named[:1], dotenv_settings, *named[1:], file_secret_settings)
        return (init_settings, *sources)


class _NamedFiles(PydanticBaseSettingsSource):
    """Values from the files that NAME_FILE variables name."""

    def __init__(self, settings_cls: type[BaseSettings], *, variables: Mapping[str, str | None]) -> None:
        super().__init__(settings_cls)
        self._variables = {name.lower(): path for name, path in variables.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The contents of the named file, stripped. Raises BadSettings for one that cannot be read."""
        path = self._variables.get(f"{field_name}_file")
        if not path:
            return None, field_name, False
        try:
            return Path(path).expanduser().read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            reason = f"{field_name.upper()}_FILE: {path} cannot be read ({error}). Name a file that holds the value."
            raise BadSettings((reason,)) from error

    def __call__(self) -> dict[str, Any]:
        """The values by field."""
        fields = self.settings_cls.model_fields.items()
        found = {name: self.get_field_value(field, name)[0] for name, field in fields}
        return {name: value for name, value in found.items() if value}


_EXAMPLES = {
    "mongodb_database": "a name of up to 63 letters, digits, - or _, such as vibrato",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "log_format": "text or json",
    "data_dir": "the path of a folder",
    "web_host": "an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for everybody who reaches it",
    "web_port": "a port from 1 to 65535, such as 9464",
    "library_import": "true or false",
    "discovery": "true or false",
    "feature_sources": "names of sources with commas between them, such as reccobeats,deezer, or none",
    "reccobeats_base": "an address, such as https://api.reccobeats.com",
    "deezer_base": "an address, such as https://api.deezer.com",
    "musicbrainz_base": "an address, such as https://musicbrainz.org",
    "listenbrainz_base": "an address, such as https://api.listenbrainz.org",
    "listenbrainz_labs_base": "an address, such as https://labs.api.listenbrainz.org",
    "sources_contact": "an email address or a web page, such as me@example.org",
    "musicbrainz_tags": "true or false",
    "member_limit": "a number from 1 to 10000: playlists a minute for one member",
    "server_limit": "a number from 1 to 100000: playlists a minute for one server",
    "spotify_client_id": "the Client ID on the page of your application at https://developer.spotify.com/dashboard",
    "spotify_daily_calls": "a number from 1 to 1000000: calls to Spotify in a day, of all processes together",
    "spotify_api_base": "an address such as https://api.spotify.com/v1/",
}


def _sentence(field: str, message: str) -> str:
    """One line: the variable, what is wrong, what it has to be."""
    example = _EXAMPLES.get(field)
    return f"{field.upper()}: {message}." + (f" It has to be {example}." if example else "")
