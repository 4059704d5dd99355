"""What somebody who knows music knows, as data: kinds of music, artists, scenes and works.

May enter: facts from common knowledge, in our own words, that hold for every catalogue. Must not enter: anything of
one catalogue, of a test or of an evaluation. Words and catalogue both read it; it knows neither.

A kind is a style, role or scene of music that a listener can name ("vocal jazz", "lullabies"). Every table is UTF-8,
separated by tabs, with a header; lists within a cell are separated by ``|``, and weights follow a colon: 3 is what it
is, 2 a real part of it, 1 now and then. The source of every row is judgement: common knowledge of music, checked by
sample by people who had not written it (docs/choosing.md says what they found).

- ``kinds.tsv``: one row a kind. ``genres`` are names that catalogues and members use for it; ``tongues`` the ISO 639
  codes of the languages it is at home in (``zxx`` no words, ``*`` any); ``axes`` the middle half of its songs on each
  audio feature; ``near`` neighbours with their closeness in tenths; ``fame`` from 0 (nobody minds unknown songs) to 3
  (songs everybody knows); ``aside`` is 1 for what stays out unless it is asked for; ``heard`` says what one hears.
- ``artists.tsv``: ``years`` are those of the recordings people know; ``languages`` the main one first; ``fame`` from 1
  (obscure) to 5 (known on every street). Namesakes have a row each.
- ``scenes.tsv``: situations, places, feelings and sounds with the music people put on there; ``without`` are kinds that
  would spoil it, ``forms`` phrases that name it, ``sentences`` requests as people type them, separated by `` / ``.
- ``works.tsv``: films, series, games and books in the same way.
- ``request_model.npz`` is no table: it is what was learned from ``nlp/training/data/requests.tsv`` and these sentences.
"""
