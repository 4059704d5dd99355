"""A vibe and a table of tracks become a set with reasons. Pure numpy: same input, same seed, same set."""
