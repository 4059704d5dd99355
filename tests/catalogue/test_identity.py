import pytest

from bot.catalogue.identity import song_key

SAME_SONG = [
    ("Song - Remastered 2011", "remaster"),
    ("Song - 2011 Remaster", "remaster"),
    ("Song - 2003 Digital Remaster", "remaster"),
    ("Song (Remastered)", "remaster"),
    ("Song [24-Bit Digitally Remastered 01]", "remaster"),
    ("Song - Remasterizado 2007", "remaster"),
    ("Song Remastered 2009", "remaster"),
    ("Song (Live)", "live"),
    ("Song - Live", "live"),
    ("Song – Live", "live"),
    ("Song (Live at Wembley Stadium, 1986)", "live"),
    ("Song - Live From Brazil / 2001", "live"),
    ("Song - Live at Yankee Stadium, Bronx, NY - June 1990", "live"),
    ("Song - Ao Vivo", "live"),
    ("Song - Ao Vivo Em Goiânia", "live"),
    ("Song (En Vivo)", "live"),
    ("Song - En Directo", "live"),
    ("Song - Live - Remastered 2009", "live"),
    ("Song - Sped Up", "sped up"),
    ("Song - sped up version", "sped up"),
    ("Song sped up", "sped up"),
    ("Song (Slowed + Reverb)", "slowed"),
    ("Song (Acoustic)", "acoustic"),
    ("Song - Acústico", "acoustic"),
    ("Song - MTV Unplugged", "acoustic"),
    ("Song - Blanke Remix", "remix"),
    ("Song - Sickflip Remix", "remix"),
    ("Song (Remix) feat. Syd", "remix"),
    ("Song Remix", "remix"),
    ("Song - Club Mix", "remix"),
    ("Song - Original Mix", ""),
    ("Song - Album Version", ""),
    ("Song (feat. Somebody)", ""),
    ("Song feat. Somebody & Someone", ""),
    ("Song ft. Somebody", ""),
    ("Song (with Somebody)", ""),
    ('Song (From "A Film")', ""),
    ("Song - From A Show Soundtrack", ""),
    ("Song (Deluxe Edition)", ""),
    ("Song (Official Video)", ""),
    ("SONG", ""),
    ("Song!", ""),
    ("Sóng", ""),
    ("Song - Radio Edit", "edit"),
    ("Song - Single Version", "edit"),
    ("Song - Extended Mix", "extended"),
    ('Song - 12" Version', "extended"),
    ("Song - Instrumental", "instrumental"),
    ("Song (Karaoke Version)", "karaoke"),
    ("Song - Demo", "demo"),
    ("Song (Taylor's Version)", "rerecorded"),
    ("Song - Mono", "mono"),
    ("Song - Piano Version", "alternate"),
    ("Song - Alternate Take", "alternate"),
    ("Song - Lofi", "lo-fi"),
    ("Song Lofi Mix", "remix"),
    ("Song (TV Size)", "edit"),
    ("Song (TVサイズ)", "edit"),
    ("Song -TV ver.-", "edit"),
    ("Song short ver.", "edit"),
    ("Song -SHOW Opening Mix-", "remix"),
    ("Song - Slow + Reverb", "slowed"),
    ("Song - Stripped.", "acoustic"),
    ("Song (on piano)", "alternate"),
    ("Song - Guitar", "alternate"),
    ("Song (Versão Grave)", "alternate"),
    ("Song [原創概念版]", "alternate"),
    ('Song - 电视剧"A Show"主题曲', ""),
    ("Song (feat. Somebody) - 2007 Remaster", "remaster"),
]


@pytest.mark.parametrize(("title", "version"), SAME_SONG)
def test_a_version_belongs_to_its_song(title: str, version: str) -> None:
    assert song_key(title, "The Band") == (song_key("Song", "The Band")[0], version)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Song, Pt. 1", "Song, Pt. 2"),
        ("Song (Part 1)", "Song (Part 2)"),
        ("Song - Part I", "Song - Part II"),
        ("Song", "Song II"),
        ("Song", "Song (Part 2)"),
        ("Song", "Song (Reprise)"),
        ("Song", "Song - Interlude"),
        ("Song No. 5", "Song No. 6"),
        ("Cello Suite No. 1 in G Major, BWV 1007: I. Prélude", "Cello Suite No. 1 in G Major, BWV 1007: II. Allemande"),
        ("Live", "Live Forever"),
        ("Long Live", "Long"),
        ("Live and Let Die", "Die"),
        ("Born to Live", "Born"),
        ("(I Can't Get No) Satisfaction", "(You Gotta) Satisfaction"),
        ("1999", "2000"),
        ("+", "-"),
        ("???", "!!!"),
        ("7 Tage – 7 Nächte", "7 Tage"),
        ("夜に駆ける", "夜に"),
        ("दिल", "दल"),
        ("Remix", "Demo"),
        ("Summer '69", "Summer '70"),
        ("Piano", "Guitar"),
        ("Song for Piano", "Song for Guitar"),
        ("One Size", "One"),
        ("Song -Part 1-", "Song -Part 2-"),
    ],
)
def test_different_songs_stay_apart(first: str, second: str) -> None:
    assert song_key(first, "The Band")[0] != song_key(second, "The Band")[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Song, Pt. 2", "Song - Part II"),
        ("Rock & Roll", "Rock and Roll"),
        ("Ain't No Song", "Aint no song"),
        ("Ain't No Song", "Ain‘t No Song"),
        ("Song, Pt. 1 - Live", "Song (Part 1)"),
    ],
)
def test_spellings_of_one_title_meet(first: str, second: str) -> None:
    assert song_key(first, "The Band")[0] == song_key(second, "The Band")[0]


@pytest.mark.parametrize("artist", ["the band", "Band", "The Bánd", "The Band feat. Somebody"])
def test_spellings_of_one_artist_meet(artist: str) -> None:
    assert song_key("Song", artist) == song_key("Song", "The Band")


def test_a_cover_by_another_artist_is_another_song() -> None:
    assert song_key("Song", "The Band")[0] != song_key("Song", "The Choir")[0]


@pytest.mark.parametrize("title", ["Live", "Remix", "Acoustic", "(Live)", "Intro", "Remastered", "...", "🔥", " - "])
def test_a_title_that_is_only_a_version_word_is_a_title(title: str) -> None:
    key, version = song_key(title, "The Band")
    assert key.partition("|")[0]
    assert version == ""
