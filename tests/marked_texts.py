"""Every text of pages, mails, files and messages: what templates and code hand to gettext."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

from organisation.words.catalogue import CONTEXT_ENDS

ROOT = Path(__file__).parent.parent
APPS = ("organisation", "goals", "followup", "citizens", "reports", "malstyring")

# (how the text is asked for, the text, file and line): "" for a text of its own, else gettext's context;
# "1" and "n" where both texts of a pair are the same, so that the count alone says which it is.
Found = tuple[str, str, str]


@lru_cache(maxsize=1)
def texts() -> tuple[Found, ...]:
    """All of them, in the order of the files."""
    found = [one for app in APPS for path in sorted((ROOT / app).rglob("*.py")) for one in in_code(path)]
    found += [one for path in sorted((ROOT / "templates").rglob("*")) if path.is_file() for one in in_template(path)]
    return tuple(one for one in found if one[1])


def _pair(singular: str, plural: str, where: str) -> Iterator[Found]:
    alike = singular == plural
    yield "1" if alike else "", singular, where
    yield "n" if alike else "", plural, where


def in_code(path: Path) -> Iterator[Found]:
    """What is handed to gettext and its like as a constant."""
    if "migrations" in path.parts:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        name = names.get(node.func.id, "")
        given = [one.value if isinstance(one, ast.Constant) else "" for one in node.args]
        where = f"{path.relative_to(ROOT)}:{node.lineno}"
        if name.startswith("gettext"):
            yield "", given[0], where
        elif name.startswith("pgettext"):
            yield given[0], given[1], where
        elif name.startswith("ngettext"):
            yield from _pair(given[0], given[1], where)


def in_template(path: Path) -> Iterator[Found]:
    """What stands in `translate`, `blocktranslate` and `_()`."""
    inside: list[list[str]] | None = None
    is_trimmed = is_plural = False
    context = ""
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        where = f"{path.relative_to(ROOT)}:{token.lineno}"
        if inside is not None:
            if token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
                texts = ["".join(parts) for parts in inside]
                singular, plural = map(trim_whitespace, texts) if is_trimmed else texts
                if is_plural:
                    yield from _pair(singular, plural, where)
                else:
                    yield context, singular, where
                inside = None
            elif token.token_type == TokenType.BLOCK and plural_re.match(token.contents):
                is_plural = True
            elif token.token_type == TokenType.VAR:
                inside[is_plural].append(f"%({token.contents})s")
            elif token.token_type == TokenType.TEXT:
                inside[is_plural].append(token.contents.replace("%", "%%"))
            continue
        if token.token_type == TokenType.BLOCK:
            if begun := block_re.match(token.contents):
                inside, is_trimmed, is_plural = [[], []], "trimmed" in token.contents.split(), False
                context = (begun[2] or "").strip("\"'")
            elif inline := inline_re.match(token.contents):
                yield (inline[3] or "").strip("\"'"), _constant(inline[1]), where
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for constant in constant_re.findall(token.contents):
                yield "", _constant(constant), where


def bare_texts() -> Iterator[tuple[str, str]]:
    """(text, file and line) of what stands in templates beside gettext, without tags."""
    for path in sorted((ROOT / "templates").rglob("*")):
        within = ""
        for token in Lexer(path.read_text(encoding="utf-8")).tokenize() if path.is_file() else ():
            begun = token.contents.split()[0] if token.token_type == TokenType.BLOCK else ""
            if begun in ("comment", "blocktranslate"):
                within = begun
            elif begun == f"end{within}":
                within = ""
            elif token.token_type == TokenType.TEXT and not within:
                text = re.sub(r"<[^>]*>", " ", token.contents)
                yield re.sub(r"""\S*[<>="'/]\S*""", " ", text), f"{path.relative_to(ROOT)}:{token.lineno}"


def _constant(quoted: str) -> str:
    return quoted[1:-1].replace("%", "%%")


def key(kind: str, text: str) -> str:
    """How gettext is asked for a text with a context."""
    return f"{kind}{CONTEXT_ENDS}{text}" if kind not in ("", "1", "n") else text
