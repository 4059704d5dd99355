"""What a wish is called within a sentence, without quotes."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import told
from bot.client.texts.facts.wording import any_of, range_text, span_text, spans_text
from bot.generation.facts import wishes


@told.register
def _range_wish(fact: wishes.RangeWish) -> str:
    return range_text(fact.axis, fact.low, fact.high)


@told.register
def _years_wish(fact: wishes.YearsWish) -> str:
    return f"songs {spans_text(fact.spans)}"


@told.register
def _active_years_wish(fact: wishes.ActiveYearsWish) -> str:
    return f"artists of the time {spans_text(fact.spans)}"


@told.register
def _no_years_wish(fact: wishes.NoYearsWish) -> str:
    return f"nothing {span_text(fact.span)}"


@told.register
def _clean_wish(fact: wishes.CleanWish) -> str:
    return "clean songs only"


@told.register
def _own_songs_wish(fact: wishes.OwnSongsWish) -> str:
    return "songs from your library"


@told.register
def _unheard_wish(fact: wishes.UnheardWish) -> str:
    return "no song you know"


@told.register
def _never_again_wish(fact: wishes.NeverAgainWish) -> str:
    return "none of the songs you never want again"


@told.register
def _artists_wish(fact: wishes.ArtistsWish) -> str:
    return f"songs by {any_of(fact.names)}"


@told.register
def _no_artist_wish(fact: wishes.NoArtistWish) -> str:
    return f"nothing by {fact.name}"


@told.register
def _without_wish(fact: wishes.WithoutWish) -> str:
    return f"no {fact.name}"


@told.register
def _only_genres_wish(fact: wishes.OnlyGenresWish) -> str:
    return any_of(fact.names)


@told.register
def _genres_wish(fact: wishes.GenresWish) -> str:
    return " or ".join(fact.names)


@told.register
def _near_genres_wish(fact: wishes.NearGenresWish) -> str:
    return f"anything near {' or '.join(fact.names)}"


@told.register
def _only_near_genres_wish(fact: wishes.OnlyNearGenresWish) -> str:
    return f"only what is near {' or '.join(fact.names)}"


@told.register
def _languages_wish(fact: wishes.LanguagesWish) -> str:
    return f"language {'/'.join(fact.names)}"


@told.register
def _tongue_wish(fact: wishes.TongueWish) -> str:
    return "the language of the request"


@told.register
def _scene_wish(fact: wishes.SceneWish) -> str:
    return f"what people play for {fact.name or 'this'}"


@told.register
def _aside_wish(fact: wishes.AsideWish) -> str:
    minutes = (fact.longest_ms or 0) // 60_000
    return {
        "christmas": "no Christmas songs",
        "noises": "no noises to sleep by",
        "children": "no children's songs",
        "read_aloud": "nothing that is read aloud",
        "karaoke": "no karaoke tracks",
        "long": f"no mixes or pieces of more than {minutes} minutes",
    }[fact.kind]


@told.register
def _without_numbers_wish(fact: wishes.WithoutNumbersWish) -> str:
    return f"without number {', '.join(map(str, fact.numbers))}"


@told.register
def _named_artist(fact: wishes.NamedArtist) -> str:
    return fact.name


@told.register
def _named_title(fact: wishes.NamedTitle) -> str:
    return f"“{fact.title}”"


@told.register
def _named_number(fact: wishes.NamedNumber) -> str:
    return f"number {fact.number}"


@told.register
def _like_wish(fact: wishes.LikeWish) -> str:
    return f"of a kind with {any_of(tuple(map(told, fact.named)))}"
