"""A set for everyone who is here: who that is, what each of them likes, and what the next set owes them.

Whoever never asked or rated anything stays a number: nothing is stored about them. What is stored of the others is a
document of their own for each set, and goes with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.database import guarded
from bot.documents import FeedbackEvent, GroupShare, Key, PostedCard, User, now
from bot.facts import Fact
from bot.generation.group import owed_after
from bot.generation.values import Composition, Guest
from bot.services.facts import NobodyElse, TooManyHere
from bot.services.feedback.taste_service import TasteService
from bot.services.members import Member
from bot.services.playlists.recipe_codec import taste_fields, taste_of
from bot.services.values import MemberFit, Present, Requester
from nlp.vibe import Vibe

MOST_PRESENT = 12
"""Members that one set is for; more would each have next to nothing of it."""

CARDS = 3
"""Cards of a channel that are looked at for who is here, when nobody is in a voice channel."""

CARDS_SINCE = timedelta(days=2)
"""Older cards say nothing about who is here."""

FAVOURED = 0.02
"""From this debt on it is said who comes first the next time."""

EVENTS_SEEN = 20_000
"""Newest events of all servers that are looked through for those about these cards."""

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A member who is here and known: their id, their name, and whether their ratings may teach anything."""

    user_id: Key
    name: str
    learning: bool = True
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerGroup:
    """Who a set is for, the one who asks first. `strangers` are those of whom nothing is stored."""

    members: tuple[Listener, ...]
    strangers: int = 0
    notes: tuple[Fact, ...] = ()


async def company_here(requester: Requester, who: Member, present: Sequence[Present]) -> ListenerGroup:
    """Those who are present, or where that is nobody those who reacted to, or pressed on, the last cards here.

    Raises DatabaseDown.
    """
    others = [one for one in present if one.user_id != requester.user_id]
    with guarded():
        if others:
            found, strangers = await _known(others)
        else:
            found, strangers = await _lately_here(requester.channel_id, but=who.id), 0
    members = (_asking(requester, who), *found)
    notes: tuple[Fact, ...] = ()
    if len(members) > MOST_PRESENT:
        notes = (TooManyHere(most=MOST_PRESENT),)
    elif len(members) == 1 and not strangers:
        notes = (NobodyElse(),)
    return ListenerGroup(members=members[:MOST_PRESENT], strangers=strangers, notes=notes)


async def company_of(session: Raw, requester: Requester, who: Member) -> ListenerGroup | None:
    """Those whom the set of a session was for, and the one who asks now; None for a set of one alone.

    Raises DatabaseDown.
    """
    group = session.get("group")
    if not group:
        return None
    with guarded():
        shares = await GroupShare.of_session(session["_id"])
        found = await _users([raw["userId"] for raw in shares if raw["userId"] != who.id])
    members = (_asking(requester, who), *(_attendee(raw, "") for raw in found))
    return ListenerGroup(members=members[:MOST_PRESENT], strangers=int(group.get("strangers") or 0))


async def guests(
    company: ListenerGroup, tastes: TasteService, *, vibe: Vibe, guild_id: str | None, channel_id: str, learning: bool
) -> tuple[Guest, ...]:
    """What each member brings along, in their order. Whoever paused learning has no taste. Raises DatabaseDown."""
    with guarded():
        owed = await GroupShare.owed_in(channel_id, [one.user_id for one in company.members])
    likings = await asyncio.gather(
        *(
            tastes.liking(one.user_id, vibe=vibe, guild_id=guild_id, learning=learning and one.learning)
            for one in company.members
        )
    )
    return tuple(
        Guest(
            taste=liking.taste,
            debt=owed[one.user_id],
            left_out=liking.left_out,
            artists_out=(*one.blocked, *liking.artists_out),
        )
        for one, liking in zip(company.members, likings, strict=True)
    )


