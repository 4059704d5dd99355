"""Words to a vibe: what a member wrote, understood as plain values.

The room knows no Discord, no database and nothing of ``bot``. One value leaves it, :class:`nlp.vibe.Vibe`.
"""
