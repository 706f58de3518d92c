"""No text of a stranger becomes an expression, a template or code, and no expression of ours takes
exponential time, whatever text it is given.

Python's matcher tries again wherever a repetition could have ended elsewhere. A repetition within a
repetition, both without an end, may do so in exponentially many ways; so may an alternative within
one whose branches begin alike, which is not looked for: none of ours has such branches.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from portal import config

Import = ast.Import | ast.ImportFrom

# What repeats so often at most costs little, nested as it may be.
FEW = 20
REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT}


def nested(parsed: Any, within: bool = False) -> bool:
    """Whether a long repetition stands directly in another that can eat the same again.

    Where the outer one's turn begins with something fixed that the inner one cannot eat, the turns
    are told apart, and there is one way alone.
    """
    for operation, argument in parsed:
        if operation in REPEATS:
            _, most, inner = argument
            long = most == constants.MAXREPEAT or most > FEW
            if long and within:
                return True
            if nested(inner, (within or long) and not separated(inner)):
                return True
        elif operation is constants.SUBPATTERN:
            if nested(argument[-1], within):
                return True
        elif operation is constants.BRANCH:
            if any(nested(one, within) for one in argument[1]):
                return True
        elif operation in (constants.ASSERT, constants.ASSERT_NOT) and nested(argument[1], within):
            return True
    return False


def separated(inner: Any) -> bool:
    """Whether a turn begins with a single character that is none of its own repetitions'."""
    items = list(inner)
    while len(items) == 1 and items[0][0] is constants.SUBPATTERN:
        items = list(items[0][1][-1])
    if not items or items[0][0] is not constants.LITERAL:
        return False
    first = chr(items[0][1])
    return not any(
        operation in REPEATS and re.fullmatch(_text(argument[2]), first)
        for operation, argument in items[1:]
        if operation in REPEATS
    )


def _text(parsed: Any) -> re.Pattern[str]:
    """The expression of a repetition's inside; one that eats anything where it is not simple."""
    for operation, argument in parsed:
        if operation is constants.IN:
            return re.compile("".join(_set(argument)) or ".", re.DOTALL)
        if operation is constants.LITERAL:
            return re.compile(re.escape(chr(argument)))
        if operation is constants.ANY:
            return re.compile(".")
        if operation is constants.NOT_LITERAL:
            return re.compile(f"[^{re.escape(chr(argument))}]")
        break
    return re.compile(".", re.DOTALL)


def _set(argument: Any) -> Iterator[str]:
    yield "["
    for operation, value in argument:
        if operation is constants.NEGATE:
            yield "^"
        elif operation is constants.LITERAL:
            yield re.escape(chr(value))
        elif operation is constants.RANGE:
            yield f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif operation is constants.CATEGORY:
            yield {
                constants.CATEGORY_DIGIT: r"\d", constants.CATEGORY_WORD: r"\w",
                constants.CATEGORY_SPACE: r"\s", constants.CATEGORY_NOT_SPACE: r"\S",
                constants.CATEGORY_NOT_WORD: r"\W", constants.CATEGORY_NOT_DIGIT: r"\D",
            }[value]  # fmt: skip
    yield "]"


def expressions() -> Iterator[tuple[str, Any]]:
    """Each text handed to ``re`` in the portal, with its place."""
    for place, node, name in calls():
        if (
            re.fullmatch(r"re\.\w+", name)
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str | bytes)
        ):
            yield f"{place}:{node.lineno}", node.args[0].value


@pytest.mark.parametrize("text", [r"(a+)+$", r"(a*)*b", r"(\w+\s?)+$", r"((a|b)+c?)+", r"(,?\w+)+"])
def test_what_is_dangerous_is_noticed(text: str) -> None:
    assert nested(parser.parse(text))


@pytest.mark.parametrize("text", [r"a+b+", r"[a-z]+(-[a-z]+)*", r"(\d{1,3}){4}", r"(/[^/]+)+"])
def test_what_is_harmless_is_let_pass(text: str) -> None:
    assert not nested(parser.parse(text))


