"""Everything that looks outside for songs and their sound, made of the doors that are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalogue.index import Catalogue
from bot.features.deezer import NAME as DEEZER
from bot.features.provider_chain import DEADLINE_S, FeatureChain
from bot.features.reccobeats import NAME as RECCOBEATS
from bot.features.reccobeats_songs import ReccoBeatsSongs
from bot.features.sources import Doors, sources_of
from bot.services.discovery.candidate_sources import ArtistsToBeginWith, CandidateSource, Recommendations, SpotifySearch
from bot.services.discovery.feature_enrichment import (
    ByReccoBeats,
    BySpotify,
    Describer,
    EnrichmentService,
    MetadataService,
)
from bot.services.discovery.service import DiscoveryService
from bot.settings import Settings
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.values import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryServices:
    """The services that look outside."""

    discovery: DiscoveryService
    enrichment: EnrichmentService
    metadata: MetadataService


def bases_of(settings: Settings) -> Mapping[str, str | None]:
    """Other addresses of sources, where they are set."""
    return {RECCOBEATS: settings.reccobeats_base, DEEZER: settings.deezer_base}


def discovery_services(
    doors: Doors,
    catalogue: Catalogue,
    *,
    gateway: SpotifyGateway | None = None,
    tokens: Tokens | None = None,
    deadline_s: float = DEADLINE_S,
) -> DiscoveryServices:
    """The services on these doors; with a gateway and its tokens Spotify is searched too."""
    scouts: list[CandidateSource] = []
    describers: list[Describer] = []
    if RECCOBEATS in doors:
        songs = ReccoBeatsSongs(doors[RECCOBEATS])
        scouts += [Recommendations(songs), ArtistsToBeginWith(songs)]
        describers.append(ByReccoBeats(songs))
    if gateway is not None and tokens is not None:
        scouts.append(SpotifySearch(gateway, tokens))
        describers.append(BySpotify(gateway, tokens))
    chain = FeatureChain(sources_of(doors))
    return DiscoveryServices(
        discovery=DiscoveryService(catalogue=catalogue, chain=chain, scouts=scouts, deadline_s=deadline_s),
        enrichment=EnrichmentService(chain),
        metadata=MetadataService(describers),
    )
