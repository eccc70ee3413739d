"""Writes the pages that nobody should write by hand: `python -m tests.reference`.

The tree, settings, commands and endpoints under `docs/` come from docstrings, dataclasses,
parsers and the server's own functions. What stands between the comments `reference:NAME` and
`/reference` of a page is replaced, everything around them stays. A test compares.
"""

import argparse
import ast
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import training.config
from studio.settings import PREFIX, Settings
from studio.ui.api import Endpoints
from studio.ui.collection_routes import CollectionFiles
from studio.ui.routes import StudioFiles
from studio.ui.selling_api import SellingEndpoints
from studio.ui.teaching_api import TeachingEndpoints
from training.config import TABLES, RunConfig

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(ROOT / "docs" / f"{name}.md" for name in ("tree", "settings", "commands", "api"))

_BLOCK = re.compile(
    r"(?P<open><!-- reference:(?P<name>\w+) -->\n).*?(?P<close><!-- /reference -->)", re.DOTALL
)
_COMMENT = re.compile(r"\s*(?:#|//|/\*)+\s*(?P<text>[^!/].*?)\s*(?:\*/)?$")
_BESIDE_MODULES = ("studio/**/*.js", "studio/**/*.css", "training/recipes/*", "training/clusters/*")
_WIDEST_NAME = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.reference", description=__doc__)
    parser.parse_args(arguments)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fresh = rewritten(text)
        if fresh != text:
            page.write_text(fresh, encoding="utf-8")
            sys.stdout.write(f"{page.relative_to(ROOT).as_posix()} is brought up to date\n")
    return 0


def rewritten(page: str) -> str:
    """A page with its generated parts as they are now."""
    return _BLOCK.sub(
        lambda block: f"{block['open']}{WRITERS[block['name']]()}\n{block['close']}", page
    )


# --- The tree ---------------------------------------------------------------------------------


def modules() -> list[Path]:
    """The Python modules of app, studio and training, from the root; empty ones left out."""
    patterns = ("app.py", "studio/**/*.py", "training/**/*.py")
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path.relative_to(ROOT) for path in found if path.read_text("utf-8").strip())


def tree() -> str:
    """All modules, recipes, scripts and styles, each with its first sentence."""
    others = {path.relative_to(ROOT) for each in _BESIDE_MODULES for path in ROOT.glob(each)}
    said = {path: _first_sentence(path) for path in [*modules(), *others]}
    paths = sorted((path for path in said if said[path]), key=_files_first)
    lines, folder = [], Path()
    for path in paths:
        for depth, name in enumerate(path.parent.parts):
            if folder.parts[: depth + 1] != path.parent.parts[: depth + 1]:
                lines.append(f"{'  ' * depth}{name}/")
        folder = path.parent
        name = f"{'  ' * len(folder.parts)}{path.name}"
        lines.append(f"{name:<{_WIDEST_NAME}} {said[path]}")
    return "\n".join(["```text", *lines, "```"])


def _files_first(path: Path) -> tuple[tuple[int, str], ...]:
    """Sorts the files of a folder before its folders."""
    return (*((1, part) for part in path.parent.parts), (0, path.name))


def _first_sentence(path: Path) -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").split("\n")[0].rstrip(".")
    first = next(line for line in text.split("\n") if not line.startswith("#!"))
    comment = _COMMENT.match(first)
    return comment["text"].split(": ")[0].split(". ")[0].rstrip(".") if comment else ""


# --- Settings ---------------------------------------------------------------------------------


def app_settings() -> str:
    """A row per setting of the app."""
    said = meanings(Settings)
    rows = [
        (
            f"`--{_dashed(each.name)}`",
            f"`{PREFIX}{each.name.upper()}`",
            "the preset's folder" if each.name == "checkpoint" else _default(each),
            _clause(said[each.name]),
        )
        for each in fields(Settings)
    ]
    return _table(("option", "variable", "default", "meaning"), rows)


def training_settings() -> str:
    """A table per settings dataclass of training."""
    return "\n\n".join(map(_settings_of, training_configs()))


def training_configs() -> list[type[Any]]:
    """The dataclasses of `training.config`, in its order."""
    return [
        value
        for value in vars(training.config).values()
        if isinstance(value, type) and is_dataclass(value)
    ]


