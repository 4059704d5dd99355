"""The moods of a server: listed, drafted, previewed and edited.

What belongs here is about a named mood. It knows nothing of the playlists made of one.
"""
