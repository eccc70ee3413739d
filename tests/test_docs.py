import ast
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client

from studio.settings import PREFIX, Settings
from tests.reference import PAGES, meanings, rewritten, training_configs
from tests.serving import served
from training.config import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAPER, API, TREE, SETTINGS, COMMANDS_PAGE = (
    (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("paper", "api", "tree", "settings", "commands")
)
LONGEST_README = 200

MARKDOWN = sorted(
    path
    for folder in (".", "docs", "checkpoints")
    for path in (ROOT / folder).glob("*.md" if folder == "." else "**/*.md")
)
MODULES = sorted(
    path
    for pattern in ("app.py", "studio/**/*.py", "training/**/*.py")
    for path in ROOT.glob(pattern)
)
REQUIREMENTS = ["requirements.txt", "training/requirements.txt", "tests/requirements.txt"]
OTHER_NAMES = {
    "cvttf_notosanscjk_regular": "cvttf_NotoSansCJK_Regular",
    "pillow": "PIL",
}
FOREIGN_PATH = re.compile(r"(?<![\w./~-])/(?:home|work|root|Users)/")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of_the_page() -> set[str]:
    """Files that the tree names, as paths from the repository's root."""
    block = TREE.split("```text\n", 1)[1].split("```", 1)[0]
    folders: list[str] = []
    files = set()
    for line in block.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        folders = folders[:depth]
        if name.endswith("/"):
            folders.append(name.rstrip("/"))
        else:
            files.add("/".join([*folders, name]))
    return files


def calls(method: str, module: Path) -> list[ast.Call]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
    ]


