"""Songs come in: importers, the identity of a song, and the index of all tracks in arrays."""
