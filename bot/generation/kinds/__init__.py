"""Which kinds of music the songs of a table are, in which tongue, how widely known: computed once a table.

May enter: arrays of a table and the tables of knowledge. Must not know: a request, a member, a framework.
"""
