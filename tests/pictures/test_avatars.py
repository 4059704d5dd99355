"""The faces of the demo."""

import io

from PIL import Image

from bot.pictures.avatar import SIZE, bot_avatar, member_avatar


def test_everybody_has_a_face_of_their_own():
    faces = [bot_avatar(), *(member_avatar(name, number) for number, name in enumerate(("Ada", "Bo", "Chi", "Mo")))]
    assert len(set(faces)) == 5
    for face in faces:
        image = Image.open(io.BytesIO(face))
        image.load()
        assert (image.format, image.size) == ("PNG", (SIZE, SIZE))


def test_a_member_without_a_name_has_one_too():
    assert member_avatar("", 7)
