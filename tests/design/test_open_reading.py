"""Prompts for models that know any words: the same refusals, and the rest as it was typed."""

import pytest

from studio.design.open_reading import read_openly
from studio.domain import NothingKnownError, PromptTooLongError


@pytest.mark.parametrize(
    ("typed", "wanted", "refused"),
    [
        ("red dress, no lace", "red dress", "lace"),
        ("a red dress without belt and pockets", "a red dress", "belt, pockets"),
        ("a dress with no red belt on a white wall", "a dress on a white wall", "red belt"),
        ("coat, neither fur nor hood", "coat", "fur, hood"),
        ("coat, no fur, lace or bows", "coat", "fur, lace, bows"),
        ("red dress --no belt, buttons", "red dress", "belt, buttons"),
        ("pocket-free dress", "dress", "pocket"),
        ("beltless red dress", "red dress", "belt"),
        ("sleeveless dress", "sleeveless dress", ""),
        ("dress without a belt but with pockets", "dress with pockets", "belt"),
        (
            "dress\nNegative prompt: lowres, bad hands\nSteps: 20, Seed: 3",
            "dress",
            "lowres, bad hands",
        ),
        ("连衣裙，不要口袋和腰带", "连衣裙", "口袋, 腰带"),
        ("沒有口袋的連衣裙", "連衣裙", "口袋"),
        ("(red dress:1.2), <lora:x:0.5>, masterpiece", "masterpiece, red dress", ""),
    ],
)
def test_refusals_go_where_the_negative_prompt_is(typed: str, wanted: str, refused: str) -> None:
    read = read_openly(typed)

    read.check()
    assert read.prompt == wanted
    assert read.negative_prompt == refused


def test_marks_of_other_programs_are_told_as_ignored() -> None:
    assert read_openly("(dress:1.3), <lora:a:1>, --ar 2:3").ignored == (
        "<lora:a:1>",
        "1.3",
        "--ar 2:3",
    )


def test_only_refusals_ask_for_a_wish() -> None:
    with pytest.raises(NothingKnownError, match="only what you don't want"):
        read_openly("no lace, without belt").check()


def test_too_much_is_refused_with_a_sentence() -> None:
    with pytest.raises(PromptTooLongError, match="10,000 characters"):
        read_openly("dress, " * 1428 + "coat")
