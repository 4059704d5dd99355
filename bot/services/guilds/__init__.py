"""What concerns a server as a whole: its settings and its recaps.

What belongs here is kept or told per server. It knows nothing of single members' data.
"""
