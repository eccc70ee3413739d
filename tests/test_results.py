import json
import re
from pathlib import Path

import numpy as np
import pytest

from training.quotes import quoting_pages
from training.results import (
    Figure,
    as_table,
    bootstrap,
    bootstrap_both,
    read_results,
    share,
    write_results,
)

ROOT = Path(__file__).resolve().parents[1]
QUOTE = re.compile(r"<!-- result:(\w+)\.(\w+)(\.low|\.high)? -->(.*?)<!-- /result -->", re.DOTALL)
PAGES = quoting_pages(ROOT)
RESULT_FILES = sorted((ROOT / "docs" / "results").glob("*.json"))


def disagreements(page: str, results: Path) -> list[str]:
    """Every quoted figure of a page that its result file does not bear out."""
    opened = page.count("<!-- result:")
    found = QUOTE.findall(page)
    wrong = [] if opened == len(found) else [f"{opened - len(found)} quotes can't be read"]
    for name, key, bound, quoted in found:
        path = results / f"{name}.json"
        figure = read_results(path).get(key) if path.exists() else None
        if figure is None:
            wrong.append(f"{name}.{key} is not measured")
        elif not agrees(quoted, getattr(figure, bound.lstrip(".") or "value")):
            wrong.append(f"{name}.{key}{bound} is {figure}, not {quoted}")
    return wrong


def agrees(quoted: str, value: float) -> bool:
    """Whether a printed number is the value rounded to the digits that are printed."""
    digits = re.fullmatch(r"\s*([-+−]?)([\d,]+(?:\.(\d+))?)\s*(%?)\s*", quoted)
    if digits is None:
        return False
    printed = float(digits[2].replace(",", "")) * (-1 if digits[1] in ("-", "−") else 1)
    exact = value * 100 if digits[4] else value
    half_a_digit = 0.5 * 10.0 ** -len(digits[3] or "")
    return abs(printed - exact) <= half_a_digit * (1 + 1e-9)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_quoted_figure_agrees_with_its_result_file(page):
    assert not disagreements(page.read_text(encoding="utf-8"), ROOT / "docs" / "results")


@pytest.mark.parametrize("path", RESULT_FILES, ids=lambda path: path.name)
def test_every_result_file_says_how_it_was_made(path):
    record = json.loads(path.read_text(encoding="utf-8"))

    assert record.keys() == {"command", "seeds", "figures"}
    assert record["command"].startswith(("python -m training.", "python -m tests."))
    assert all(isinstance(seed, int) for seed in record["seeds"])
    for figure in read_results(path).values():
        assert np.isfinite([figure.value, figure.low, figure.high]).all()
        assert figure.low <= figure.high


@pytest.fixture
def results(tmp_path: Path) -> Path:
    figures = {"total_s": Figure(3.94, 3.8, 4.06), "share": Figure(0.0449, 0.04, 0.05)}
    write_results("generate", "python -m training.bench generate", [0, 1], figures, tmp_path)
    return tmp_path


def test_what_is_written_is_what_is_read_and_printed(results, capsys):
    figures = {"images": Figure.exact(8), "total_s": Figure(3.94, 3.8, 4.06)}

    path = write_results("again", "python -m training.bench generate", [3], figures, results)

    assert read_results(path) == figures
    assert as_table(figures) in capsys.readouterr().out
    assert "3.8 to 4.06" in as_table(figures)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_written(tmp_path, value):
    with pytest.raises(ValueError, match="share is no figure"):
        write_results("x", "python -m training.x", [0], {"share": Figure.exact(value)}, tmp_path)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "quote", ["total_s -->3.9", "total_s -->3.94", "total_s.low -->3.80", "share -->4.5%"]
)
def test_a_true_quote_passes(results, quote):
    assert not disagreements(f"<!-- result:generate.{quote}<!-- /result -->", results)


@pytest.mark.parametrize(
    "quote",
    [
        "generate.total_s -->4.0<!-- /result -->",
        "generate.total_s -->3.90<!-- /result -->",
        "generate.total_s.high -->3.9<!-- /result -->",
        "generate.share -->5%<!-- /result -->",
        "generate.total_s -->fast<!-- /result -->",
        "generate.unheard_of -->1<!-- /result -->",
        "elsewhere.total_s -->3.9<!-- /result -->",
        "generate.total_s -->3.9",
    ],
)
def test_a_false_quote_is_found(results, quote):
    assert disagreements(f"about <!-- result:{quote} seconds", results)


def test_the_interval_of_a_mean_is_near_the_textbooks():
    values = np.random.default_rng(0).normal(10.0, 2.0, size=400)

    figure = bootstrap(values)

    half_width = 1.96 * values.std(ddof=1) / 20
    assert figure.value == pytest.approx(values.mean())
    assert figure.low == pytest.approx(values.mean() - half_width, abs=0.05)
    assert figure.high == pytest.approx(values.mean() + half_width, abs=0.05)


def test_equal_measurements_have_an_interval_of_no_width():
    assert bootstrap([2.0, 2.0, 2.0]) == Figure.exact(2.0)


def test_a_statistic_of_paired_measurements_keeps_the_pairs():
    pairs = np.array([[1.0, 2.0], [2.0, 4.0], [5.0, 10.0]])

    figure = bootstrap(pairs, lambda drawn: float(drawn[:, 1].sum() / drawn[:, 0].sum()))

    assert (figure.value, figure.low, figure.high) == pytest.approx((2.0, 2.0, 2.0))


@pytest.mark.parametrize("values", [[], [1.0, float("nan")]])
def test_a_figure_of_nothing_or_of_no_numbers_is_refused(values):
    with pytest.raises(ValueError, match="measurement"):
        bootstrap(values)


@pytest.mark.parametrize(("true", "count"), [(0, 20), (1, 20), (13, 20), (20, 20)])
def test_the_interval_of_a_share_holds_what_wilsons_equation_says(true, count):
    figure = share([place < true for place in range(count)])

    assert figure.value == true / count
    for bound in {figure.low, figure.high} - {0.0, 1.0}:
        # Wilson: the bounds are the shares whose own normal interval just reaches the value.
        assert abs(figure.value - bound) == pytest.approx(
            1.96 * (bound * (1 - bound) / count) ** 0.5, rel=1e-3
        )
    assert figure.high - figure.low > 0.1


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="measurement"):
        share([])


def test_a_table_of_one_row_has_the_interval_of_its_columns_and_more_rows_widen_it():
    rng = np.random.default_rng(0)
    stores = rng.normal(size=40)
    trainings = np.array([-1.0, 0.0, 1.0])[:, None] + stores

    one, three = bootstrap_both(stores[None]), bootstrap_both(trainings)

    assert one == bootstrap(stores)
    assert three.value == pytest.approx(one.value)
    assert three.high - three.low > 2 * (one.high - one.low)
    with pytest.raises(ValueError, match="finite"):
        bootstrap_both([[1.0, float("nan")]])
