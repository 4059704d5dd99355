"""Who wants and rejects the same thing is not silently overruled: both sides stand, for the engine to tell."""

import pytest


@pytest.mark.parametrize("text", ["metal but no metal", "no metal, only metal"])
def test_both_sides_of_a_contradiction_stand(parser, text):
    vibe = parser.parse(text)
    assert vibe.genres.wanted == ("metal",)
    assert vibe.genres.rejected == ("metal",)
