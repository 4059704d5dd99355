"""Learning the ranker's weights from feedback, and the registry of what was learned.

What belongs here fits, judges, keeps or forgets weights. It knows nothing of how a playlist is asked for or shown.
"""
