"""The catalogue on disk, so that a start does not read the database: arrays in a folder, mapped into memory.

A snapshot is written beside the last one and becomes the current one by a rename; then the last is removed. Every
file is checked by its digest before it is used. One that is missing, damaged or of another format is none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.catalogue.identity import RULES_VERSION
from bot.catalogue.table_builder import Stock
from bot.generation.texts import Coded, Texts
from bot.generation.tracks import FEATURES, Tagged, TrackTable

FORMAT = 1
"""Goes up whenever the files change; songs are told apart by RULES_VERSION, features stand in the order of FEATURES."""

_CURRENT = "current"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_HEADER = 128

_log = logging.getLogger(__name__)
_TEXTS = ("keys", "spotify_ids", "titles")
_TAGGED = ("artists", "genres", "tags")
_PLAIN = ("artist", "duration_ms", "year", "explicit", "popularity", "song")
Arrays = dict[str, npt.NDArray[Any]]


def write_snapshot(folder: Path, stock: Stock, facts: Mapping[str, Any]) -> None:
    """Keep a stock in `folder`, with facts (JSON) on where it was read. Raises OSError; then the last one stays."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{stock.table.digest}-{secrets.token_hex(4)}"
    made = folder / name
    made.mkdir()
    try:
        digests = {part: _saved(made / f"{part}.npy", array) for part, array in _arrays(stock).items()}
        manifest = {"format": _format(), "digest": stock.table.digest, "files": digests, "facts": dict(facts)}
        _write(made / _MANIFEST, json.dumps(manifest).encode())
        _write(folder / f"{name}.tmp", name.encode())
        (folder / f"{name}.tmp").replace(folder / _CURRENT)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise
    for other in folder.iterdir():
        if other.name not in (name, _CURRENT):
            shutil.rmtree(other, ignore_errors=True) if other.is_dir() else other.unlink(missing_ok=True)


def read_snapshot(folder: Path) -> tuple[Stock, dict[str, Any]] | None:
    """The stock that was kept last, mapped from its files, and its facts; None where there is no good one."""
    try:
        made = folder / (folder / _CURRENT).read_text(encoding="utf-8")
        manifest = json.loads((made / _MANIFEST).read_bytes())
        if manifest["format"] != _format():
            return None
        for part, digest in manifest["files"].items():
            if _digest_of(made / f"{part}.npy") != digest:
                raise ValueError(part)
        arrays = {part: _mapped(made / f"{part}.npy") for part in manifest["files"]}
        return _stock(arrays, manifest["digest"]), manifest["facts"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as damage:
        _log.warning("the kept catalogue is damaged and is made again: %s", damage)
        return None


def _format() -> list[Any]:
    return [FORMAT, RULES_VERSION, list(FEATURES)]


def _arrays(stock: Stock) -> Arrays:
    table = stock.table
    arrays: Arrays = {name: getattr(table, name) for name in _PLAIN}
    arrays |= {"songs": stock.songs, "features": np.ascontiguousarray(table.features.T), "order": table.keys.order()}
    arrays |= {"codes": table.version.codes} | _text_arrays("versions", Texts.of(table.version.words))
    for name in _TEXTS:
        arrays |= _text_arrays(name, getattr(table, name))
    for name in _TAGGED:
        tagged: Tagged = getattr(table, name)
        arrays |= {f"{name}.starts": tagged.starts, f"{name}.indices": tagged.indices}
        arrays |= _text_arrays(f"{name}.words", Texts.of(tagged.words))
    return arrays


def _text_arrays(name: str, texts: Texts) -> Arrays:
    return {f"{name}.texts": texts.data, f"{name}.text_starts": texts.starts}


def _stock(arrays: Arrays, digest: str) -> Stock:
    def texts(name: str, ranks: list[Any] | None = None) -> Texts:
        return Texts(data=arrays[f"{name}.texts"], starts=arrays[f"{name}.text_starts"], ranks=ranks or [])

    def tagged(name: str) -> Tagged:
        words = tuple(texts(f"{name}.words").tolist())
        return Tagged(words=words, starts=arrays[f"{name}.starts"], indices=arrays[f"{name}.indices"])

    plain: dict[str, Any] = {name: arrays[name] for name in _PLAIN}
    table = TrackTable(
        **plain,
        keys=texts("keys", [arrays["order"]]),
        spotify_ids=texts("spotify_ids"),
        titles=texts("titles"),
        artists=tagged("artists"),
        genres=tagged("genres"),
        tags=tagged("tags"),
        features=arrays["features"].T,
        version=Coded(words=texts("versions")[:], codes=arrays["codes"]),
        digest=digest,
    )
    return Stock(table=table, songs=arrays["songs"])


def _saved(path: Path, array: npt.NDArray[Any]) -> str:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return _digest_of(path)


def _mapped(path: Path) -> npt.NDArray[Any]:
    """An array in its file; one of nothing cannot be mapped."""
    found: npt.NDArray[Any] = np.load(path, mmap_mode="r") if path.stat().st_size > _HEADER else np.load(path)
    return found


def _write(path: Path, contents: bytes) -> None:
    with path.open("wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())


def _digest_of(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
