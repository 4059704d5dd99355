"""The names of what moderators press on schedules.

They name no server: which one is meant is where the press comes from, and nothing of another one is found there.
"""

from __future__ import annotations

from typing import Literal, get_args

ScheduleStep = Literal["pause", "resume", "now", "remove", "sure", "keep", "undo"]
"""What can be done with a schedule; `remove` asks first, and `sure` does it."""

SCHEDULE_STEP = rf"vibrato:schedule:(?P<schedule>[0-9a-f]{{24}}):(?P<step>{'|'.join(get_args(ScheduleStep))})"
TURN_SCHEDULES = r"vibrato:schedules:(?P<page>\d{1,2})"


def schedule_step(schedule_id: str, step: ScheduleStep) -> str:
    """Do something with a schedule."""
    return f"vibrato:schedule:{schedule_id}:{step}"


def turn_schedules(page: int) -> str:
    """Show another page of the list, counted from 0."""
    return f"vibrato:schedules:{page}"
