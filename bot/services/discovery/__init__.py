"""Looking outside for songs where the catalogue is thin, and for how songs sound.

What belongs here asks a source outside. It knows nothing of members and their playlists.
"""
