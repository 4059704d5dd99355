"""Servers that stand in for the sources."""

from tests.loopback.brainz import brainz as brainz
from tests.loopback.sources import world as world
