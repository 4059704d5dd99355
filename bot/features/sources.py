"""The table of providers. A new one: a file with a class as `FeatureSource` describes it, and a line here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp

from bot.errors import BadSettings
from bot.features import deezer, listenbrainz, musicbrainz, reccobeats
from bot.features.circuit_breaker import Breaker
from bot.features.http_client import AGENT, HttpClient, Provider, agent_with
from bot.features.priors import Priors
from bot.features.rate_limiter import RateLimiter
from bot.features.values import FeatureSource

PROVIDERS: tuple[Provider, ...] = (
    reccobeats.PROVIDER,
    deezer.PROVIDER,
    musicbrainz.PROVIDER,
    listenbrainz.PROVIDER,
    listenbrainz.LABS,
)
"""In the order in which they are asked: the one that knows most, and most exactly, first."""

NOBODY = "none"
"""The name of no provider at all."""

CONNECTIONS_EACH = 10
"""Connections to one provider at once."""

Doors = Mapping[str, HttpClient]
"""A door to each provider that is switched on, by its name."""


@asynccontextmanager
async def opened(
    names: str, bases: Mapping[str, str | None] | None = None, *, contact: str | None = None
) -> AsyncIterator[Doors]:
    """Doors to the providers that `names` lists ("reccobeats, deezer"); `bases` are other addresses for some of them.

    There is no door to one that wants a contact while there is none. Raises BadSettings for a name that is none.
    """
    providers = chosen(names)
    connector = aiohttp.TCPConnector(limit_per_host=CONNECTIONS_EACH)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, trust_env=True) as session:
        yield doors_to(providers, session, bases=bases or {}, contact=contact)


def chosen(names: str) -> tuple[Provider, ...]:
    """The providers that a list of names means, in their own order. Raises BadSettings."""
    wanted = {name.strip().lower() for name in names.split(",")} - {"", NOBODY}
    unknown = wanted - {provider.name for provider in PROVIDERS}
    if unknown:
        known = ", ".join(provider.name for provider in PROVIDERS)
        raise BadSettings((f"FEATURE_SOURCES: {', '.join(sorted(unknown))} is no source. There are: {known}.",))
    return tuple(provider for provider in PROVIDERS if provider.name in wanted)


def doors_to(
    providers: Sequence[Provider],
    session: aiohttp.ClientSession,
    *,
    bases: Mapping[str, str | None],
    timeout_s: float | None = None,
    contact: str | None = None,
) -> Doors:
    """A door to each, with a breaker and a pace of its own: all questions to a provider share them."""
    return {
        provider.name: HttpClient(
            session,
            bases.get(provider.name) or provider.base,
            breaker=Breaker(provider.name),
            pace=RateLimiter(provider.calls, provider.per_s),
            timeout_s=timeout_s or provider.timeout_s,
            agent=agent_with(contact) if contact is not None and provider.wants_contact else AGENT,
        )
        for provider in providers
        if contact is not None or not provider.wants_contact
    }


def sources_of(doors: Doors) -> tuple[FeatureSource, ...]:
    """The sources behind these doors, in their order, and the guesses last."""
    asked = (make(doors[known.name]) for known in PROVIDERS if known.name in doors for make in known.sources)
    return (*asked, Priors())
