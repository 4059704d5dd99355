"""Spotify's Web API: one gateway that everything goes through, and what it costs."""
