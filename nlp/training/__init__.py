"""How the trained part of the parser is made: `python -m nlp.training`. Nothing here is loaded by the bot."""
