"""The use cases, a room for each. Every door calls these, and nothing else.

Beside the rooms stand the values and services that several of them share. Nothing of Discord enters.
"""
