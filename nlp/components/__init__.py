"""The spaCy components of the parser, each registered under its own factory name.

Order of the pipeline: `limits` reads numbers, `lexicon` finds the words of the tables, `references` names of artists
and songs, `modifiers` says what is denied, graded or compared, `arcs` draws the course of the set, `answer` puts it
together.
"""
