import pytest

from studio.techpack.typesetting import Style, fitted, readable, width_mm, wrapped

TEXTS = [
    "",
    "dress",
    "body length, high shoulder point to hem",
    "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenknopfloch",
    "连衣裙，一字领，长袖，修身，中长款，连衣裙，一字领，长袖，修身，中长款",
    "v-neck 连衣裙 with 长袖",
    "🎉 " * 30,
    " ".join("word" for _ in range(200)),
    "long sleeves, set in\n长袖，装袖",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size_mm", [1.7, 3.4, 9.0])
@pytest.mark.parametrize("room_mm", [20.0, 40.0])
def test_every_line_fits_its_room_and_no_word_is_lost(text, size_mm, room_mm):
    style = Style(size_mm)

    lines = wrapped(text, style, room_mm)

    assert all(width_mm(line, style) <= room_mm for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("most_lines", [1, 2])
def test_a_title_shrinks_until_all_of_it_fits(text, most_lines):
    lines, style = fitted(text, Style(9.0), 120.0, most_lines)

    assert len(lines) <= most_lines
    assert all(width_mm(line, style) <= 120.0 for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


def test_two_languages_share_a_line_where_they_fit_and_break_between_them_else():
    style = Style(3.0)

    assert wrapped("waist\n腰部", style, 60.0) == ("waist 腰部",)
    assert wrapped("waist\n腰部", style, 10.0) == ("waist", "腰部")
    assert wrapped("EU 38\n\nUS 8", style, 60.0) == ("EU 38", "US 8")


def test_no_line_begins_with_a_comma_or_ends_with_a_bracket():
    text = "腰围（半）：腰部左侧，腰部右侧，臀围（半）：臀部左侧，臀部右侧"

    for room in range(9, 60):
        lines = wrapped(text, Style(3.0), float(room))
        assert not [line for line in lines if line[0] in "，）：" or line[-1] == "（"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Maison Nord", "Maison Nord"),
        ("دار الأزياء", ""),
        ("دار Nord 🎉 7", "Nord 7"),
        ("北方之家\u200b", "北方之家"),
        ("what? ± ½", "what? ± ½"),
    ],
)
def test_letters_that_no_font_has_are_left_out(typed, printed):
    assert readable(typed) == printed
