"""What a finished request leaves: its session and its playlist, as they are stored."""

from __future__ import annotations

from bot.generation.tracks import TrackTable
from bot.generation.values import Composition, Recipe
from bot.requests import note_stages
from bot.services.playlists.listener_group import keep_shares
from bot.services.playlists.recipe_codec import recipe_fields
from bot.services.playlists.request import PlaylistRequest
from bot.services.playlists.request_text import describe
from bot.services.playlists.session_store import OpenSession, exposure_of, results_of, songs_of


async def save_result(
    wish: PlaylistRequest,
    session: OpenSession,
    recipe: Recipe,
    table: TrackTable,
    composition: Composition,
    *,
    invented: bool,
) -> None:
    """Stores the finished session and its playlist; `playlist_loader` reads them as a card shows them.

    Raises DatabaseDown. `invented` tells that the songs of the catalogue are made up.
    """
    stages = (("parse", wish.parse_ms), *composition.stage_ms)
    note_stages(stages)
    company = wish.company
    if company is not None and recipe.group:
        await keep_shares(company, recipe.group, composition, session_id=wish.keys.session, requester=wish.requester)
    strangers = 0 if company is None else company.strangers
    group = {"members": len(recipe.group), "strangers": strangers} if company is not None else None
    catalogue = {"digest": table.digest, "size": len(table), "invented": invented}
    await session.keep_results(
        {
            **results_of(composition),
            "seed": recipe.seed,
            "recipe": recipe_fields(recipe),
            "catalogue": catalogue,
            "options": {"tracks": wish.tracks, "minutes": wish.minutes, "credits": wish.rules.credits},
            "stageMs": dict(stages),
            **({"group": group} if group else {}),
        }
    )
    await session.keep_playlist(
        songs_of(composition),
        {
            "name": wish.name,
            "description": describe(wish.words, len(composition.ordering)),
            "exposure": exposure_of(composition, recipe.weights),
            "onlyMe": wish.only_me,
        },
    )
    await session.complete()
