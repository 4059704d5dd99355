"""What is told of a set: each thing a code and its facts, as plain values.

What belongs here holds names, numbers and axes. It knows no sentence: `bot.client.texts.facts` puts each into words.
"""
