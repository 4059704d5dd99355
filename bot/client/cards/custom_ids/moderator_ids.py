"""The names of what moderators press and write: drafts of moods, moods of the server, settings.

They name no server: which one is meant is where the press comes from. A custom_id may be forged, so nothing follows
from it but what the one who presses may do there anyway.
"""

from __future__ import annotations

from typing import Literal, get_args

DraftForm = Literal["words", "ranges", "names"]
"""The forms that change a draft."""

DraftStep = Literal["save", "discard"]
"""What else can become of a draft."""

MoodStep = Literal["remove", "keep", "hide", "show", "edit"]
"""What can be done with a mood of the list."""

SettingsMenu = Literal["channels", "roles", "length", "recap", "recap-channel"]
"""The menus of the settings."""

SettingsForm = Literal["left-out", "reactions", "time-zone"]
"""The forms of the settings."""

_DRAFT = r"(?P<draft>[0-9a-z]{1,24})"
_MOOD = r"(?P<mood>[^:]{1,70})"

NEW_MOOD_FORM = "vibrato:mood-new"
DRAFT_STEP = rf"vibrato:draft:{_DRAFT}:(?P<step>{'|'.join(get_args(DraftStep))})"
OPEN_DRAFT_FORM = rf"vibrato:draft:{_DRAFT}:write:(?P<form>{'|'.join(get_args(DraftForm))})"
DRAFT_FORM = rf"vibrato:draft-form:{_DRAFT}:(?P<form>{'|'.join(get_args(DraftForm))})"
PUT_BACK = rf"vibrato:mood-back:{_DRAFT}"
MOOD_STEP = rf"vibrato:mood-own:{_MOOD}:(?P<step>{'|'.join(get_args(MoodStep))})"
EDIT_MENU = r"vibrato:mood-edit:\d"
SETTINGS_MENU = rf"vibrato:settings:(?P<menu>{'|'.join(get_args(SettingsMenu))})"
SETTINGS_SWITCH = r"vibrato:settings:(?P<switch>[a-z]{1,20}):(?P<turn>on|off)"
OPEN_SETTINGS_FORM = rf"vibrato:settings:write:(?P<form>{'|'.join(get_args(SettingsForm))})"
SETTINGS_FORM = rf"vibrato:settings-form:(?P<form>{'|'.join(get_args(SettingsForm))})"


def draft_step(draft_id: str, step: DraftStep) -> str:
    """Save or discard a draft."""
    return f"vibrato:draft:{draft_id}:{step}"


def open_draft_form(draft_id: str, form: DraftForm) -> str:
    """Open a form that changes a draft."""
    return f"vibrato:draft:{draft_id}:write:{form}"


def draft_form(draft_id: str, form: DraftForm) -> str:
    """The form itself."""
    return f"vibrato:draft-form:{draft_id}:{form}"


def put_back(draft_id: str) -> str:
    """Put a removed mood back."""
    return f"vibrato:mood-back:{draft_id}"


def mood_step(key: str, step: MoodStep) -> str:
    """Do something with the mood of this key, without the server's id."""
    return f"vibrato:mood-own:{key}:{step}"


def edit_menu(number: int) -> str:
    """A menu of moods to change; a long list has more than one."""
    return f"vibrato:mood-edit:{number}"


def settings_menu(menu: SettingsMenu) -> str:
    """A menu of the settings."""
    return f"vibrato:settings:{menu}"


def settings_switch(switch: str, *, on: bool) -> str:
    """Turn something on or off."""
    return f"vibrato:settings:{switch}:{'on' if on else 'off'}"


def open_settings_form(form: SettingsForm) -> str:
    """Open a form of the settings."""
    return f"vibrato:settings:write:{form}"


def settings_form(form: SettingsForm) -> str:
    """The form itself."""
    return f"vibrato:settings-form:{form}"
