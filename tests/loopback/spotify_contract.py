"""What Spotify's Web API takes from an app made today, as far as ours calls it: written by hand after its published
reference (OpenAPI document of 2026-05-30), with what died since taken out. A key that is not named is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

PLAYLIST = r"(?P<playlist>[0-9A-Za-z]{22})"

_NAME = {"type": "string", "minLength": 1, "maxLength": 100}
_DESCRIPTION = {"type": "string", "maxLength": 300, "pattern": r"^[^\x00-\x1f\x7f]*$"}
_URI = {"type": "string", "pattern": r"^spotify:track:[0-9A-Za-z]{22}$"}
_URIS = {"type": "array", "items": _URI, "maxItems": 100}


def _closed(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _number(low: int, high: int) -> str:
    """The pattern of a whole number within bounds."""
    return "|".join(str(number) for number in range(low, high + 1))


_OFFSET = r"\d{1,6}"
_MILLISECONDS = r"\d{13}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One call: what may stand in its query (name -> pattern) and its body, and the scopes, one of which it needs."""

    name: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = None
    content_type: str = "application/json"
    scopes: frozenset[str] = frozenset()


_MODIFY = frozenset({"playlist-modify-public", "playlist-modify-private"})

ROUTES = (
    Route(name="me", method="GET", path="me"),
    Route(
        name="create_playlist",
        method="POST",
        path="me/playlists",
        body=_closed(("name",), name=_NAME, description=_DESCRIPTION, public={"type": "boolean"}),
        scopes=_MODIFY,
    ),
    Route(
        name="own_playlists",
        method="GET",
        path="me/playlists",
        query={"limit": _number(1, 50), "offset": _OFFSET},
        scopes=frozenset({"playlist-read-private"}),
    ),
    Route(
        name="replace_items",
        method="PUT",
        path=f"playlists/{PLAYLIST}/items",
        body=_closed(("uris",), uris=_URIS),
        scopes=_MODIFY,
    ),
    Route(
        name="append_items",
        method="POST",
        path=f"playlists/{PLAYLIST}/items",
        body=_closed(("uris",), uris=_URIS),
        scopes=_MODIFY,
    ),
    Route(
        name="change_details",
        method="PUT",
        path=f"playlists/{PLAYLIST}",
        body=_closed((), name=_NAME, description=_DESCRIPTION, public={"type": "boolean"}),
        scopes=_MODIFY,
    ),
    Route(
        name="upload_cover",
        method="PUT",
        path=f"playlists/{PLAYLIST}/images",
        body={"type": "string", "maxLength": 256 * 1024, "pattern": r"^/9j/[A-Za-z0-9+/]+={0,2}$"},
        content_type="image/jpeg",
        scopes=frozenset({"ugc-image-upload"}),
    ),
    Route(
        name="unfollow",
        method="DELETE",
        path="me/library",
        query={"uris": r"spotify:playlist:[0-9A-Za-z]{22}"},
        needs=("uris",),
        scopes=frozenset({"playlist-modify-public", "user-library-modify"}),
    ),
    Route(
        name="search_tracks",
        method="GET",
        path="search",
        query={"q": r".{1,250}", "type": "track", "limit": _number(1, 10), "offset": _OFFSET},
        needs=("q", "type"),
    ),
    Route(
        name="saved_tracks",
        method="GET",
        path="me/tracks",
        query={"limit": _number(1, 50), "offset": _OFFSET},
        scopes=frozenset({"user-library-read"}),
    ),
    Route(
        name="top_tracks",
        method="GET",
        path="me/top/tracks",
        query={"time_range": "short_term|medium_term|long_term", "limit": _number(1, 50), "offset": _OFFSET},
        scopes=frozenset({"user-top-read"}),
    ),
    Route(
        name="recently_played",
        method="GET",
        path="me/player/recently-played",
        query={"limit": _number(1, 50), "after": _MILLISECONDS},
        scopes=frozenset({"user-read-recently-played"}),
    ),
)

DEAD = (
    (403, r"audio-features(/.*)?"),
    (403, r"audio-analysis/.*"),
    (404, r"recommendations(/.*)?"),
    (404, r"(tracks|albums|artists|shows|episodes|audiobooks|chapters)"),
    (404, r"artists/[^/]+/(related-artists|top-tracks)"),
    (403, r"users/[^/]+(/playlists)?"),
    (403, r"playlists/[^/]+/(tracks|followers.*)"),
    (404, r"(browse/.*|markets)"),
    (403, r"me/(tracks|albums|following)/contains"),
)
"""What is gone for an app made today, with the status that it is refused with."""

_BODIES = {route.name: Draft202012Validator(route.body) for route in ROUTES if route.body is not None}


def route_of(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """The call that this is, and what its path names."""
    for route in ROUTES:
        match = re.fullmatch(route.path, path)
        if match and route.method == method:
            return route, match.groupdict()
    return None


def faults(route: Route, query: Mapping[str, str], content_type: str, body: Any) -> list[str]:
    """What is wrong with a call; nothing when Spotify would take it."""
    wrong = [f"query {name} is missing" for name in route.needs if name not in query]
    for name, value in query.items():
        if name not in route.query:
            wrong.append(f"query {name} is not documented")
        elif not re.fullmatch(route.query[name], value):
            wrong.append(f"query {name}={value!r} is not taken")
    if route.body is None:
        return [*wrong, *(["there is a body where none is taken"] if body is not None else [])]
    if content_type != route.content_type:
        wrong.append(f"the body is {content_type}, not {route.content_type}")
    return [*wrong, *(error.message[:200] for error in _BODIES[route.name].iter_errors(body))]
