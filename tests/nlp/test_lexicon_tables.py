"""The tables of words: every row is read, and a row that breaks the schema is named with its line."""

import pytest

from nlp.lexicon import COLUMNS, BadTable, Entry, form_key, read_entries
from nlp.vibe import AxisRange

HEADER = "\t".join(COLUMNS)


def write(folder, *rows, name="words.tsv"):
    path = folder / name
    path.write_text("\n".join((HEADER, *rows)) + "\n", "utf-8")
    return folder


def test_every_row_of_the_tables_is_read():
    entries = read_entries()
    assert entries
    assert {entry.kind for entry in entries} >= {"degree", "negation", "filler"}


def test_a_row_becomes_an_entry(tmp_path):
    row = "rain\tweather\trainy|raining\tenergy=..0.5@0.6 tempo=60..120@0.2 context=rain genre=dream_pop\t\tjudgement"
    assert read_entries(write(tmp_path, row)) == (
        Entry(
            name="rain",
            kind="weather",
            forms=("rain", "rainy", "raining"),
            effects=(
                AxisRange(axis="energy", high=0.5, weight=0.6),
                AxisRange(axis="tempo", low=60.0, high=120.0, weight=0.2),
            ),
            hints=(("context", "rain"), ("genre", "dream pop")),
            source="judgement",
            table="words",
        ),
    )


def test_comments_and_empty_lines_are_skipped(tmp_path):
    assert len(read_entries(write(tmp_path, "# moods", "", "sad\tmood\t\tbrightness=..0.4@1\t\tjudgement"))) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("sad\tmood\t\t\tjudgement", "5 cells"),
        ("Sad\tmood\t\t\t\tjudgement", "lower case"),
        ("sad \tmood\t\t\t\tjudgement", "space"),
        ("sad\tfeeling\t\t\t\tjudgement", "unknown kind"),
        ("sad\tmood\t\t\t\t", "source"),
        ("sad\tmood\t\t\tblues\tjudgement", "links"),
        ("sad\tmood\tunhappy||blue\t\t\tjudgement", "empty or padded"),
        ("sad\tmood\t\tvalence=..0.4@1\t\tjudgement", "neither an axis nor a hint"),
        ("sad\tmood\t\tenergy=0.4@1\t\tjudgement", "low..high@weight"),
        ("sad\tmood\t\tenergy=..@1\t\tjudgement", "no end"),
        ("sad\tmood\t\tenergy=0.8..0.2@1\t\tjudgement", "upside down"),
        ("sad\tmood\t\tenergy=..1.4@1\t\tjudgement", "leaves 0.0..1.0"),
        ("sad\tmood\t\tenergy=..0.4@9\t\tjudgement", "weight"),
        ("sad\tmood\t\tenergy=..0.4@1 energy=0.1..@1\t\tjudgement", "twice"),
        ("sad\tmood\t\tfast\t\tjudgement", "key=value"),
    ],
)
def test_a_bad_row_is_named_with_table_and_line(tmp_path, row, reason):
    with pytest.raises(BadTable, match=reason) as caught:
        read_entries(write(tmp_path, row))
    assert "words.tsv:2" in str(caught.value)


def test_a_form_belongs_to_one_row_of_a_kind(tmp_path):
    with pytest.raises(BadTable, match="'down' stands for 'sad' and for 'tired'"):
        read_entries(write(tmp_path, "sad\tmood\tdown\t\t\tjudgement", "tired\tmood\tdown\t\t\tjudgement"))


def test_a_genre_links_to_a_genre(tmp_path):
    with pytest.raises(BadTable, match="'metal'"):
        read_entries(write(tmp_path, "death metal\tgenre\t\t\tmetal\tjudgement"))


def test_another_header_is_refused(tmp_path):
    (tmp_path / "words.tsv").write_text("name\tkind\n", "utf-8")
    with pytest.raises(BadTable, match="header"):
        read_entries(tmp_path)


def test_forms_are_compared_without_case_hyphens_apostrophes_and_emoji_variants():
    assert form_key("Hip-Hop") == "hip hop"
    assert form_key("rock ’n’ roll") == "rock n roll"
    assert form_key("❤️") == form_key("❤")
    assert form_key("🏃🏽‍♀️") == form_key("🏃")
