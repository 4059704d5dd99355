"""Artists and songs that a request names.

What belongs here finds names. It knows nothing of the catalogue but the `Names` it is handed.
"""
