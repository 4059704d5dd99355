"""Saving a playlist on Spotify exactly once, and taking it down again.

What belongs here writes to a Spotify account. It knows nothing of how the playlist came to be.
"""
