"""The pages of the Sell tab beside the board: polls, after launch, and experts' ratings."""

import io

import gradio as gr
import pytest
from PIL import Image

from studio.domain import ReferenceImageError
from studio.selling.agreement import ASPECTS
from studio.selling.launch import FEWEST_STORES, change_over
from studio.services.recipe import recipe_in_file
from studio.ui.launch_page import LaunchHandlers, launch_view
from studio.ui.poll_page import PollHandlers
from studio.ui.rating_page import RatingHandlers
from studio.ui.sell_tab import OnSale, SellHandlers
from studio.ui.words import CHINESE, ENGLISH, Words
from tests.selling.shop import open_listing

WORDS = Words(ENGLISH, {})


def event(**data):
    return gr.EventData(None, data)


def test_simulated_stores_show_what_the_page_tells_and_real_ones_stay_empty(selling):
    on = LaunchHandlers(selling, WORDS)

    is_simulated, view = on.simulate()
    _, again = on.simulate()
    _, real = on.look(event(is_simulated=False))

    assert is_simulated
    assert [each["name"] for each in view["rates"]] == [
        ENGLISH[f"launch_{name}_rate"] for name in ("click", "order", "return")
    ]
    assert all(len(each["points"]) == 8 for each in view["rates"])
    assert all(each["least"] < each["low"] < each["high"] < each["most"] for each in view["rates"])
    assert again == view
    assert real["rates"] == []


def test_five_stores_are_shown_without_an_interval():
    change = change_over({f"store {n}": n / 10 - 0.2 for n in range(FEWEST_STORES - 1)})

    [rate] = launch_view({"click rate": change}, False, WORDS)["rates"]

    assert rate["low"] is rate["high"] is None
    assert rate["told"] == "+0.0 % on the average"
    assert "5 stores" in rate["note"]


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_a_poll_shows_its_bars_and_what_a_vote_is_worth(selling, language):
    open_listing(selling)
    selling.listings.draft(2)
    key, _ = selling.polls.begin("Which one?", [1, 2])
    for voter in range(12):
        selling.polls.vote(key, 1, str(voter))

    view = PollHandlers(selling, Words(language, {})).show()

    assert {each["id"] for each in view["designs"]} == {1, 2}
    [poll] = view["polls"]
    assert [(bar["number"], bar["votes"]) for bar in poll["bars"]] == [
        ("PF-000001-1", 12),
        ("PF-000001-2", 0),
    ]
    assert "12" in poll["told"]
    assert "0.25" in view["rates"][0]


def test_votes_stand_beside_the_forecast_of_a_listing(selling):
    listing = open_listing(selling)
    key, _ = selling.polls.begin("Which one?", [1, 2])
    for voter in range(12):
        selling.polls.vote(key, 1, str(voter))

    _, view, _ = SellHandlers(selling, WORDS).refresh(OnSale(listing.id))

    assert "12 people voted" in view["listing"]["habits"]


def brought(selling, shade):
    file = io.BytesIO()
    Image.new("RGB", (300, 600), (shade, 90, 90)).save(file, "JPEG")
    return selling.ratings.bring(file.getvalue())


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
def test_a_panel_is_begun_rated_and_told(selling, language):
    listing = open_listing(selling)
    on = RatingHandlers(selling, Words(language, {}))
    human = [brought(selling, shade) for shade in (10, 200)]
    [panel] = on.begin(event(name="Autumn", ai=[listing.listed.image], human=human))["panels"]

    for rater, score in (("Rater 1", 2), ("Rater 2", 1)):
        view = on.rate_as(event(panel_id=panel["id"], rater=rater))
        seen = []
        while view["sheet"] is not None:
            sheet = view["sheet"]
            seen.append(sheet["image"])
            assert set(sheet) == {
                "panel_id", "rater", "item", "image", "scores", "title", "told", "aspects"
            }  # fmt: skip
            scores = dict.fromkeys(ASPECTS, score)
            given = {"panel_id": panel["id"], "rater": rater, "item": sheet["item"]}
            view = on.score(event(**given, scores=scores))
        assert sorted(seen) == sorted([listing.listed.image, *human])
    result = on.result(event(panel_id=panel["id"]))["result"]

    assert [len(result["lines"]), len(result["rows"])] == [6, 6]
    assert (result["lines"][0]["ai"], result["lines"][0]["human"]) == (1.5, 1.5)
    assert result["rows"][0][1:3] == ["1.50", "1.50"]


def test_pictures_that_are_brought_tell_nothing_of_where_they_come_from(selling):
    digest = brought(selling, 77)

    path = selling.studio.images.find(digest)
    with Image.open(path) as image:
        assert image.height == 1024
        assert image.format == "PNG"
        assert image.info == {}
    assert recipe_in_file(path) is None
    with pytest.raises(ReferenceImageError):
        selling.ratings.bring(b"no picture")


def test_a_rater_without_a_name_is_told_so(selling):
    listing = open_listing(selling)
    on = RatingHandlers(selling, WORDS)
    view = on.begin(event(name="Autumn", ai=[listing.listed.image], human=[brought(selling, 9)]))

    with pytest.raises(gr.Error, match="name"):
        on.rate_as(event(panel_id=view["panels"][0]["id"], rater=" "))
