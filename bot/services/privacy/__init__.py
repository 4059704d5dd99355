"""What is kept of whom: told, handed out, deleted, and forgotten in time.

What belongs here covers every collection. It knows nothing of the use cases that filled them.
"""
