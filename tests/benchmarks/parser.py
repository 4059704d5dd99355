"""Figures of the parser: its speed, start, memory, and the share of the written requests that it passes."""

import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from nlp.parser import VibeParser
from tests.benchmarks.figures import Figure, median_ms
from tests.nlp.conftest import ArtistNames
from tests.nlp.request_checks import failures

REQUESTS = Path(__file__).parent.parent / "nlp"
TABLES = ("requests", "fresh_requests", "third_requests", "fourth_requests", "language_requests")
LONG = 200
RUNS = 5
HOSTILE = {
    "letters": "a" * 6_000,
    "denials": "no not never " * 460,
    "numbers": "1 2 3 to 4 bpm " * 400,
    "emoji": "🔥😭" * 3_000,
    "marks": "e\u0301\u0327" * 2_000,
    "misspellings": "enrgetc hapyy reggaee tchno " * 215,
    "marks on letters": "s\u0336a\u0336d\u0336 " * 850,
    "moods": "sad happy calm loud rainy party jazz rock piano " * 125,
    "quotes": 'like "a" and "b" by c ' * 280,
}
_START = """
import json, resource, time
from pathlib import Path
import spacy
def taken():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
before, begin = taken(), time.perf_counter()
from nlp.parser import VibeParser
parser = VibeParser.load()
seconds = time.perf_counter() - begin
parser.parse("something mellow for a rainy evening, no rap, about an hour")
print(json.dumps([seconds, taken() - before]))
"""


def figures(data: Path | None) -> Iterator[Figure]:
    """All of them; `data` is not needed."""
    del data
    starts = [_start() for _ in range(3)]
    beyond = "beyond importing spaCy, a fresh process"
    yield _figure("load", statistics.median(s for s, _ in starts), "s", beyond, "<= 1.5")
    yield _figure("memory", statistics.median(m for _, m in starts), "MB", beyond, "<= 150")
    parser, names = VibeParser.load(), ArtistNames()
    requests = {name: _requests(REQUESTS / f"{name}.tsv") for name in TABLES}
    yield from _speed(parser, [text for rows in requests.values() for text, _ in rows])
    worst = max(HOSTILE, key=lambda name: _hostile(parser, name))
    yield _figure("hostile", _hostile(parser, worst), "ms", f"the worst of {len(HOSTILE)} texts: {worst}", "<= 20")
    for name, rows in requests.items():
        asked = sum(len(checks.split("; ")) for _, checks in rows)
        missed = sum(len(failures(parser.parse(text, names=names), checks, parser)) for text, checks in rows)
        share = 100 * (asked - missed) / asked
        yield _figure(f"{name}.passed", share, "%", f"{asked} checks of {len(rows)} requests", ">= 95")


def _speed(parser: VibeParser, texts: list[str]) -> Iterator[Figure]:
    """Median and 99th percentile of requests of 200 characters, made of the written ones."""
    written = " ".join(texts)
    long = [written[start : start + LONG] for start in range(0, len(written) - LONG, LONG)]
    for text in long[:20]:
        parser.parse(text)
    gc.collect()
    times = sorted(_quickest_ms(parser, text) for text in long)
    on = f"{len(times)} requests of {LONG} characters, the quickest of {RUNS} runs each"
    yield _figure("median", statistics.median(times), "ms", on, "<= 3")
    yield _figure("p99", times[int(0.99 * len(times))], "ms", on, "<= 10")


def _quickest_ms(parser: VibeParser, text: str) -> float:
    """What the parser needs itself: whatever else the machine does only adds to it."""
    return min(median_ms(lambda: parser.parse(text), runs=1, warm=0) for _ in range(RUNS))


def _hostile(parser: VibeParser, name: str) -> float:
    return _quickest_ms(parser, HOSTILE[name])


def _start() -> tuple[float, float]:
    """Seconds to load the parser, and megabytes that it takes, beyond what spaCy does."""
    ran = subprocess.run([sys.executable, "-c", _START], check=True, capture_output=True, text=True)
    seconds, megabytes = json.loads(ran.stdout)
    return seconds, megabytes


def _requests(path: Path) -> list[tuple[str, str]]:
    """The requests of a table and their checks."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(text, checks) for text, checks in (line.split("\t") for line in lines)]


def _figure(name: str, value: float, unit: str, on: str, wanted: str) -> Figure:
    return Figure(name=f"parser.{name}", value=round(value, 3), unit=unit, on=on, wanted=wanted)
