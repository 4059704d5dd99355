"""Everything that looks outside for songs and their sound, made of the doors that are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalogue.index import Catalogue
from bot.features.deezer import NAME as DEEZER
from bot.features.listenbrainz import LABS_NAME
from bot.features.listenbrainz import NAME as LISTENBRAINZ
from bot.features.musicbrainz import NAME as MUSICBRAINZ
from bot.features.musicbrainz import MusicBrainzYears
from bot.features.provider_chain import DEADLINE_S, FeatureChain
from bot.features.reccobeats import NAME as RECCOBEATS
from bot.features.reccobeats_songs import ReccoBeatsSongs
from bot.features.sources import Doors, sources_of
from bot.services.discovery.artist_facts import ArtistFactsService
from bot.services.discovery.artist_questions import artist_questions
from bot.services.discovery.candidate_sources import ArtistsToBeginWith, CandidateSource, Recommendations, SpotifySearch
from bot.services.discovery.feature_enrichment import (
    ByReccoBeats,
    BySpotify,
    Describer,
    EnrichmentService,
    MetadataService,
)
from bot.services.discovery.hourly_lookup import HourlyLookup
from bot.services.discovery.service import DiscoveryService
from bot.services.discovery.song_years import SongYearsService
from bot.settings import Settings
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.values import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryServices:
    """The services that look outside; `lookup` is None where MusicBrainz may not be asked."""

    discovery: DiscoveryService
    enrichment: EnrichmentService
    metadata: MetadataService
    lookup: HourlyLookup | None = None


def bases_of(settings: Settings) -> Mapping[str, str | None]:
    """Other addresses of sources, where they are set."""
    return {
        RECCOBEATS: settings.reccobeats_base,
        DEEZER: settings.deezer_base,
        MUSICBRAINZ: settings.musicbrainz_base,
        LISTENBRAINZ: settings.listenbrainz_base,
        LABS_NAME: settings.listenbrainz_labs_base,
    }


def discovery_services(
    doors: Doors,
    catalogue: Catalogue,
    *,
    gateway: SpotifyGateway | None = None,
    tokens: Tokens | None = None,
    deadline_s: float = DEADLINE_S,
    tags: bool = False,
) -> DiscoveryServices:
    """The services on these doors; with a gateway and its tokens Spotify is searched too.

    With `tags` the genres of artists are read from the tags of MusicBrainz.
    """
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
        lookup=_lookup(doors, tags=tags) if MUSICBRAINZ in doors else None,
    )


def _lookup(doors: Doors, *, tags: bool) -> HourlyLookup:
    years = FeatureChain([MusicBrainzYears(doors[MUSICBRAINZ])])
    return HourlyLookup(ArtistFactsService(artist_questions(doors, tags=tags)), SongYearsService(years))
