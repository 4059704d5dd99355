"""One attempt at one call, in a thread: the only code that touches spotipy.

spotipy sleeps through Retry-After and repeats writes by itself, so it gets a session that does neither, follows no
redirect, takes no password from a netrc file, and reads no endless answer. What came back is read from that session:
spotipy stumbles over errors that are not written as it expects.
"""

from __future__ import annotations

import io
import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import requests
from spotipy import Spotify
from spotipy.exceptions import SpotifyException
from urllib3.exceptions import HTTPError, NewConnectionError

from bot.errors import LinkExpired, SpotifyUnreachable
from bot.spotify.values import AccessToken

CONNECT_S, READ_S = 3.0, 6.0
"""How long a connection may take, and how long nothing may come."""

WHOLE_S = 10.0
"""How long one attempt may take in all."""

LONGEST_ANSWER = 4_000_000
"""Bytes of an answer that are read: fifty songs with all their covers are a tenth of it."""

_CHUNK = 65_536
_HEADER = re.compile(r"[\x21-\x7e]{1,4096}")
_NEVER_SENT = (
    requests.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.MissingSchema,
)

Method = Literal["GET", "POST", "PUT", "DELETE"]
Params = Mapping[str, str | int | None]
"""What stands behind the question mark of an address; None is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: `path` below the base address, `payload` as JSON, or as text of another `content_type`."""

    name: str
    method: Method
    path: str
    params: Params = field(default_factory=dict)
    payload: dict[str, Any] | str | None = None
    content_type: str | None = None

    @property
    def repeatable(self) -> bool:
        """Whether asking twice changes nothing."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What Spotify answered: `body` is the JSON it sent, None where none could be read; `empty` if it sent nothing."""

    status: int
    headers: Mapping[str, str]
    body: Any
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPatience:
    """Seconds for a connection, for silence, and for the whole of one attempt."""

    connect_s: float = CONNECT_S
    read_s: float = READ_S
    whole_s: float = WHOLE_S


def silence() -> None:
    """No token and no word of a member in the libraries' own lines, whatever level somebody sets for them."""
    for name in ("spotipy", "spotipy.client", "urllib3", "urllib3.connectionpool", "requests"):
        logger = logging.getLogger(name)
        if _says_nothing not in logger.filters:
            logger.addFilter(_says_nothing)


def _says_nothing(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING and not record.name.startswith("spotipy")


def attempt(call: Call, token: AccessToken, *, base: str, patience: CallPatience, until: float) -> HttpAnswer:
    """Make the call once; `until` is when by `time.monotonic` nobody waits for it any more.

    Raises SpotifyUnreachable without an answer, LinkExpired for a token that no request can carry. No error has a
    token in it, nor a cause that has.
    """
    if time.monotonic() >= until:
        raise SpotifyUnreachable(cause="no thread was free in time")
    if not _HEADER.fullmatch(token.secret):
        raise LinkExpired
    with _OneAnswer(until) as session:
        spotify = Spotify(
            auth=token.secret,
            requests_session=session,
            requests_timeout=(patience.connect_s, patience.read_s),
        )
        spotify.prefix = base
        params = {**call.params, "content_type": call.content_type} if call.content_type else {**call.params}
        try:
            # spotipy's named methods know paths that are gone, and send bodies that are not documented.
            spotify._internal_call(call.method, call.path, call.payload, params)  # noqa: SLF001
        except (SpotifyException, AttributeError, TypeError):
            # It could not read an error; the session still has what came.
            if session.answer is None:
                raise
        except (requests.RequestException, HTTPError, OSError) as error:
            if session.answer is None:
                raise _unreachable(error) from None
        if session.answer is None:
            raise SpotifyUnreachable(cause="nothing came", maybe_done=True)
        return session.answer


def _unreachable(error: Exception) -> SpotifyUnreachable:
    """Only the kind of the error is told: its text may repeat headers."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    never_sent = isinstance(error, _NEVER_SENT) or isinstance(reason, NewConnectionError)
    return SpotifyUnreachable(cause=type(error).__name__, maybe_done=not never_sent)


class _OneAnswer(requests.Session):
    """A session for one call that keeps the answer in `answer`."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until
        self.auth = _as_it_is
        self.answer: HttpAnswer | None = None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send it, go nowhere else, and read the answer within its time and size."""
        response = super().send(request, **{**kwargs, "allow_redirects": False, "stream": True})
        content = self._read(response)
        response.raw = io.BytesIO(content)
        self.answer = HttpAnswer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=_json(content),
            empty=not content.strip(),
        )
        return response

    def _read(self, response: requests.Response) -> bytes:
        """The whole body. Raises requests.ReadTimeout when it takes too long, ContentDecodingError for rubbish."""
        content = bytearray()
        with response.raw as raw:
            while chunk := raw.read1(_CHUNK, decode_content=True):
                content += chunk
                if time.monotonic() >= self._until or len(content) > LONGEST_ANSWER:
                    raise requests.ReadTimeout("the answer does not end")
        return bytes(content)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The request as it stands: without this, requests puts the password of a netrc file in the place of the token."""
    return request


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
