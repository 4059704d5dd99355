"""Figures of saving on Spotify: playlists made twice, calls for each, and what a Spotify that fails or hangs costs.

A process dies (its service is thrown away, nothing is released) or Spotify fails at a drawn step of each save, several
times in a row, until the member's last press goes well. All of it runs against a Spotify on the loopback.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from bot.database import open_database
from bot.documents import Playlist, Publication, Quota
from bot.errors import SpotifyBusy, VibratoError
from bot.services.publishing.service import PublishingService
from bot.services.publishing.views import Saved, Saving
from bot.services.publishing.workflow import PublicationPatience as StepPatience
from bot.services.values import Requester
from bot.settings import Settings
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.http_call import CallPatience
from tests.benchmarks.figures import Figure
from tests.loopback.publishing import GivenTokens, stored_set
from tests.loopback.spotify import ALL_SCOPES, Fault, LoopbackSpotify, loopback_spotify

RUNS, AT_ONCE = 1_000, 16
"""Playlists that are saved with faults, and how many of them at once."""

_ADA = Requester(user_id="1001", display_name="Ada", guild_id="77", channel_id="88")
_SOON = CallPatience(connect_s=1.0, read_s=0.25, whole_s=0.5)
_STEPS = StepPatience(hold_s=1.5, settle_s=1.0)
_KINDS = ("error", "done_error", "cut", "done_cut", "rubbish", "done_rubbish", "slow", "late", "limited", "expired")
_CALLS = ("create_playlist", "own_playlists", "replace_items", "upload_cover")
_NO_COVER = ALL_SCOPES - {"ugc-image-upload"}


class _Dead(BaseException):
    """The process is no more."""


@dataclass(slots=True)
class Outcome:
    """What came of saves with faults."""

    saved: int = 0
    twice: int = 0
    wrong: int = 0
    faults: int = 0
    deaths: int = 0
    refused: dict[str, int] = field(default_factory=dict)


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """All of it on an embedded database."""
    del data  # the songs matter little here
    logging.getLogger("bot").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.read(_env_file=None, mongodb_uri=None, data_dir=Path(folder), log_level="ERROR")
        async with open_database(settings) as database, loopback_spotify() as spotify:
            await database.wait_ready(30)
            for figure in await _calls(spotify):
                yield figure
            for figure in await _with_faults(spotify):
                yield figure
            for figure in await _held_back(spotify):
                yield figure
            yield await _lag(spotify)


async def _calls(spotify: LoopbackSpotify) -> list[Figure]:
    tokens, found = GivenTokens(), []
    for name, scopes, songs, wanted in (
        ("calls, 25 songs", _NO_COVER, 25, "2"),
        ("calls, 100 songs", _NO_COVER, 100, "2"),
        ("calls, 100 songs and a cover", ALL_SCOPES, 100, "3"),
        ("calls, 250 songs", _NO_COVER, 250, "4"),
    ):
        tokens.owner = spotify.grant("calls", scopes=scopes)
        spotify.seen.clear()
        with closing(SpotifyGateway(api_base=spotify.base)) as gateway:
            saving = Saving(requester=_ADA, playlist_id=await stored_set(_ADA, songs=songs))
            started = time.perf_counter()
            await PublishingService(gateway=gateway, tokens=tokens).save(saving)
            took = 1e3 * (time.perf_counter() - started)
        on = f"one press; {took:.0f} ms with a Spotify on the same machine"
        found.append(Figure(name=name, value=len(spotify.seen), unit="calls", on=on, wanted=wanted))
    return found


async def _with_faults(spotify: LoopbackSpotify) -> list[Figure]:
    started = time.perf_counter()
    outcome = await faulty_saves(spotify, runs=RUNS, seed=1)
    on = (
        f"{outcome.saved} of {RUNS} playlists saved in the end, {outcome.faults} faults of Spotify and "
        f"{outcome.deaths} deaths of the process on the way, half of them pressed twice at once, "
        f"{time.perf_counter() - started:.0f} s"
    )
    return [
        Figure(name="playlists made twice", value=outcome.twice, unit="playlists", on=on, wanted="0"),
        Figure(name="playlists with wrong songs", value=outcome.wrong, unit="playlists", on=on, wanted="0"),
        Figure(name="playlists not saved", value=RUNS - outcome.saved, unit="playlists", on=on, wanted="0"),
    ]


async def faulty_saves(spotify: LoopbackSpotify, *, runs: int, seed: int) -> Outcome:
    """Saves `runs` playlists, each on an account of its own so that its faults hit no other."""
    outcome, draw, places = Outcome(), Random(seed), asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with places:
            await _faulty_save(spotify, f"run{seed}x{number}", Random(draw.random()), outcome)

    with _mortal():
        await asyncio.gather(*(one(number) for number in range(runs)))
    return outcome


async def _faulty_save(spotify: LoopbackSpotify, name: str, draw: Random, outcome: Outcome) -> None:
    tokens = GivenTokens(owner=spotify.grant(name, scopes=ALL_SCOPES if draw.random() < 0.3 else _NO_COVER))
    # Nobody saves more than a day allows.
    ada, bo = (replace(_ADA, user_id=f"{name}:{who}", display_name=who) for who in ("Ada", "Bo"))
    playlist_id = await stored_set(ada, songs=draw.choice((3, 5, 120)))
    own = spotify.faults_of(name)
    for _ in range(draw.randint(1, 3)):
        planned = [_fault(draw) for _ in range(draw.randint(1, 3))]
        own[:] = planned
        clicks = 1 if draw.random() < 0.5 else 2
        results = await asyncio.gather(
            *(_press(spotify, tokens, playlist_id, (ada, bo)[click], draw, outcome) for click in range(clicks))
        )
        outcome.faults += len(planned) - len(own)
        if any(isinstance(result, Saved) for result in results):
            break
    own.clear()
    for _ in range(6):
        if isinstance(await _press(spotify, tokens, playlist_id, ada, None, outcome), Saved):
            outcome.saved += 1
            break
    kept = [playlist for playlist in spotify.playlists.values() if playlist.owner == name and playlist.followed]
    stored = await Playlist.get(playlist_id)
    songs = len(stored.tracks) if stored else 0
    outcome.twice += max(0, len(kept) - 1)
    outcome.wrong += any(len(playlist.uris) != songs or len(set(playlist.uris)) != songs for playlist in kept)


def _fault(draw: Random) -> Fault:
    kind: Any = draw.choice(_KINDS)
    return Fault(kind, on=draw.choice(_CALLS), seconds=draw.choice((0.1, 0.4)), retry_after="1")


async def _press(
    spotify: LoopbackSpotify,
    tokens: GivenTokens,
    playlist_id: str,
    requester: Requester,
    draw: Random | None,
    outcome: Outcome,
) -> object:
    """One press in a process of its own, which dies at a drawn note in the database, or lives."""
    gateway = SpotifyGateway(api_base=spotify.base, patience=_SOON, daily_calls=1_000_000)
    service = PublishingService(gateway=gateway, tokens=tokens, patience=_STEPS, wait_s=20)
    # What another run's faults did to the breaker is not what is measured here.
    await Quota.get_motor_collection().delete_many({})
    # A token that is refused once is replaced by one that is taken.
    tokens.spare = [tokens.owner] if tokens.owner else []
    with closing(gateway):
        task = asyncio.create_task(service.save(Saving(requester=requester, playlist_id=playlist_id)))
        if draw is not None and draw.random() < 0.5:
            _doomed[task] = [draw.randint(1, 6), draw.random() < 0.5]
        try:
            return await task
        except _Dead:
            outcome.deaths += 1
            return None
        except VibratoError as error:
            kind = type(error).__name__
            outcome.refused[kind] = outcome.refused.get(kind, 0) + 1
            return error
        finally:
            _doomed.pop(task, None)


_doomed: dict[asyncio.Task[Any], list[Any]] = {}


@contextmanager
def _mortal() -> Any:
    """Notes in the database kill the process that is doomed: before they are written, or after."""
    step, release = Publication.step, Publication.release

    async def dying(self: Publication, **fields: Any) -> bool:
        doom = _doomed.get(asyncio.current_task())  # type: ignore[arg-type]
        if doom is not None:
            doom[0] -= 1
        if doom is not None and doom[0] == 0 and doom[1]:
            raise _Dead
        kept = await step(self, **fields)
        if doom is not None and doom[0] == 0:
            raise _Dead
        return kept

    async def releasing(self: Publication) -> None:
        doom = _doomed.get(asyncio.current_task())  # type: ignore[arg-type]
        if doom is None or doom[0] > 0:
            await release(self)

    Publication.step, Publication.release = dying, releasing  # type: ignore[assignment]
    try:
        yield
    finally:
        Publication.step, Publication.release = step, release  # type: ignore[method-assign]


async def _held_back(spotify: LoopbackSpotify) -> list[Figure]:
    """How soon callers fail while Spotify wants a pause: those that know, and one that has to ask the database."""
    token = spotify.grant("held")
    await Quota.get_motor_collection().delete_many({})
    spotify.faults = [Fault("quota", retry_after="21600")]
    known, asking = [], []
    with closing(SpotifyGateway(api_base=spotify.base)) as first:
        with suppress(SpotifyBusy):
            await first.me(token)
        for _ in range(200):
            known.append(await _fails_ms(first, token))
            with closing(SpotifyGateway(api_base=spotify.base)) as other:
                asking.append(await _fails_ms(other, token))
    await Quota.get_motor_collection().delete_many({})
    on = "200 callers while Spotify wants a pause of 6 hours, the slowest"
    return [
        Figure(name="fails at once, same process", value=max(known), unit="ms", on=on, wanted="<= 50"),
        Figure(name="fails at once, another process", value=max(asking), unit="ms", on=on, wanted="<= 50"),
    ]


async def _fails_ms(gateway: SpotifyGateway, token: Any) -> float:
    started = time.perf_counter()
    with suppress(SpotifyBusy):
        await gateway.me(token)
        raise AssertionError("it was let in")
    return 1e3 * (time.perf_counter() - started)


async def _lag(spotify: LoopbackSpotify) -> Figure:
    """How late the event loop is while Spotify hangs on twelve saves at once."""
    tokens = GivenTokens(owner=spotify.grant("hanging", scopes=_NO_COVER))
    ids = [await stored_set(_ADA, songs=25) for _ in range(12)]
    gateway = SpotifyGateway(api_base=spotify.base, patience=CallPatience(connect_s=1, read_s=2, whole_s=2.5))
    spotify.talking.clear()
    lags = []
    with closing(gateway):
        service = PublishingService(gateway=gateway, tokens=tokens)
        saves = [asyncio.create_task(service.save(Saving(requester=_ADA, playlist_id=key))) for key in ids]
        started = time.perf_counter()
        while time.perf_counter() - started < 2.0:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(1e3 * (time.perf_counter() - before) - 5)
        for save in saves:
            save.cancel()
        await asyncio.gather(*saves, return_exceptions=True)
    spotify.talking.set()
    on = f"12 saves at once, {len(lags)} looks in 2 s, the latest"
    return Figure(name="event loop late while Spotify hangs", value=max(lags), unit="ms", on=on, wanted="<= 100")
