"""Datasets as files at addresses that stay: CSV, JSON, and their data dictionary.

Sources: RFC 4180 (CSV), Frictionless Data Package and Table Schema, https://specs.frictionlessdata.io.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.exports.formats.csv_file import safe_text
from portal.identity.login import public
from portal.open_data import gateway
from portal.open_data.gateway import Dataset
from portal.open_data.site import (
    blueprint,
    kept,
    open_to_programs,
    parameters,
    version,
)

CSV, JSON = "text/csv; charset=utf-8; header=present", "application/json"
TYPES = {"decimal": "number"}  # as Table Schema calls it


@blueprint.get("/data/")
@public
def catalogue() -> ResponseReturnValue:
    """Where the datasets are listed for programs."""
    parameters()
    return redirect(url_for("open_data.package"), 302)


@blueprint.get("/data/datapackage.json")
@public
def package() -> ResponseReturnValue:
    """The data dictionary: every dataset, its files and the meaning of every field."""
    parameters()
    with db.public() as conn:
        state = version(conn).registry
        made = kept(("package",), state, lambda: (_package(gateway.datasets(conn)), JSON))
    return open_to_programs(made)


@blueprint.get("/data/<string:name>.<any(csv, json):form>")
@public
def file(name: str, form: str) -> ResponseReturnValue:
    """A dataset, whole."""
    parameters()
    with db.public() as conn:

        def make() -> tuple[bytes, str]:
            dataset = gateway.dataset(conn, name)
            rows = gateway.everything(conn, dataset)
            return (as_csv(dataset, rows), CSV) if form == "csv" else (as_json(dataset, rows), JSON)

        made = kept(("file", name, form), version(conn).state(), make)
    return named(open_to_programs(made), f"{name}.{form}")


def named(response: Response, name: str) -> Response:
    """Under which name a browser keeps the file."""
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def as_csv(dataset: Dataset, rows: Iterable[tuple[Any, ...]]) -> bytes:
    """Comma-separated, UTF-8 with a mark at its beginning, as spreadsheets need it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([one.name for one in dataset.fields])
    for row in rows:
        writer.writerow([safe_text(one) if isinstance(one, str) else _text(one) for one in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_json(dataset: Dataset, rows: Iterable[tuple[Any, ...]]) -> bytes:
    """One object with its rows, a row on each line; money as decimal strings."""
    names = [one.name for one in dataset.fields]
    lines = ",\n".join(
        json.dumps(
            dict(zip(names, map(_value, row), strict=True)), ensure_ascii=False, sort_keys=False
        )
        for row in rows
    )
    return f'{{"dataset": {json.dumps(dataset.code)}, "rows": [\n{lines}\n]}}\n'.encode()


def _value(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _package(known: dict[str, Dataset]) -> bytes:
    document = {
        "profile": "data-package",
        "name": "dozir-open-data",
        "title": "Відкриті дані ринку азартних ігор",
        "description": "Open data of the gambling market, by Dozir",
        "resources": [
            {
                "name": one.code,
                "title": one.name["uk"],
                "title_en": one.name["en"],
                "description": one.about["uk"],
                "description_en": one.about["en"],
                "profile": "tabular-data-resource",
                "path": f"{one.code}.csv",
                "json": f"{one.code}.json",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {
                            "name": field.name,
                            "type": TYPES.get(field.type, field.type),
                            "description": field.about["uk"],
                            "description_en": field.about["en"],
                        }
                        for field in one.fields
                    ],
                    "missingValues": [""],
                },
            }
            for one in known.values()
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
