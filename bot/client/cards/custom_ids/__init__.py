"""What buttons, menus and forms carry in their custom_id: readable, and understood for ever.

What belongs here writes and reads one custom_id. Old cards depend on the formats: add, never change.
"""
