"""CSV files of tracks: layouts, rows, and when songs were saved.

What belongs here reads a file into records. It knows nothing of the database.
"""
