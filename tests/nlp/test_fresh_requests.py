"""Requests written by people who had not read the parser: what share of their checks it passes."""

from pathlib import Path

import pytest
from request_checks import failures

TABLES = ("fresh_requests", "third_requests", "fourth_requests", "language_requests")
REQUESTS = {
    table: [
        tuple(line.split("\t"))
        for line in (Path(__file__).parent / f"{table}.tsv").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    for table in TABLES
}


@pytest.fixture(scope="module", params=TABLES)
def table(request):
    return request.param


@pytest.fixture(scope="module")
def failed(parser, names, table):
    """(request, check) of every check of a table that does not hold."""
    return [
        (text, check)
        for text, checks in REQUESTS[table]
        for check in failures(parser.parse(text, names=names), checks, parser)
    ]


def is_polarity(check):
    """Whether a check is about what must not be wanted: a negated direction, name or year."""
    return any(rest[0] in "!-" for rest in check.split(" ")[1:2]) or check.startswith("no ")


def test_what_is_ruled_out_is_never_wanted(failed):
    assert [miss for miss in failed if is_polarity(miss[1])] == []


def test_nearly_all_checks_hold(failed, table):
    assert len(failed) <= 0.05 * sum(len(checks.split("; ")) for _, checks in REQUESTS[table]), failed


def test_there_are_enough_requests():
    assert sum(len(requests) for requests in REQUESTS.values()) >= 500
