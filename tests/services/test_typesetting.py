import pytest

from studio.services.typesetting import Sheet, Style, shortened, width_mm, wrapped

TEXTS = [
    "",
    "dress",
    "body length, high shoulder point to hem",
    "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenknopfloch",
    "连衣裙，一字领，长袖，修身，中长款，连衣裙，一字领，长袖，修身，中长款",
    "v-neck 连衣裙 with 长袖",
    "🎉 " * 30,
    " ".join("word" for _ in range(200)),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size_mm", [1.7, 3.4, 9.0])
@pytest.mark.parametrize("room_mm", [12.0, 40.0])
def test_every_line_fits_its_room(text, size_mm, room_mm):
    style = Style(size_mm)

    lines = wrapped(text, style, room_mm)

    assert 1 <= len(lines) <= 3
    assert all(width_mm(line, style) <= room_mm for line in lines)


def test_what_fits_is_kept_word_for_word():
    style = Style(3.0)

    assert wrapped("long sleeves", style, 60.0) == ["long sleeves"]
    assert " ".join(wrapped("chest, half, below armhole", style, 30.0)) == (
        "chest, half, below armhole"
    )


@pytest.mark.parametrize("text", TEXTS)
def test_a_shortened_text_fits_and_says_that_it_was_cut(text):
    style = Style(9.0, "serif")

    short = shortened(text, style, 50.0)

    assert width_mm(short, style) <= 50.0
    assert short == text or short.endswith("…")


def test_chinese_characters_have_a_shape_of_their_own():
    sheets = [Sheet(20, 10) for _ in range(2)]
    for sheet, character in zip(sheets, "领袖", strict=True):
        sheet.write(2, 8, character, Style(6.0))

    assert sheets[0].image.tobytes() != sheets[1].image.tobytes()


def test_a_right_aligned_line_ends_where_it_should():
    sheet = Sheet(40, 10)
    sheet.write(30, 7, "HHH", Style(4.0), "right")

    box = sheet.image.convert("L").point(lambda level: 255 - level).getbbox()

    assert box is not None
    assert abs(box[2] / 300 * 25.4 - 30) < 0.6
