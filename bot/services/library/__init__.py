"""Songs that come in from files and accounts: the catalogue by moderators, members' own songs.

What belongs here brings songs in or remembers whose they are. It knows nothing of requests.
"""
