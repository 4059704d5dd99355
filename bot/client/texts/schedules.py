"""What moderators read about scheduled vibes."""

from __future__ import annotations

from typing import ClassVar

from bot.client.texts.error_message import ErrorMessage, permission_name
from bot.errors import TimeFault
from bot.services.schedules.recurrence import When
from bot.services.schedules.views import Outcome

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS, _WEEKEND = (0, 1, 2, 3, 4), (5, 6)


class ScheduleTexts:
    """English. Moments are Discord's own timestamps, which everyone sees in their own time."""

    SCHEDULE_NAME: ClassVar[str] = "schedule"
    SCHEDULE_DESCRIPTION: ClassVar[str] = "Vibes that I post by myself, again and again"
    SCHEDULE_ADD: ClassVar[str] = "Have a vibe posted again and again"
    SCHEDULE_WHEN: ClassVar[str] = "every friday 18:00 · daily 9:30 · weekdays at 8am · every 2 weeks on monday 20:00"
    SCHEDULE_TEXT: ClassVar[str] = "The vibe in words, as you would write it after /vibe"
    SCHEDULE_MOOD: ClassVar[str] = "Or one of the moods"
    SCHEDULE_CHANNEL: ClassVar[str] = "Where to post it (here, unless you say)"
    SCHEDULE_ZONE: ClassVar[str] = "Whose clock counts, such as Europe/Berlin (the server's, unless you say)"
    SCHEDULE_LIST: ClassVar[str] = "The scheduled vibes of this server, and when they come next"
    SCHEDULE_PAUSE: ClassVar[str] = "Pause a scheduled vibe, or let it go on"
    SCHEDULE_NOW: ClassVar[str] = "Post a scheduled vibe at once; its times stay as they are"
    SCHEDULE_REMOVE: ClassVar[str] = "Take a scheduled vibe away"
    SCHEDULE_WHICH: ClassVar[str] = "Which one"

    WHEN_EXAMPLES: ClassVar[tuple[str, ...]] = (
        "every friday 18:00",
        "daily 9:30",
        "weekdays at 8am",
        "saturday and sunday at noon",
        "every 2 weeks on monday 20:00",
        "every 3 days at 7pm",
    )

    PAUSE: ClassVar[str] = "Pause"
    RESUME: ClassVar[str] = "Go on"
    POST_NOW: ClassVar[str] = "Post now"
    REMOVE_SCHEDULE: ClassVar[str] = "Remove"
    REMOVE_IT: ClassVar[str] = "Remove it"
    KEEP_IT: ClassVar[str] = "Keep it"
    UNDO: ClassVar[str] = "Undo"

    def when(self, when: When) -> str:
        """A repeating time."""
        return f"{self._days(when)} at {when.minute // 60}:{when.minute % 60:02d}"

    def _days(self, when: When) -> str:
        if when.unit == "day":
            return "every day" if when.every == 1 else f"every {when.every} days"
        days = _listed([_DAYS[day] for day in when.days])
        if when.every > 1:
            return f"every {when.every} weeks" + (f" on {days}" if days else "")
        if when.days == _WEEKDAYS:
            return "on weekdays"
        return "at weekends" if when.days == _WEEKEND else f"every {days}" if days else "every week"

    def schedules(self) -> tuple[str, str]:
        """Heading and first line of the list."""
        return "Scheduled vibes", "I post these by myself."

    def no_schedules(self) -> str:
        """That there are none."""
        return "There are none yet. Make one with `/schedule add when: every friday 18:00 text: happy 80s`."

    def schedule_times(self, when: str, zone: str) -> str:
        """When it comes, on whose clock."""
        return f"{when} · {zone}"

    def next_time(self, exact: str, relative: str) -> str:
        """When it comes next."""
        return f"Next {exact} ({relative})"

    def is_paused(self) -> str:
        """That nothing is posted."""
        return "⏸️ Paused"

    def is_stopped(self, reason: str | None) -> str:
        """That we stopped it, why, and what to do."""
        return f"⚠️ Stopped: {self.stop_reason(reason)}"

    def stop_reason(self, reason: str | None) -> str:
        """Why a schedule cannot go on, and what to do."""
        gone = {
            "channel": "its channel is no longer there. Remove it and make another one.",
            "server": "I was not on the server.",
            "mood": "its mood is no longer there. Remove it and make another one.",
        }
        if reason in gone:
            return gone[reason]
        name = permission_name(reason or "send_messages")
        return f"I lack the permission **{name}** there. Give it to me, then press **{self.RESUME}**."

    def last_time(self, last: Outcome, relative: str) -> str:
        """What came of the latest slot."""
        reasons = {
            "away": "I was away, and it was too late afterwards",
            "unsure": "I was interrupted and could not see whether it was there, so I did not post it again",
            "attempts": "I was interrupted too often",
            "NotUnderstood": "I no longer understand its words",
            "NothingFits": "no song meets all of its wishes",
            "CatalogueEmpty": "the catalogue is empty",
            "DiscordRefused": "Discord did not take it",
        }
        if last.result == "posted":
            return f"Last posted {relative}"
        why = reasons.get(last.reason or "", "something went wrong, and it is in the log")
        closed = last.reason in ("channel", "server", "mood") or "_" in (last.reason or "")
        return f"Not posted {relative}" + ("" if closed else f": {why}")

    def schedule_added(self, channel: str) -> str:
        """Above a schedule that was made just now."""
        return f"I will post this in {channel}."

    def zone_hint(self) -> str:
        """Above it, where nobody has said whose clock counts."""
        return "By the clock of UTC: set the server's time zone in `/settings`, or give one with `time_zone`."

    def schedule_posted(self, channel: str) -> str:
        """That it was posted beside its times."""
        return f"Posted in {channel}."

    def sure_to_remove(self, vibe: str) -> ErrorMessage:
        """Before a schedule is removed."""
        return ErrorMessage(
            title=f"Remove the scheduled vibe “{vibe}”?",
            cause="It will not be posted any more. What was posted stays.",
            step="You can bring it back for a day.",
        )

    def schedule_removed(self, vibe: str) -> str:
        """That it is gone."""
        return f"Removed: “{vibe}” will not be posted any more."

    def schedule_stopped(self, vibe: str, channel: str) -> str:
        """To moderators: that we stopped one by ourselves."""
        return f"**I stopped the scheduled vibe “{vibe}” for {channel}**"

    def scheduled_here(self, when: str) -> str:
        """Under a playlist that nobody asked for just now."""
        return f"Scheduled by this server: {when}"

    def schedule_option(self, channel: str, vibe: str, when: str) -> str:
        """A schedule in a list of choices."""
        return f"{channel} · {vibe} · {when}"

    def when_option(self, when: str) -> str:
        """How the time is understood that is being typed."""
        return f"{when[:1].upper()}{when[1:]}"

    def text_or_mood(self) -> ErrorMessage:
        """Neither a text nor a mood, or both."""
        return ErrorMessage(
            title="Say what to post",
            cause="A scheduled vibe is either a text or one of the moods.",
            step="Fill in `text` or `mood`, such as `/schedule add when: every friday 18:00 text: happy 80s`.",
        )

    def bad_time(self, fault: TimeFault, word: str) -> ErrorMessage:
        """A text that says no repeating time; `word` is safe to show."""
        causes: dict[TimeFault, str] = {
            "empty": "There was nothing in it.",
            "no_day": "It says at what time, but not how often.",
            "no_time": "It says how often, but not at what time.",
            "two_times": "It says two times of the day. Make a schedule for each.",
            "no_such_time": f"No clock shows {word}.",
            "too_often": f"I post once a day at most, so {word} is too often.",
            "too_rare": f"I can count up to 31 days or 12 weeks, not {word}.",
            "once": f"I post again and again, and {word} comes once. For that there is `/vibe`.",
            "unknown": f"I do not know what {word} means here.",
        }
        return ErrorMessage(
            title="I did not get when that should be",
            cause=f"{causes[fault]} These work:",
            step="Say on which days, then at what time of the day.",
            items=self.WHEN_EXAMPLES[:5],
        )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
