"""Servers that stand in for the sources."""

from tests.loopback.sources import world as world
