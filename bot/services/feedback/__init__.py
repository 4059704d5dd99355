"""What members say of songs and sets: taken in once, kept as events, read as taste.

What belongs here writes or reads feedback. It knows nothing of training, and nothing of the messages of Discord.
"""
