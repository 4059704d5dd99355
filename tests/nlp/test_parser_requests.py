"""What people write, and what has to come out: every line of requests.tsv and of but_requests.tsv."""

from pathlib import Path

import pytest
from request_checks import failures

TABLES = ("requests.tsv", "but_requests.tsv")
REQUESTS = [
    tuple(line.split("\t"))
    for table in TABLES
    for line in (Path(__file__).parent / table).read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("text", "checks"), REQUESTS, ids=[text for text, _ in REQUESTS])
def test_a_request_is_understood(parser, names, text, checks):
    assert failures(parser.parse(text, names=names), checks, parser) == []


def test_there_are_enough_requests():
    assert len(REQUESTS) >= 250