def literals(method: str, module: Path) -> list[str]:
    return [
        argument.value
        for call in calls(method, module)
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def options_of(module: Path) -> set[str]:
    return {name for name in literals("add_argument", module) if name.startswith("--")}


def commands() -> set[str]:
    """`python -m package.module` and `... subcommand`, of every module that reads arguments."""
    found = set()
    for module in MODULES:
        if "ArgumentParser(" not in text(module) or "__main__" not in f"{module}{text(module)}":
            continue
        path = named(module).removesuffix(".py").removesuffix("/__main__")
        command = "python app.py" if path == "app" else f"python -m {path.replace('/', '.')}"
        parts = [*subcommands_of(module), *literals("add_parser", module)]
        found |= {f"{command} {part}" for part in parts} or {command}
    return found


def subcommands_of(module: Path) -> list[str]:
    """Keys of the module's table `MODULES`, which is how our commands with parts list them."""
    return [
        str(key.value)
        for node in ast.parse(text(module)).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Dict)
        and [ast.unparse(target) for target in node.targets] == ["MODULES"]
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    ]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def imports_of(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(text(module))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def pinned(path: str) -> dict[str, str]:
    lines = [line.split("#")[0].strip() for line in text(ROOT / path).splitlines()]
    return dict(line.split("==") for line in lines if line and not line.startswith("-r"))


def front_matter() -> dict[str, str]:
    block = README.split("---\n")[1]
    pairs = (line.split(":", 1) for line in block.splitlines() if ":" in line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_generated_page_is_stale(page):
    """`python -m tests.reference` writes them anew."""
    assert rewritten(text(page)) == text(page)


def test_every_module_is_in_the_tree():
    modules = {named(path) for path in MODULES if path.name != "__init__.py" or text(path).strip()}

    assert not modules - tree_of_the_page()


def test_the_tree_names_nothing_that_is_not_there():
    assert not {name for name in tree_of_the_page() if not (ROOT / name).exists()}


def test_every_option_stands_with_its_command():
    unsaid = {
        f"{named(module)} {option}"
        for module in MODULES
        for option in options_of(module)
        if not re.search(rf"`{re.escape(option)}`", COMMANDS_PAGE + SETTINGS)
    }

    assert not unsaid


def test_every_command_and_subcommand_has_its_section():
    unsaid = {command for command in commands() if f"## `{command}`\n" not in COMMANDS_PAGE}

    assert not unsaid


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_of_the_app_stands_with_its_variable_and_its_meaning(setting):
    [row] = [line for line in SETTINGS.splitlines() if f"`{PREFIX}{setting.upper()}`" in line]

    assert f"`--{setting.replace('_', '-')}`" in row
    assert meanings(Settings)[setting].rstrip(".") in row


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_training_command_stands_with_its_choices(command):
    assert re.search(rf"`COMMAND` \| .*`{command}`", COMMANDS_PAGE)


@pytest.mark.parametrize("config", training_configs(), ids=lambda config: config.__name__)
def test_every_setting_of_training_has_its_row_and_a_meaning(config):
    said = meanings(config)

    assert not {each.name for each in fields(config) if not said.get(each.name)}
    assert not {
        each.name
        for each in fields(config)
        if not re.search(rf"^\| `{each.name}` \|", SETTINGS, flags=re.M)
    }


def test_every_endpoint_that_is_served_has_its_row(generator, tmp_path):
    with served(tmp_path / "data", generator) as address:
        offered = Client(address, verbose=False).view_api(return_format="dict")["named_endpoints"]

    assert offered
    assert not {name for name in offered if f"| `{name}` |" not in API}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_readme_leads_to_every_page_of_the_reference(page):
    assert f"({named(page)})" in README


def test_the_readme_is_short():
    assert len(README.splitlines()) <= LONGEST_README


@pytest.mark.parametrize("page", MARKDOWN, ids=named)
def test_no_page_keeps_the_marks_of_a_merge(page):
    assert not re.search(r"^(<{7}|={7}|>{7})( |$)", text(page), flags=re.MULTILINE)


@pytest.mark.parametrize("page", MARKDOWN, ids=named)
def test_relative_links_lead_to_files_that_exist(page):
    links = re.findall(r"\]\(<?([^)>\s]+)>?[^)]*\)|\bsrc=\"([^\"]+)\"", text(page))
    targets = [(link or source).split("#")[0] for link, source in links]
    relative = [target for target in targets if target and "://" not in target]

    dead = [target for target in relative if not (page.parent / target).exists()]

    assert not dead


def test_the_script_for_other_programs_runs_as_printed(generator, tmp_path, monkeypatch):
    script = API.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)

    names: dict[str, Any] = {}
    with served(tmp_path / "data", generator) as address:
        assert "http://127.0.0.1:7860/" in script
        exec(script.replace("http://127.0.0.1:7860/", address), names)

    assert len(list(tmp_path.glob("design-*.png"))) == 4
    assert names["job"]["state"] == "done"


@pytest.mark.parametrize("number", range(1, 20))
def test_every_equation_of_the_paper_has_its_row(number):
    assert re.search(rf"^\| {number} \|", PAPER, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "item", [f"Table {number}" for number in range(1, 8)] + [f"Figure {n}" for n in range(1, 8)]
)
def test_every_table_and_figure_of_the_paper_has_its_row(item):
    assert f"| {item} |" in PAPER


def test_the_functions_that_the_paper_page_names_exist():
    dead = []
    for path, name in re.findall(r"`([\w/]+\.py)::(\w+)`", PAPER):
        module = ROOT / path
        tree = ast.parse(text(module)) if module.exists() else ast.Module([], [])
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if name not in {node.name for node in ast.walk(tree) if isinstance(node, kinds)}:
            dead.append(f"{path}::{name}")

    assert not dead


def test_the_test_command_of_the_readme_is_the_one_that_ci_runs():
    script = text(ROOT / ".ci" / "run")

    for command in (
        ".venv/bin/pip install -r tests/requirements.txt",
        ".venv/bin/python -m pytest -n 2 --dist loadfile",
    ):
        assert command in README
        assert command.replace("install", "install --quiet") in script or command in script


def test_the_space_starts_the_same_app_with_the_same_gradio():
    space = front_matter()

    assert space["sdk"] == "gradio"
    assert space["sdk_version"] == pinned("requirements.txt")["gradio"]
    assert space["python_version"] == "3.11"
    assert space["app_file"] == "app.py"


@pytest.mark.parametrize(
    ("folder", "lists"),
    [("studio", REQUIREMENTS[:1]), ("training", REQUIREMENTS[:2]), ("tests", REQUIREMENTS)],
)
def test_every_library_that_is_imported_is_pinned(folder, lists):
    packages = {name.replace("-", "_") for path in lists for name in pinned(path)}
    packages |= {OTHER_NAMES.get(name, name) for name in packages}
    known = packages | {"app", "studio", "training", "tests"} | sys.stdlib_module_names

    imported = {name for path in (ROOT / folder).rglob("*.py") for name in imports_of(path)}

    assert imported <= known


@pytest.mark.parametrize("path", REQUIREMENTS)
def test_every_package_is_pinned_exactly_and_has_its_reason(path):
    decisions = text(ROOT / "docs" / "decisions.md")

    for name, version in pinned(path).items():
        assert re.fullmatch(r"[\d.]+", version)
        assert f"`{name}`" in decisions


def test_the_rule_for_training_names_every_part_of_the_app():
    contracts = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    [rule] = [contract for contract in contracts if contract.get("source_modules") == ["training"]]
    parts = {path.stem for path in (ROOT / "studio").iterdir() if not path.name.startswith("__")}
    shared = {"perfusion", "techpack", "drawing", "patternmaking", "design", "values", "domain"}
    shared |= {"selling"}  # its arithmetic; what keeps orders would bring `services` along

    assert {f"studio.{part}" for part in parts - shared} <= set(rule["forbidden_modules"])


def test_no_file_names_a_place_on_somebodys_machine():
    others = ["pyproject.toml", ".ci/run", *REQUIREMENTS]
    pages = [*MARKDOWN, *MODULES, *(ROOT / name for name in others)]

    assert not {named(page) for page in pages if FOREIGN_PATH.search(text(page))}
