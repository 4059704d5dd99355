"""Names of artists for the tests of the words."""

import pytest

from nlp.names import fold

ARTISTS = (
    "Bon Iver",
    "Radiohead",
    "Drake",
    "Dolly Parton",
    "Heart",
    "Yes",
    "Low",
    "Queen",
    "Nick Drake",
    "Beyoncé",
    "The Weeknd",
    "Rain",
    "AC/DC",
    "Simon & Garfunkel",
)


class ArtistNames:
    """An index of a few artists, as the catalogue's is one of many."""

    longest = 3

    def __init__(self, artists=ARTISTS):
        self._artists = {fold(artist): artist for artist in artists}

    def lookup(self, folded):
        return self._artists.get(folded)


@pytest.fixture(scope="session")
def names():
    return ArtistNames()