def test_no_expression_repeats_a_repetition() -> None:
    found = dict(expressions())
    assert len(found) > 40
    assert [place for place, text in found.items() if nested(parser.parse(text))] == []


# What is made of constants of the same module, and never of what somebody typed.
MADE_OF_OUR_OWN = {
    "portal/declarations/api.py",
    "portal/ingest/columns.py",
    "portal/market/faults.py",
}
# Ports to try, moments to spread, and invented operators; never a secret.
PLAY = {"portal/runtime/instance.py", "portal/live/stream.py", "portal/market", "portal/bench"}
# Judging signatures, and the software keys of demonstrations and scripts.
OWN_CRYPTOGRAPHY = {
    "portal/bench/signatures.py",
    "portal/identity/signatures/algorithms.py",
    "portal/identity/signatures/keys.py",
    "portal/identity/signatures/software_keys.py",
}
RUNNING = {"eval", "exec", "compile", "__import__"}
READING = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}
TEMPLATES = {"from_string", "render_template_string"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "yaml.load", "yaml.unsafe_load"}


@cache
def looked_at() -> tuple[list[tuple[str, Import]], list[tuple[str, ast.Call, str]]]:
    """What the portal's code imports and what it calls, each with its file; read once."""
    imports, called = [], []
    for path in sorted(Path(config.ROOT / "portal").rglob("*.py")):
        place = str(path.relative_to(config.ROOT))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Import):
                imports.append((place, node))
            elif isinstance(node, ast.Call):
                called.append((place, node, ast.unparse(node.func)))
    return imports, called


def imports() -> list[tuple[str, Import]]:
    return looked_at()[0]


def calls() -> list[tuple[str, ast.Call, str]]:
    return looked_at()[1]


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """The code of the whole portal, parsed, is much to keep for tests of other files."""
    yield
    looked_at.cache_clear()


def test_no_expression_is_made_of_what_somebody_typed() -> None:
    """It is a text or a constant of the code, or made of those."""
    strange = []
    for place, call, name in calls():
        if name.startswith("re.") and name != "re.escape" and call.args:
            inner = [n for n in ast.walk(call.args[0]) if isinstance(n, ast.Name)]
            if not all(n.id.lstrip("_").isupper() or n.id in {"re", "len"} for n in inner):
                strange.append(place)
    assert set(strange) <= MADE_OF_OUR_OWN


def test_nothing_runs_a_text_as_code() -> None:
    for place, call, name in calls():
        assert name not in RUNNING | SHELLS, place
        assert name.rpartition(".")[2] not in TEMPLATES, place
        assert not any(k.arg == "shell" for k in call.keywords), place
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"format", "format_map"}:
            of = ast.unparse(call.func.value)
            ours = isinstance(call.func.value, ast.Constant | ast.Name)
            assert ours or of.startswith(("sql.SQL(", "Markup('")) or of == "msgspec.json", (
                f"{place}: {of}"
            )
    for place, node in imports():
        named = {one.name for one in node.names} | {getattr(node, "module", None)}
        assert not named & READING, place


def test_chance_that_can_be_guessed_is_for_play_alone() -> None:
    users = {
        place
        for place, node in imports()
        if "random" in {getattr(node, "module", None), *(one.name for one in node.names)}
    }
    assert users
    assert [one for one in users if not one.startswith(tuple(PLAY))] == []


def test_cryptography_of_our_own_verifies_signatures_and_makes_those_of_demonstrations() -> None:
    """No library has DSTU 4145, GOST 34.311 and Kupyna; where a secret is, another one works."""
    users = {
        place.partition(":")[0]
        for place, node in imports()
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("portal.identity.signatures.crypto")
        and "/crypto/" not in place
    }
    assert users == OWN_CRYPTOGRAPHY
