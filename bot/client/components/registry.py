"""Every button, menu and form there is. Only the wiring imports this."""

from __future__ import annotations

from bot.client.components.accounts import ACCOUNT_FORMS, ACCOUNT_PRESSES
from bot.client.components.file_export import ExportSet
from bot.client.components.history import HISTORY_FORMS, HISTORY_PRESSES
from bot.client.components.moods import MOOD_FORMS, MOOD_PRESSES
from bot.client.components.persistent_button import Components
from bot.client.components.playlists import PRESSES
from bot.client.components.privacy import PRIVACY_PRESSES
from bot.client.components.publishing import SAVING_PRESSES
from bot.client.components.schedules import SCHEDULE_PRESSES
from bot.client.components.settings import SETTINGS_FORMS, SETTINGS_PRESSES
from bot.client.components.taste import TASTE_PRESSES
from bot.client.components.why import WHY_FORMS, WHY_PRESSES

COMPONENTS = Components(
    buttons=(
        *(*PRESSES, *ACCOUNT_PRESSES, ExportSet, *SAVING_PRESSES, *HISTORY_PRESSES, *PRIVACY_PRESSES),
        *(*MOOD_PRESSES, *SETTINGS_PRESSES, *SCHEDULE_PRESSES, *TASTE_PRESSES, *WHY_PRESSES),
    ),
    forms=(*ACCOUNT_FORMS, *HISTORY_FORMS, *MOOD_FORMS, *SETTINGS_FORMS, *WHY_FORMS),
)
