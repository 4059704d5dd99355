"""Posting cards: as an answer, a follow-up, a reply, to a channel or as a direct message.

What belongs here sends or edits messages. It knows nothing of buttons being pressed.
"""
