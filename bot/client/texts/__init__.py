"""Every sentence a member reads, one file a subject.

What belongs here turns plain values into words. It knows nothing of cards, services and Discord's objects.
"""
