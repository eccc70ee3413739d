"""Brings the figures that pages quote up to date with their result files.

`python -m training.quotes` rewrites what stands between `<!-- result:NAME.KEY -->` and
`<!-- /result -->`, with as many digits as stand there; `?` becomes three significant ones.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from training.results import RESULTS, read_results

QUOTE = re.compile(
    r"(?P<open><!-- result:(?P<name>\w+)\.(?P<key>\w+?)(?:\.(?P<bound>low|high))? -->)"
    r"(?P<quoted>.*?)(?P<close><!-- /result -->)",
    re.DOTALL,
)
SIGNIFICANT = 3


class QuoteError(Exception):
    """A page quotes what no result file holds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and rewrite the pages; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.quotes", description=__doc__)
    parser.add_argument("pages", type=Path, nargs="*", metavar="PAGE", help="all by default")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the result files")
    options = parser.parse_args(arguments)
    pages = options.pages or quoting_pages(Path())
    try:
        for page in pages:
            text = page.read_text(encoding="utf-8")
            fresh = refreshed(text, options.results)
            if fresh != text:
                page.write_text(fresh, encoding="utf-8")
                sys.stdout.write(f"{page} is brought up to date\n")
    except (QuoteError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def quoting_pages(root: Path) -> list[Path]:
    """The pages of a checkout that quote results."""
    cards = sorted((root / "checkpoints").glob("**/README.md"))
    pages = [root / "docs" / f"{name}.md" for name in ("paper", "selling")]
    return [root / "README.md", *pages, *cards]


def refreshed(page: str, results: Path) -> str:
    """The page with every quoted figure as its result file has it now.

    Args:
        page: Markdown text.
        results: folder of the result files.

    Raises:
        QuoteError: a quoted figure was not measured.
    """

    def fresh(quote: re.Match[str]) -> str:
        path = results / f"{quote['name']}.json"
        figures = read_results(path) if path.exists() else {}
        if quote["key"] not in figures:
            raise QuoteError(f"{path} has no figure {quote['key']}: measure it, or don't quote it.")
        value: float = getattr(figures[quote["key"]], quote["bound"] or "value")
        return f"{quote['open']}{printed_like(quote['quoted'], value)}{quote['close']}"

    return QUOTE.sub(fresh, page)


def printed_like(example: str, value: float) -> str:
    """A number with the decimals, thousands' commas and per cent sign of another one."""
    digits = re.search(r"[\d,]+(?:\.(\d+))?", example)
    per_cent = "%" if "%" in example else ""
    shown = value * 100 if per_cent else value
    if digits is None:
        large = abs(shown) >= 10**SIGNIFICANT
        number = f"{shown:,.0f}" if large else f"{shown:.{SIGNIFICANT}g}"
        return f"{number}{per_cent}"
    comma = "," if "," in digits[0] else ""
    return f"{shown:{comma}.{len(digits[1] or '')}f}{per_cent}"


if __name__ == "__main__":
    sys.exit(main())
