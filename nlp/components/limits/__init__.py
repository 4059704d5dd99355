"""What is said in numbers: length, tempo, years, places of the playlist before.

What belongs here reads numbers. It knows nothing of the word tables' meanings.
"""
