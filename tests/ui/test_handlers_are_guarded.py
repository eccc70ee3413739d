import ast
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "studio" / "ui"
MODULES = [path for path in sorted(UI.glob("*.py")) if "shows_studio_errors" in path.read_text()]


def handlers_of(tree: ast.Module) -> list[ast.FunctionDef]:
    """Public methods that take an event of a page."""
    return [
        method
        for each in ast.walk(tree)
        if isinstance(each, ast.ClassDef)
        for method in each.body
        if isinstance(method, ast.FunctionDef)
        and not method.name.startswith("_")
        and "gr.EventData" in ast.unparse(method.args)
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_handler_of_an_event_tells_what_was_wrong_in_a_sentence(path):
    unguarded = [
        handler.name
        for handler in handlers_of(ast.parse(path.read_text(encoding="utf-8")))
        if "shows_studio_errors" not in map(ast.unparse, handler.decorator_list)
    ]

    assert not unguarded
