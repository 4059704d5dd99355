"""What components made of rules share: there is nothing to save."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self


class RulesOnly:
    """A component made of rules alone: there is nothing to save, and loading gives the same."""

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to keep."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> Self:
        """Nothing to read."""
        return self

    def to_disk(self, _path: Path | str, **_: Any) -> None:
        """Nothing to keep."""

    def from_disk(self, _path: Path | str, **_: Any) -> Self:
        """Nothing to read."""
        return self
