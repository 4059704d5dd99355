"""Many short texts in little memory: one run of bytes and where each text starts, or numbers of a few words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Objects = npt.NDArray[np.object_]
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]
Index = npt.NDArray[Any] | slice | Sequence[int]

_FORM = ("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Texts:
    """n texts, read like an array of objects: a number gives a text, an array of numbers or a mask an array of texts.

    Text i is ``data[starts[i]:starts[i + 1]]`` in UTF-8; both arrays may be mapped from a file. `ranks` are the rows
    in the order of their texts, made when a row is looked for first.
    """

    data: Bytes
    starts: npt.NDArray[np.int64]
    ranks: list[Numbers] = field(default_factory=list)

    @classmethod
    def of(cls, values: Iterable[str]) -> Texts:
        """These texts."""
        encoded = [value.encode(*_FORM) for value in values]
        starts = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=starts[1:])
        return cls(data=np.frombuffer(b"".join(encoded), dtype=np.uint8), starts=starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[str]:
        return iter(self.tolist())

    @overload
    def __getitem__(self, index: int | np.integer[Any]) -> str: ...
    @overload
    def __getitem__(self, index: Index) -> Objects: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int | np.integer):
            return self.bytes_of(int(index)).decode(*_FORM)
        rows = np.arange(len(self))[index]
        found = np.empty(len(rows), dtype=object)
        found[:] = [self.bytes_of(row).decode(*_FORM) for row in rows.tolist()]
        return found

    def tolist(self) -> list[str]:
        """All of them."""
        data, starts = self.data.tobytes(), self.starts.tolist()
        return [data[start:end].decode(*_FORM) for start, end in pairwise(starts)]

    def joined(self) -> bytes:
        """All of them with a zero byte between two."""
        joined = np.zeros(len(self.data) + max(0, len(self) - 1), dtype=np.uint8)
        joined[np.arange(len(self.data)) + np.repeat(np.arange(len(self)), np.diff(self.starts))] = self.data
        return joined.tobytes()

    def bytes_of(self, row: int) -> bytes:
        """One text in UTF-8."""
        row = row + len(self) if row < 0 else row
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self.data[self.starts[row] : self.starts[row + 1]].tobytes()

    def taken(self, rows: npt.NDArray[Any]) -> Texts:
        """The texts of these rows, in their order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(lengths, out=starts[1:])
        places = np.repeat(self.starts[:-1][rows] - starts[:-1], lengths)
        places += np.arange(starts[-1])
        return Texts(data=self.data[places], starts=starts)

    def followed_by(self, others: Texts) -> Texts:
        """These texts, and then the others."""
        starts = np.concatenate((self.starts, others.starts[1:] + self.starts[-1]))
        return Texts(data=np.concatenate((self.data, others.data)), starts=starts)

    def order(self) -> Numbers:
        """The rows in the order of their texts, by code points; rows of one text as they come."""
        if not self.ranks:
            self.ranks.append(self._sorted())
        return self.ranks[0]

    def get(self, text: str) -> int | None:
        """The row of a text, the first of several, or None."""
        order, wanted = self.order(), text.encode(*_FORM)
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.bytes_of(int(order[middle])) < wanted else (low, middle)
        return int(order[low]) if low < len(order) and self.bytes_of(int(order[low])) == wanted else None

    def _sorted(self) -> Numbers:
        lengths = np.diff(self.starts)
        longest = int(lengths.max(initial=0))
        if longest == 0 or longest > _LONGEST_SORTED:
            return np.array(sorted(range(len(self)), key=self.bytes_of), dtype=np.int32)
        if (lengths == longest).all():
            padded = np.ascontiguousarray(self.data).reshape(-1, longest)
        else:
            padded = np.zeros((len(self), longest), dtype=np.uint8)
            padded[np.arange(longest) < lengths[:, None]] = self.data
        keys = np.zeros((len(self), -(-longest // 8) * 8), dtype=np.uint8)
        keys[:, :longest] = padded
        words = keys.view(">u8").astype(np.uint64)
        return np.lexsort((lengths, *words.T[::-1])).astype(np.int32)


_LONGEST_SORTED = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coded:
    """n texts of which there are few different ones, read like an array of objects: row i is ``words[codes[i]]``."""

    words: Objects
    codes: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, values: Iterable[str]) -> Coded:
        """These texts; 256 different ones at most."""
        numbers: dict[str, int] = {}
        codes = np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.uint8)
        words = np.empty(len(numbers), dtype=object)
        words[:] = list(numbers)
        return cls(words=words, codes=codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: Any) -> Any:
        return self.words[self.codes[index]]

    def tolist(self) -> list[str]:
        """All of them."""
        found: list[str] = self.words[self.codes].tolist()
        return found
