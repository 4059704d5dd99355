"""ListenBrainz: how many people listen to an artist, and which artists they listen to as well. Its data is CC0.

How often artists are heard is in its API (https://listenbrainz.readthedocs.io/en/latest/users/api/), artists alike in
a dataset of its laboratory, which may change or go without notice. Artists are told by their ids at MusicBrainz.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.features.http_client import HttpClient, Provider
from bot.features.validation import mbid_of, number_in, rows_in, text_of

NAME = "listenbrainz"
LABS_NAME = "listenbrainz-labs"

MOST_SIMILAR = 25

_ALGORITHM = "session_based_days_7500_session_300_contribution_5_threshold_10_limit_100_filter_True_skip_30"
"""The dataset that ListenBrainz's own pages of artists use: who is heard within five minutes of whom."""

_MOST = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistFame:
    """How often an artist was listened to, and by how many people; both of ListenBrainz's members alone."""

    listens: int
    listeners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarArtist:
    """An artist whom people listen to beside another; `closeness` is 1 for the closest one, else above 0."""

    mbid: str
    name: str
    closeness: float


class ListenBrainz:
    """How widely artists are heard."""

    def __init__(self, door: HttpClient) -> None:
        self._door = door

    async def fame(self, mbids: Sequence[str]) -> Mapping[str, ArtistFame]:
        """By id, for those of them that anybody listened to. Raises SourceDown."""
        rows = rows_in(await self._door.post("/1/popularity/artist", {"artist_mbids": list(mbids)}))
        found: dict[str, ArtistFame] = {}
        for row in rows:
            mbid = mbid_of(row.get("artist_mbid"))
            listens, listeners = (number_in(row.get(f"total_{what}_count"), 0, _MOST) for what in ("listen", "user"))
            if mbid in mbids and mbid is not None and listens is not None and listeners is not None:
                found[mbid] = ArtistFame(listens=int(listens), listeners=int(listeners))
        return found


class SimilarArtists:
    """Who is listened to beside whom."""

    def __init__(self, door: HttpClient) -> None:
        self._door = door

    async def like(self, mbid: str) -> tuple[SimilarArtist, ...]:
        """Up to MOST_SIMILAR artists like this one, the closest first; none where too few listen. Raises SourceDown."""
        params = {"artist_mbids": mbid, "algorithm": _ALGORITHM}
        scores: dict[str, tuple[str, float]] = {}
        for row in rows_in(await self._door.get("/similar-artists/json", params)):
            other, name = mbid_of(row.get("artist_mbid")), text_of(row.get("name"))
            score = number_in(row.get("score"), 1, _MOST)
            if other is not None and other != mbid and name and score is not None:
                scores.setdefault(other, (name, score))
        ranked = sorted(scores.items(), key=lambda row: (-row[1][1], row[1][0]))[:MOST_SIMILAR]
        return tuple(
            SimilarArtist(mbid=other, name=name, closeness=round(score / ranked[0][1][1], 3))
            for other, (name, score) in ranked
        )


PROVIDER = Provider(
    name=NAME,
    base="https://api.listenbrainz.org",
    calls=1,
    per_s=1.1,  # one a second and application; its X-RateLimit headers are heeded beside that
    wants_contact=True,
    timeout_s=10.0,
)

LABS = Provider(
    name=LABS_NAME,
    base="https://labs.api.listenbrainz.org",
    calls=1,
    per_s=1.1,
    wants_contact=True,
    timeout_s=10.0,
)
