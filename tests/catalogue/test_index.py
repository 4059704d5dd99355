from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord


def _records(*names: str, prefix: str = "") -> tuple[TrackRecord, ...]:
    return tuple(
        TrackRecord(spotify_id=f"{prefix}{number}", title=f"Song {number}", artists=(name,), duration_ms=1000)
        for number, name in enumerate(names)
    )


def test_artists_are_found_however_they_are_written() -> None:
    names = Catalogue.from_records(_records("Beyoncé", "The Rain Choir", "Kid A!")).names
    assert names.lookup("beyonce") == "Beyoncé"
    assert names.lookup("the rain choir") == names.lookup("rain choir") == "The Rain Choir"
    assert names.lookup("kid a") == "Kid A!"
    assert names.lookup("nobody") is None
    assert names.longest == 3


def test_of_two_artists_with_one_folded_name_the_bigger_is_meant() -> None:
    names = Catalogue.from_records(_records("ELA", "Ela", "Ela")).names
    assert names.lookup("ela") == "Ela"


def test_an_artist_without_article_keeps_its_name() -> None:
    names = Catalogue.from_records(_records("The Rain", "The Rain", "Rain")).names
    assert names.lookup("rain") == "Rain"


def test_names_that_nobody_writes_out_are_not_looked_for() -> None:
    names = Catalogue.from_records(_records("The Original Cast Of Six Brides And More", "Ada")).names
    assert names.longest == 1


def test_only_a_catalogue_of_invented_songs_alone_is_invented() -> None:
    assert Catalogue.from_records(_records("Ada", "Bo", prefix="demo:")).invented
    assert not Catalogue.from_records((*_records("Ada", prefix="demo:"), *_records("Bo"))).invented
    assert not Catalogue.from_records(()).invented


def test_an_empty_catalogue_is_a_catalogue() -> None:
    empty = Catalogue.from_records(())
    assert empty.size == 0
    assert empty.names.longest == 0
    assert empty.digest != Catalogue.from_records(_records("Ada")).digest
