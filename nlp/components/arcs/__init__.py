"""The course of a set: how it begins, climbs and ends.

What belongs here reads an arc from words or drawings. It knows nothing of songs.
"""
