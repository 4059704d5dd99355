"""Linking a member's Spotify account: secrets, tokens, reminders and what was played there.

What belongs here concerns the link itself. It knows nothing of playlists.
"""
