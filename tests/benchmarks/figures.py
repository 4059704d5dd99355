"""A figure as `make bench` prints it, and how to take one.

A module of figures has one function, ``figures(data: Path | None) -> Iterator[Figure]``, or an asynchronous generator
of that name; `data` is the folder of real tables, None where there is none, and then the demo catalogue serves.
"""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number: its name, value and unit, what it was measured on, and the value to reach, if one is set."""

    name: str
    value: float
    unit: str
    on: str
    wanted: str = ""

    def line(self) -> str:
        """The figure as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def median_ms(action: Callable[[], object], *, runs: int = 15, warm: int = 2) -> float:
    """The median milliseconds of one call of `action`, after `warm` calls that are not counted."""
    for _ in range(warm):
        action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)