def meanings(dataclass: type[Any]) -> dict[str, str]:
    """What each field means, by the docstrings of a dataclass and of those that it extends."""
    said: dict[str, str] = {}
    for each in reversed(dataclass.__mro__):
        if is_dataclass(each):
            said |= _of_docstring(inspect.getdoc(each) or "") | _below_fields(each)
    return said


def _below_fields(dataclass: type[Any]) -> dict[str, str]:
    """Strings that stand below a field."""
    [node] = ast.parse(textwrap.dedent(inspect.getsource(dataclass))).body
    assert isinstance(node, ast.ClassDef)
    return {
        field.target.id: " ".join(below.value.value.split())
        for field, below in zip(node.body, node.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def _of_docstring(text: str) -> dict[str, str]:
    """The part `Attributes:` of a docstring."""
    part = re.search(r"^Attributes:\n((?:[ ]+.*\n?|\n)*)", text, flags=re.MULTILINE)
    entries = re.split(r"^ {4}(?=\w)", part[1], flags=re.MULTILINE)[1:] if part else []
    pairs = (" ".join(entry.split()).split(": ", 1) for entry in entries)
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _settings_of(config: type[Any]) -> str:
    names = [f"`{name}`" for name, table in TABLES.items() if table is config]
    title = ", ".join(names) or "All trainings"
    said, own = meanings(config), inspect.get_annotations(config)
    rows = [
        (f"`{each.name}`", _default(each), _clause(said.get(each.name, "")))
        for each in fields(config)
        if each.name in own
    ]
    about = (inspect.getdoc(config) or "").replace("\n\n", " ").replace("\n", " ")
    also = " It has the settings of all trainings as well; given here are those that differ."
    extends = also if issubclass(config, RunConfig) and config is not RunConfig else ""
    table = _table(("setting", "default", "meaning"), rows)
    return f"### {title}\n\n{about}{extends}\n\n{table}"


# --- Commands ---------------------------------------------------------------------------------


def commands() -> str:
    """What every command does, with its arguments."""
    return "\n\n".join(
        _command(name, module, parser, about)
        for name, module, parser, about in sorted(all_parsers(), key=lambda each: each[0])
    )


def all_parsers() -> Iterator[tuple[str, ModuleType, argparse.ArgumentParser, str]]:
    """Each command and subcommand: how it is called, its module, its parser, what it does."""
    patterns = (
        "studio/*.py",
        "training/**/*.py",
        "tests/*.py",
        "tests/soak/*.py",
        "tests/attack/*.py",
    )
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("test_") or "argparse" not in text:
            continue
        if path.stem != "__main__" and '__name__ == "__main__"' not in text:
            continue
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        module = importlib.import_module(name)
        call = f"python -m {name.removesuffix('.__main__')}"
        about = inspect.getdoc(module) or ""
        yield from _with_parts(call, module, _parser_of(module.main), about)


def _with_parts(
    call: str, module: ModuleType, parser: argparse.ArgumentParser, about: str
) -> Iterator[tuple[str, ModuleType, argparse.ArgumentParser, str]]:
    parts = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    yield call, module, parser, about
    for action in parts:
        helps = {each.dest: each.help or "" for each in action._choices_actions}
        for name, part in action.choices.items():
            owner = getattr(module, "MODULES", {}).get(name) or getattr(module, name, module)
            own = owner if isinstance(owner, ModuleType) else module
            about_part = inspect.cleandoc(part.description or helps.get(name, ""))
            yield from _with_parts(f"{call} {name}", own, part, about_part)


class _CaughtError(Exception):
    """Carries a parser out of a command that was about to read its arguments."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def _parser_of(command: Callable[[], object]) -> argparse.ArgumentParser:
    def catch(parser: argparse.ArgumentParser, *_arguments: object) -> None:
        raise _CaughtError(parser)

    with mock.patch.object(argparse.ArgumentParser, "parse_args", catch):
        try:
            command()
        except _CaughtError as caught:
            return caught.parser
    raise AssertionError(f"{command} reads no arguments.")


def _command(call: str, module: ModuleType, parser: argparse.ArgumentParser, about: str) -> str:
    said = _meanings_in(module)
    rows = [
        (_shown(action), _default_of(action), _meaning(action, said))
        for action in parser._actions
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
    ]
    table = _table(("argument", "default", "meaning"), rows) if rows else ""
    return "\n\n".join(filter(None, (f"## `{call}`", about.strip(), table)))


def _meanings_in(module: ModuleType) -> dict[str, str]:
    """Meanings of the fields of all dataclasses that a module knows, its own ones last."""
    known = [each for each in vars(module).values() if isinstance(each, type)]
    known = [each for each in known if is_dataclass(each)]
    said: dict[str, str] = {}
    for each in sorted(known, key=lambda each: each.__module__ == module.__name__):
        said |= meanings(each)
    return said


def _shown(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{str(action.metavar or action.dest).upper()}`"
    given = ", ".join(f"`{name}`" for name in action.option_strings)
    repeatable = ", repeatable" if isinstance(action, argparse._AppendAction) else ""
    takes_value = action.nargs != 0 and action.metavar
    return f"{given} `{action.metavar}`{repeatable}" if takes_value else f"{given}{repeatable}"


def _meaning(action: argparse.Action, said: dict[str, str]) -> str:
    meaning = _clause((action.help or said.get(action.dest, "")).replace("%%", "%"))
    if action.choices is None or action.metavar:
        return meaning
    choices = ", ".join(f"`{each}`" for each in action.choices)
    return f"{meaning}; one of {choices}" if meaning else f"one of {choices}"


def _default_of(action: argparse.Action) -> str:
    if action.required and action.nargs != "*":
        return "has to be given"
    return "" if action.nargs == 0 else _written(action.default)


# --- Endpoints --------------------------------------------------------------------------------


def endpoints() -> str:
    """A row per named endpoint of the page."""
    rows = [
        (f"`/{name}`", _taken(function), inspect.getdoc(function) or "")
        for name, function in named_endpoints().items()
    ]
    return _table(("endpoint", "takes", "what it does"), rows)


def named_endpoints() -> dict[str, Callable[..., Any]]:
    """Name -> the method that answers."""
    return {
        name: inspect.unwrap(value)
        for answering in (Endpoints, SellingEndpoints, TeachingEndpoints)
        for name, value in vars(answering).items()
        if hasattr(value, "__wrapped__")
    }


def _taken(function: Callable[..., Any]) -> str:
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return ", ".join(
        f"`{each.name}`"
        if each.default is inspect.Parameter.empty
        else f"`{each.name}={each.default!r}`"
        for each in parameters
    )


def routes() -> str:
    """A row per plain address of the server; fonts and the style sheet left out."""
    rows = [row for files in (StudioFiles, CollectionFiles) for row in _routes_to(files)]
    return _table(("address", "by", "gives"), rows)


def _routes_to(files: type[Any]) -> Iterator[tuple[str, str, str]]:
    source = inspect.getsource(sys.modules[files.__module__])
    for call in ast.walk(ast.parse(source)):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "Route"):
            continue
        address, method = call.args[0], call.args[1]
        if isinstance(address, ast.Constant) and isinstance(method, ast.Attribute):
            if "/fonts/" in str(address.value):
                continue
            sent = "POST" if "POST" in ast.unparse(call) else "GET"
            about = inspect.getdoc(getattr(files, method.attr)) or ""
            yield f"`{re.sub(r':[a-z]+', '', str(address.value))}`", sent, about


# --- Markdown ---------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "|" + "".join(f" {_cell(text)}".rstrip() + " |" for text in line) for line in lines
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _clause(text: str) -> str:
    """A sentence as a cell has it, without its full stop; several sentences keep theirs."""
    alone = text.endswith(".") and not text.endswith("..") and ". " not in text
    return text.removesuffix(".") if alone else text


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _default(field: Field[Any]) -> str:
    return "" if field.default is MISSING else _written(field.default)


def _written(value: object) -> str:
    """A default as a person would type it; what stands for nothing is left out."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return f"`{int(value)}`"
    if isinstance(value, Path):
        value = (value.relative_to(ROOT) if value.is_absolute() else value).as_posix()
    if isinstance(value, tuple):
        value = list(value)
    return f"`{value}`"


WRITERS: dict[str, Callable[[], str]] = {
    "tree": tree,
    "app_settings": app_settings,
    "training_settings": training_settings,
    "commands": commands,
    "endpoints": endpoints,
    "routes": routes,
}
"""Generated part of a page -> what writes it."""


if __name__ == "__main__":
    sys.exit(main())
