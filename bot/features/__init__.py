"""Where audio features, and new songs, come from: one provider a file, and the chain that asks them in order.

Nothing here knows the database or the catalogue: songs go in as plain values, and what was found comes out.
"""
