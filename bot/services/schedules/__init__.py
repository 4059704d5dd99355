"""Vibes posted again and again: when, where, and each slot once.

What belongs here is about repeating. It knows the Discord side only by the protocols in `views`.
"""
