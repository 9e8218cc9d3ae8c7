"""What the documentation says about names, paths, settings and routes is still true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest
from fastapi.routing import APIRoute

from handled.settings import Settings
from handled.web.public import bookings, catalog, feedback, messages, proposals, sessions, verification
from handled.web.tenant import bookings as tenant_bookings
from handled.web.tenant import usage as tenant_usage

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "handled"
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md")
    for page in ROOT.glob(pattern)
    if not any(part.startswith(".") for part in page.relative_to(ROOT).parts)
)
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
TOURS = [ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("life-of-*.md")), *DECISIONS]

LINK = re.compile(r"""\]\(([^)\s]+)\)|(?:src|href)="([^"]+)\"""")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|sql|ts|js|css|html|toml|md))")
DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+")


def relative(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return re.sub(r"```.*?```|^    .*?$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def named_in(page: Path, shape: re.Pattern[str]) -> set[str]:
    return {name for name in CODE.findall(prose(page)) if shape.fullmatch(name)}


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> Iterator[str]:
    for markdown, html in LINK.findall(prose(page)):
        link = markdown or html
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            yield link


def module_and_rest(name: str) -> tuple[Path, list[str]] | None:
    """The module that a dotted name begins with, and what follows; None when it names no module of ours."""
    place, parts = PACKAGE, name.removeprefix("handled.").split(".")
    while parts:
        if (place / f"{parts[0]}.py").is_file():
            return place / f"{parts[0]}.py", parts[1:]
        if not (place / parts[0]).is_dir():
            return (place / "__init__.py", parts) if place != PACKAGE else None
        place, parts = place / parts[0], parts[1:]
    return place / "__init__.py", []


def defines(module: Path, names: list[str]) -> bool:
    """Whether the module defines the first name at its top level, and that one the next, and so on."""
    inside: list[ast.stmt] = ast.parse(module.read_text("utf-8")).body
    for name in names:
        found = [each for each in inside if name in bound_by(each)]
        if not found:
            return False
        inside = found[0].body if isinstance(found[0], ast.ClassDef) else []
    return True


def bound_by(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Assign():
            return {target.id for target in statement.targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.ImportFrom():
            return {each.asname or each.name for each in statement.names}
        case _:
            return set()


def is_a_job(name: str) -> bool:
    return any(f'"{name}"' in module.read_text("utf-8") for module in PACKAGE.glob("**/*.py"))


def exists(name: str) -> bool:
    found = module_and_rest(name)
    return (found is not None and found[0].is_file() and defines(*found)) or is_a_job(name)


def variable_of(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"HANDLED_{field.upper()}"


def shown(default: object) -> str:
    match default:
        case None:
            return "none"
        case bool():
            return f"`{str(default).lower()}`"
        case _:
            return f"`{default}`"


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", TOURS, ids=relative)
def test_every_path_that_is_named_exists(page: Path) -> None:
    assert [
        name
        for name in sorted(named_in(page, PATH))
        if not ((ROOT / name).exists() or (PACKAGE / name).exists() or (page.parent / name).exists())
    ] == []


@pytest.mark.parametrize("page", TOURS, ids=relative)
def test_every_function_that_is_named_exists(page: Path) -> None:
    assert [name for name in sorted(named_in(page, DOTTED) - named_in(page, PATH)) if not exists(name)] == []


def test_the_tours_name_enough_to_be_worth_checking() -> None:
    functions = set(chain.from_iterable(named_in(page, DOTTED) for page in TOURS))
    assert "agent.turn.run_turn" in functions
    assert len(functions) > 50


def test_a_name_that_is_gone_is_noticed() -> None:
    assert exists("conversations.turn_events.TurnStream.text")
    assert exists("notifications.send")
    assert not exists("conversations.turn_events.TurnStream.sing")
    assert not exists("conversations.weather.report")


def test_every_room_of_the_package_is_on_the_map() -> None:
    on_the_map = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {
        f"`{each.name}/`" if each.is_dir() else f"`{each.name}`"
        for each in PACKAGE.iterdir()
        if not each.name.startswith("_")
    }
    assert {room for room in rooms if room not in on_the_map} == set()


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert [page.name for page in DECISIONS if page.name not in listed] == []


@pytest.mark.parametrize("page", DECISIONS, ids=relative)
def test_a_decision_has_context_decision_and_consequences(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_documented_with_its_default(field: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    default: object = Settings.model_fields[field].get_default()
    assert f"| `{variable_of(field)}` | {shown(default)} |" in page


def test_no_setting_is_documented_that_nobody_reads() -> None:
    documented = set(re.findall(r"\bHANDLED_[A-Z_]+\b", (ROOT / "docs" / "settings.md").read_text("utf-8")))
    settings = {variable_of(field) for field in Settings.model_fields}
    # These two are not of the application: the embedded server's programs, and the browser of the tests.
    assert documented - settings == {"HANDLED_PG_BINDIR", "HANDLED_CHROMIUM"}


@pytest.mark.parametrize(
    ("name", "modules"),
    [
        ("api.md", (bookings, catalog, feedback, messages, proposals, sessions, verification)),
        ("business-api.md", (tenant_bookings, tenant_usage)),
    ],
)
def test_every_route_is_documented(name: str, modules: tuple[ModuleType, ...]) -> None:
    page = (ROOT / "docs" / name).read_text("utf-8")
    routes = [
        f"`{method} {route.path}"
        for module in modules
        for route in module.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    ]
    assert routes
    assert [route for route in routes if route not in page] == []


@pytest.mark.parametrize("command", ["./dev demo", "./dev test"])
def test_the_readme_shows_the_two_commands_that_matter(command: str) -> None:
    assert f"\n    {command}\n" in (ROOT / "README.md").read_text("utf-8")
