"""What ratings say of songs, and the weights learned from them.

What belongs here fits or judges a model of taste or ranking. It knows nothing of the words of a request.
"""
