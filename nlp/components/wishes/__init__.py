"""What a mentioned word asks for: by how much, denied or compared.

What belongs here turns mentions into ranges. It knows nothing of numbers, names and arcs.
"""
