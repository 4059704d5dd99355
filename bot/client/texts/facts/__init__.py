"""Every fact of `bot.generation.facts` and `bot.services.facts` in words, one sentence each: `told(fact)`.

What belongs here turns one fact into English. It decides nothing, and imports no Discord: `python -m bot generate`
prints these sentences too.
"""
