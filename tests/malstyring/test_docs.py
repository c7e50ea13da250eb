"""The documents name what exists, and leave out nothing that an installation depends on."""

import ast
import csv
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.template import engines
from django.utils import timezone

from malstyring.demo import hoeje_taastrup
from organisation.models import User
from organisation.permissions import Permission

ROOT: Path = settings.BASE_DIR
DOCS = ROOT / "docs"
APPS = ("organisation", "goals", "followup", "citizens", "reports", "malstyring")
# Made by the browser tests, not by hand.
SCREENSHOTS = "docs/screenshots/"


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def sources() -> list[Path]:
    return [file for app in APPS for file in sorted((ROOT / app).rglob("*.py")) if "migrations" not in file.parts]


def table_cells(text: str, column: int) -> list[str]:
    """The cells of a column in every table of a document; a pipe in code is written `\\|`."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    return [row[column].strip().replace(r"\|", "|") for row in rows if len(row) > column]


def names_in_code(cells: list[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


# ---- operations ------------------------------------------------------------------------------------------------------


def variables_read() -> set[str]:
    """Every environment variable that the settings or a command reads."""
    found = {"DATABASE_URL"}  # read by dj_database_url
    for file in sources():
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r'env\.(?:text|flag|number|words|mail_server)\(\s*"(\w+)"', text))
        found |= set(re.findall(r'os\.environ(?:\.get\(|\[)"(\w+)"', text))
    return found


def test_operations_names_every_variable_and_no_other():
    section = read("docs/operations.md").split("Read by compose and gunicorn")[0]
    assert set(names_in_code(table_cells(section, 0))) == variables_read()


def test_operations_names_the_variables_of_compose():
    section = read("docs/operations.md").split("Read by compose and gunicorn")[1].split("\n## ")[0]
    asked = set(re.findall(r"\$\{(\w+)", read("docker-compose.yml"))) - variables_read()
    assert set(names_in_code(table_cells(section, 0))) == asked | {"WEB_CONCURRENCY"}
    assert "ENV WEB_CONCURRENCY" in read("Dockerfile")


def test_every_model_has_a_declared_retention():
    section = read("docs/operations.md").split("\n## Retention")[1]
    kept = {"sessions", "account", *APPS}
    models = {model._meta.label for model in apps.get_models() if model._meta.app_label in kept}
    assert set(names_in_code(table_cells(section, 0))) == models
    assert all(table_cells(section, 2))


@pytest.mark.django_db
def test_the_first_person_may_do_all_that_is_needed():
    """The commands in the document are run as they stand there."""
    person = User.objects.create_superuser("soeren", "soeren@example.dk", "ganske lang kode")
    (block,) = re.findall(r"```python\n(.*?)```", read("docs/operations.md"), re.S)
    exec(block, {})
    today = timezone.localdate()
    members_only = {Permission.ASK_QUESTIONS}
    assert all(person.may_somewhere(permission, today) for permission in set(Permission) - members_only)


# ---- names in documents ----------------------------------------------------------------------------------------------


def definitions() -> tuple[set[str], dict[str, set[str]]]:
    """Names of classes and functions in the apps, and the members of each class."""
    names, members = set(), defaultdict(set)
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                names.add(node.name)
                members[node.name] |= {name for child in node.body for name in _defined(child)}
            elif isinstance(node, ast.FunctionDef):
                names.add(node.name)
    return names, members


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []


def test_every_code_name_in_the_glossary_exists():
    names, members = definitions()
    listed = names_in_code(table_cells(read("docs/glossary.md"), 1))
    assert len(listed) > 100
    unknown = []
    for name in listed:
        owner, _, member = name.partition(".")
        if owner not in names or (member and member not in members[owner]):
            unknown.append(name)
    assert unknown == []


def test_every_component_is_described_and_exists():
    text = read("docs/components.md")
    library = engines["django"].engine.libraries
    listed = set(table_cells(text, 0))
    for name in ("components", "danish", "periods"):
        register = __import__(library[name], fromlist=["register"]).register
        assert {*register.tags, *register.filters} <= listed, name
    partials = {f"components/{file.name}" for file in (ROOT / "templates" / "components").glob("*.html")}
    assert partials <= listed
    assert all((ROOT / "templates" / name).is_file() for name in listed if name.endswith(".html"))


def test_every_class_named_in_components_has_a_style():
    styles = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "static" / "malstyring" / "css").glob("*.css")
    )
    named = re.findall(r"`((?:m-|sr-)[\w-]+\w)`", read("docs/components.md"))
    assert named
    assert [name for name in named if f".{name}" not in styles] == []


@pytest.mark.parametrize("path", ["README.md", *sorted(f"docs/{file.name}" for file in DOCS.glob("*.md"))])
def test_links_lead_somewhere(path):
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", read(path)) if not link.startswith("http")]
    missing = [link for link in links if not ((ROOT / path).parent / link).exists()]
    assert [link for link in missing if not link.startswith(SCREENSHOTS)] == []


@pytest.mark.parametrize("path", ["README.md", "docs/demo.md"])
def test_commands_named_exist(path):
    text = read(path)
    script = set(re.findall(r"^([a-z]+)\) ", read("dev"), re.M)) | {"manage"}
    assert set(re.findall(r"\./dev ([a-z]+)", text)) <= script
    named = set(re.findall(r"(?:manage\.py|dev manage) ([a-z_]+)", text))
    assert named <= set(get_commands())


def test_documents_name_no_place_on_anybodys_machine():
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")):
        assert not re.search(r"/(home|root|work)/|localhost:\d", path.read_text(encoding="utf-8")), path


# ---- demo, decisions, versions ---------------------------------------------------------------------------------------


def test_the_demo_is_described_as_it_is():
    text = read("docs/demo.md")
    accounts = names_in_code(table_cells(text.split("## Accounts")[1], 0))
    assert sorted(accounts) == sorted(person.username for person in hoeje_taastrup.PEOPLE)
    it = hoeje_taastrup
    assert f"{len(it.UNITS)} units, {len(it.GOALS)} goals, {len(it.INDICATORS)} indicators" in " ".join(text.split())


def test_what_is_published_in_the_demo_is_described_as_it_is():
    periods = defaultdict(list)
    for row in csv.DictReader(read("malstyring/demo/data/hoeje_taastrup.csv").splitlines(), delimiter=";"):
        periods[row["indikator"]].append(row["periode"])
    described = table_cells(read("docs/demo.md").split("## New York City")[0], 1)[2:]
    assert {f"{found[0]}–{found[-1]}" for found in periods.values()} == set(described)


def test_every_decision_is_listed_with_context_decision_and_consequence():
    files = sorted(file.name for file in (DOCS / "adr").glob("0*.md"))
    assert sorted(re.findall(r"\]\((0[^)]+)\)", read("docs/adr/README.md"))) == files
    for name in files:
        text = read(f"docs/adr/{name}")
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.M) == ["Context", "Decision", "Consequence"]
        assert len(text.splitlines()) <= 14
        for path in re.findall(r"`((?:organisation|goals|followup|reports|static)/[\w./]+)`", text):
            assert (ROOT / path).exists(), f"{name}: {path}"


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert re.search(r"^## (\S+)", read("CHANGELOG.md"), re.M)[1] == version
    assert f"image: malstyring:{version}" in read("docker-compose.yml")
