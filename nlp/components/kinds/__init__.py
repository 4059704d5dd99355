"""Which kinds of music a request asks for, as a whole: scenes, works, genres and artists together.

May enter: the draft of a request and the tables of knowledge. Must not know: a catalogue, a server, a member.
"""
