"""The order of a set, and how good that order can be at best.

What belongs here orders songs that are already scored. It knows nothing of why they were chosen.
"""
