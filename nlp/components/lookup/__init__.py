"""Finding rows of the word tables in a request, in spite of endings and slips of the pen.

What belongs here finds; what a row means is decided elsewhere.
"""
