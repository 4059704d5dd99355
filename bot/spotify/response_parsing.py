"""Spotify's answers as values. What is not as it should be is left out, or is no answer at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.spotify.values import (
    PlayedTrack,
    PlaylistPage,
    Profile,
    SavedPage,
    SavedTrack,
    SpotifyArtist,
    SpotifyPlaylist,
    SpotifyTrack,
)

_ID = re.compile(r"[0-9A-Za-z]{1,64}")
_YEAR = re.compile(r"(\d{4})")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_TEXT_LIMIT = 500


class NoSense(ValueError):
    """An answer that is not what was asked for."""


def is_id(value: Any) -> bool:
    """Whether a value may be one of Spotify's ids, and so a part of an address."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def profile(body: Any) -> Profile:
    """Of `GET /me`. An app made before `account_id` came has the user's id in its place. Raises NoSense."""
    user_id, account_id = _text(_dict(body).get("id")), _text(_dict(body).get("account_id"))
    if not (user_id or account_id):
        raise NoSense("a profile without an id")
    images = (_text(_dict(image).get("url")) for image in _list(body.get("images")))
    return Profile(
        account_id=account_id or user_id or "",
        user_id=user_id or account_id or "",
        display_name=_text(body.get("display_name")),
        email=_text(body.get("email")),
        country=_text(body.get("country")),
        product=_text(body.get("product")),
        images=tuple(image for image in images if image),
    )


def playlist(body: Any) -> SpotifyPlaylist:
    """One playlist. Raises NoSense without a usable id."""
    found = _dict(body)
    if not is_id(found.get("id")):
        raise NoSense("a playlist without an id")
    contents = _dict(found.get("items") or found.get("tracks"))
    return SpotifyPlaylist(
        id=found["id"],
        name=_text(found.get("name")) or "",
        description=_text(found.get("description")) or "",
        total=_count(contents.get("total")),
    )


def snapshot(body: Any) -> str:
    """Of a change to a playlist's items: the state it is in since. Raises NoSense: then nothing may have changed."""
    found = _text(_dict(body).get("snapshot_id"))
    if found is None:
        raise NoSense("no snapshot")
    return found


def playlist_page(body: Any) -> PlaylistPage:
    """Of `GET /me/playlists`. Raises NoSense."""
    items = tuple(_readable(playlist, _items(body)))
    total = _count(body.get("total"))
    return PlaylistPage(items=items, total=len(items) if total is None else total)


def track(body: Any) -> SpotifyTrack:
    """One song. Raises NoSense for what is none: episodes, local files, holes."""
    found = _dict(body)
    name = _text(found.get("name"))
    if not is_id(found.get("id")) or not name or found.get("type", "track") != "track" or found.get("is_local"):
        raise NoSense("no song")
    album = _dict(found.get("album"))
    isrc = (_text(_dict(found.get("external_ids")).get("isrc")) or "").upper().replace("-", "")
    return SpotifyTrack(
        id=found["id"],
        name=name,
        artists=tuple(_readable(_artist, _list(found.get("artists")))),
        duration_ms=_count(found.get("duration_ms")) or 0,
        explicit=found.get("explicit") is True,
        album=_text(album.get("name")),
        album_id=album["id"] if is_id(album.get("id")) else None,
        year=_year(album.get("release_date")),
        isrc=isrc if _ISRC.fullmatch(isrc) else None,
    )


def found_tracks(body: Any) -> tuple[SpotifyTrack, ...]:
    """Of `GET /search`. Raises NoSense."""
    return tuple(_readable(track, _items(_dict(body).get("tracks"))))


def tracks(body: Any) -> tuple[SpotifyTrack, ...]:
    """Of `GET /me/top/tracks`. Raises NoSense."""
    return tuple(_readable(track, _items(body)))


def saved_page(body: Any) -> SavedPage:
    """Of `GET /me/tracks`. Raises NoSense."""
    entries = _items(body)
    items = tuple(_readable(_saved, entries))
    total = _count(body.get("total"))
    return SavedPage(items=items, total=len(entries) if total is None else total, taken=len(entries))


def played(body: Any) -> tuple[PlayedTrack, ...]:
    """Of `GET /me/player/recently-played`. Raises NoSense."""
    return tuple(_readable(_played, _items(body)))


def _saved(entry: Any) -> SavedTrack:
    found = _dict(entry)
    return SavedTrack(track=track(found.get("track") or found.get("item")), saved_at=_moment(found.get("added_at")))


def _played(entry: Any) -> PlayedTrack:
    moment = _moment(_dict(entry).get("played_at"))
    if moment is None:
        raise NoSense("played at no time")
    return PlayedTrack(track=track(entry.get("track")), played_at=moment)


def _artist(body: Any) -> SpotifyArtist:
    found = _dict(body)
    name = _text(found.get("name"))
    if not name:
        raise NoSense("an artist without a name")
    return SpotifyArtist(id=found["id"] if is_id(found.get("id")) else None, name=name)


def _readable(read: Any, bodies: Iterable[Any]) -> Iterable[Any]:
    """Those of the bodies that make sense."""
    for body in bodies:
        try:
            yield read(body)
        except NoSense:
            continue


def _items(body: Any) -> list[Any]:
    """The entries of a page. Raises NoSense."""
    if not isinstance(body, dict) or not isinstance(body.get("items"), list):
        raise NoSense("no page")
    items: list[Any] = body["items"]
    return items


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value[:_TEXT_LIMIT] if isinstance(value, str) and value else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _year(value: Any) -> int | None:
    found = _YEAR.match(value) if isinstance(value, str) else None
    return int(found[1]) or None if found else None


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
