"""From a request to a stored playlist, and what its owner does with it afterwards.

What belongs here reads, makes, keeps or changes a playlist. It knows nothing of Discord and nothing of who calls it.
"""