async def keep_shares(
    company: ListenerGroup,
    group: Sequence[Guest],
    composition: Composition,
    *,
    session_id: Key,
    requester: Requester,
) -> None:
    """Keeps what the set was for each member. Raises DatabaseDown."""
    debts = owed_after([guest.debt for guest in group], composition.satisfaction)
    shares = [
        {
            "userId": one.user_id,
            **({"guildId": requester.guild_id} if requester.guild_id else {}),
            "channelId": requester.channel_id,
            "place": place,
            "taste": taste_fields(guest.taste),
            "leftOut": sorted(guest.left_out),
            "artistsOut": list(guest.artists_out),
            "debt": guest.debt,
            **({} if satisfied is None else {"satisfaction": satisfied}),
            "owed": owed,
        }
        for place, (one, guest, satisfied, owed) in enumerate(
            zip(company.members, group, composition.satisfaction, debts, strict=True)
        )
    ]
    with guarded():
        await GroupShare.replace_all(session_id, shares)
        # Whoever had everything deleted meanwhile leaves nothing behind.
        ids = [one.user_id for one in company.members]
        standing = await User.standing(ids)
        if gone := [user_id for user_id in ids if user_id not in standing]:
            await GroupShare.drop(session_id, gone)


async def fits_of(session: Raw) -> tuple[MemberFit, ...]:
    """How a stored set fits each of its members who are still known; nothing for a set of one alone."""
    if not session.get("group"):
        return ()
    shares = await GroupShare.of_session(session["_id"])
    names = {raw["_id"]: _attendee(raw, "").name for raw in await _users([raw["userId"] for raw in shares])}
    return _fits([raw for raw in shares if raw["userId"] in names], names)


async def guests_of(session: Raw) -> tuple[Guest, ...]:
    """What the members of a stored set had brought along: as far as it is still kept, the same recipe."""
    if not session.get("group"):
        return ()
    return tuple(
        Guest(
            taste=taste_of(raw.get("taste") or {}),
            debt=float(raw.get("debt") or 0.0),
            left_out=frozenset(raw.get("leftOut") or ()),
            artists_out=tuple(raw.get("artistsOut") or ()),
        )
        for raw in await GroupShare.of_session(session["_id"])
    )


def _fits(shares: Sequence[Raw], names: Mapping[Key, str]) -> tuple[MemberFit, ...]:
    known = [raw for raw in shares if raw.get("satisfaction") is not None]
    first = max(known, key=lambda raw: raw["owed"], default=None) if len(known) > 1 else None
    return tuple(
        MemberFit(
            name=names[raw["userId"]],
            satisfaction=raw.get("satisfaction"),
            favoured=first is not None and raw is first and raw["owed"] > FAVOURED,
        )
        for raw in shares
    )


async def _known(present: Sequence[Present]) -> tuple[list[Listener], int]:
    """Those of whom something is stored, and how many others there are."""
    names = {User.key_of(one.user_id): one.display_name for one in present}
    found = [_attendee(raw, names[raw["_id"]]) for raw in await _users(list(names))]
    return found, len(names) - len(found)


async def _lately_here(channel_id: str, *, but: Key) -> list[Listener]:
    """Those who reacted to, or pressed on, the last cards of a channel, the latest first."""
    shown = await PostedCard.playlists_in(channel_id, since=now() - CARDS_SINCE, limit=CARDS)
    ids = await FeedbackEvent.members_about(shown, but=but, newest=EVENTS_SEEN)
    return [_attendee(raw, "") for raw in await _users(ids[: MOST_PRESENT + 1])]


async def _users(ids: Sequence[Key]) -> list[Raw]:
    """The documents of these members, in that order, without those who are gone or going."""
    fields = ("displayName", "discordUserId", "preferences.learning", "preferences.blocked")
    found = await User.standing(ids, *fields)
    return [found[user_id] for user_id in ids if user_id in found]


def _asking(requester: Requester, who: Member) -> Listener:
    preferences = who.preferences
    name = requester.display_name
    return Listener(user_id=who.id, name=name, learning=preferences.learning, blocked=tuple(preferences.blocked))


def _attendee(raw: Raw, name: str) -> Listener:
    preferences = raw.get("preferences") or {}
    return Listener(
        user_id=raw["_id"],
        name=name or raw.get("displayName") or "",
        learning=preferences.get("learning") is not False,
        blocked=tuple(preferences.get("blocked") or ()),
    )
