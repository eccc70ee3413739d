import pytest

from training.quotes import main, printed_like, refreshed
from training.results import Figure, write_results


@pytest.fixture
def results(tmp_path):
    figures = {"reading_mean": Figure(0.8849, 0.87, 0.9), "psnr_db": Figure(31.26, 31.0, 31.5)}
    write_results("atelier", "python -m training.evaluate atelier", [0], figures, tmp_path)
    return tmp_path


def quote(key: str, quoted: str) -> str:
    return f"<!-- result:atelier.{key} -->{quoted}<!-- /result -->"


def test_figures_take_their_new_values_and_keep_their_digits(results):
    page = f"reads {quote('reading_mean', '0.10')} ({quote('reading_mean.low', '9%')}) of it."

    assert refreshed(page, results) == (
        f"reads {quote('reading_mean', '0.88')} ({quote('reading_mean.low', '87%')}) of it."
    )


def test_a_page_that_is_up_to_date_stays_as_it_is(results):
    page = f"{quote('psnr_db', '31.3')} dB, and text between <!-- notes -->"

    assert refreshed(page, results) == page


@pytest.mark.parametrize(
    ("example", "value", "printed"),
    [
        ("0.5", 0.8849, "0.9"),
        ("50.0%", 0.8849, "88.5%"),
        ("1,000", 2345.6, "2,346"),
        ("7", 31.26, "31"),
        ("?", 31.26, "31.3"),
        ("?", 12345.6, "12,346"),
        ("?%", 0.8849, "88.5%"),
        ("0.5", -0.04, "-0.0"),
    ],
)
def test_numbers_are_printed_like_the_ones_before(example, value, printed):
    assert printed_like(example, value) == printed


def test_the_command_rewrites_the_pages_that_have_changed(results, capsys):
    page, other = results / "page.md", results / "other.md"
    page.write_text(quote("reading_mean", "?"))
    other.write_text("Nothing is quoted here.")

    assert main([str(page), str(other), "--results", str(results)]) == 0

    assert page.read_text() == quote("reading_mean", "0.885")
    told = capsys.readouterr().out
    assert "page.md" in told
    assert "other.md" not in told


@pytest.mark.parametrize("missing", ["atelier.unheard_of", "elsewhere.reading_mean"])
def test_a_figure_that_was_not_measured_is_a_sentence(results, capsys, missing):
    page = results / "page.md"
    page.write_text(f"<!-- result:{missing} -->1<!-- /result -->")

    assert main([str(page), "--results", str(results)]) == 2

    assert "has no figure" in capsys.readouterr().err
