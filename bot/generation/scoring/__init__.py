"""How well every song of a library fits a recipe, and which songs it rules out.

What belongs here gives a number or a mask to every song. It knows nothing of sets and their order.
"""
