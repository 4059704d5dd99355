"""Why a song is in a set, or is not, and how it follows the one before.

What belongs here reads scores and tells facts. It chooses and orders nothing.
"""
