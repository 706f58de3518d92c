"""What a signature has to be: dated configuration, see ``policy.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

DEFAULT = Path(__file__).with_name("policy.toml")
_USAGES = frozenset(("digital_signature", "non_repudiation"))


class PolicyInvalid(ValueError):
    """A file of policies that cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Policy:
    """The rules from a moment on; the fields are those of ``policy.toml``."""

    since: datetime
    signers: int
    signers_certificate_inside: bool
    signing_certificate_v2: bool
    qualified: bool
    secure_device: bool
    seals: bool
    key_usage: frozenset[str]
    certificate_policies: frozenset[str]
    curves: frozenset[str]
    largest_signature: int
    largest_content: int
    largest_content_national: int
    clock_seconds: int
    ocsp_hours: int
    list_grace_hours: int


@cache
def default() -> tuple[Policy, ...]:
    """The policies that come with Dozir."""
    return read(DEFAULT)


def of(folder: Path) -> tuple[Policy, ...]:
    """A trust folder's own ``policy.toml``, else Dozir's policies. Raises PolicyInvalid."""
    own = folder / DEFAULT.name
    return read(own) if own.exists() else default()


def at(moment: datetime, policies: Sequence[Policy]) -> Policy:
    """The rules of a moment; before the first policy its own."""
    return [policies[0], *(one for one in policies if one.since <= moment)][-1]


def read(path: Path) -> tuple[Policy, ...]:
    """The policies of a TOML file, oldest first. Raises PolicyInvalid."""
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)["policy"]
        found = tuple(_policy(table) for table in tables)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise PolicyInvalid(f"{path}: {type(problem).__name__}: {problem}") from problem
    if not found or list(found) != sorted(found, key=lambda one: one.since):
        raise PolicyInvalid(f"{path}: no policies, or not in the order of their dates")
    return found


def _policy(table: dict[str, Any]) -> Policy:
    given = {("since" if name == "from" else name): value for name, value in table.items()}
    names = {field.name for field in fields(Policy)}
    if set(given) != names:
        raise ValueError(f"missing or unknown: {', '.join(sorted(set(given) ^ names))}")
    for name, value in given.items():
        given[name] = _value(name, value)
    if given["signers"] != 1:
        raise ValueError("signers: exactly one signature is what can be judged")
    if not given["key_usage"] or given["key_usage"] - _USAGES:
        raise ValueError(f"key_usage: one or both of {', '.join(sorted(_USAGES))}")
    return Policy(**given)


def _value(name: str, value: Any) -> Any:
    wanted = str(Policy.__annotations__[name])
    if wanted == "datetime" and isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC)
    if wanted == "bool" and isinstance(value, bool):
        return value
    if wanted == "int" and isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if wanted.startswith("frozenset") and all(isinstance(one, str) for one in value):
        return frozenset(value)
    raise ValueError(f"{name}: not a value of its kind ({wanted})")
