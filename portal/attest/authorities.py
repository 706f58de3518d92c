"""Time-stamping authorities: who they are, and asking one (RFC 3161 over HTTP, its section 3.4)."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509

from portal.asking import NoAnswer, ask
from portal.transparency import timestamps
from portal.transparency.policy import is_submission_url
from portal.transparency.timestamps import Timestamp, TimestampInvalid

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
FUTURE_SECONDS = 600


class ConfigurationInvalid(ValueError):
    """The file of authorities cannot be used; the message says why."""


class NotStamped(Exception):
    """An authority gave no time-stamp that holds; the message says why."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority: its name here, its address, the roots that it must chain to."""

    name: str
    url: str
    roots: Sequence[x509.Certificate]


def read(path: Path) -> list[Authority]:
    """The authorities of a TOML file: tables ``[[authority]]`` with name, url and roots.

    ``roots`` is a file of PEM certificates, relative to the TOML file. Raises ConfigurationInvalid.
    """
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)["authority"]
        made = [_authority(table, path.parent) for table in tables]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ConfigurationInvalid(f"{path}: {problem}") from problem
    if len({one.name for one in made}) < len(made):
        raise ConfigurationInvalid(f"{path}: a name twice")
    return made


def _authority(table: dict[str, Any], folder: Path) -> Authority:
    name, url = str(table["name"]).strip(), str(table["url"])
    if not name or len(name) > 100:
        raise ValueError("an authority has a name of up to 100 characters")
    if not is_submission_url(url):
        raise ValueError(f"{name}: its URL begins with http:// or https://")
    roots = x509.load_pem_x509_certificates((folder / str(table["roots"])).read_bytes())
    return Authority(name, url, roots)


def stamp(authority: Authority, text: str, *, answer_seconds: float = ANSWER_SECONDS) -> Timestamp:
    """A verified time-stamp of a checkpoint's text. Raises NotStamped."""
    asked = timestamps.request(text)
    try:
        answer = ask(
            authority.url,
            asked.body,
            timestamps.REQUEST_TYPE,
            largest=timestamps.MAX_ANSWER_BYTES,
            connect_seconds=CONNECT_SECONDS,
            answer_seconds=answer_seconds,
        )
        stamped = timestamps.read_answer(answer, text, asked.nonce, authority.roots)
    except NoAnswer as problem:
        raise NotStamped(str(problem)) from None
    except TimestampInvalid as problem:
        raise NotStamped(f"its answer does not hold: {problem}") from None
    if stamped.at.timestamp() > time.time() + FUTURE_SECONDS:
        raise NotStamped("it stamps a time yet to come")
    return stamped
