"""What the public pages ask the database: views and functions of the schema ``open_data`` alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from portal import db
from portal.errors import NotFound

CHUNK = 2_000
MOST_SHOWN = 50


@dataclass(frozen=True)
class Field:
    """A field of a dataset, as the data dictionary has it."""

    name: str
    type: str
    about: dict[str, str]


@dataclass(frozen=True)
class Dataset:
    """A dataset and its fields in the order of files; words by language."""

    code: str
    name: dict[str, str]
    about: dict[str, str]
    fields: tuple[Field, ...]

    @property
    def columns(self) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(one.name) for one in self.fields)

    @property
    def view(self) -> sql.Identifier:
        return sql.Identifier("open_data", self.code)

    @property
    def texts(self) -> list[str]:
        return [one.name for one in self.fields if one.type == "string"]


def datasets(conn: db.Connection) -> dict[str, Dataset]:
    """All there are, by code, in their order."""
    fields: dict[str, list[Field]] = {}
    for row in conn.execute(
        "select dataset, name, type, about_uk, about_en from open_data.field"
        " order by dataset, position"
    ):
        about = {"uk": row["about_uk"], "en": row["about_en"]}
        fields.setdefault(row["dataset"], []).append(Field(row["name"], row["type"], about))
    return {
        row["code"]: Dataset(
            row["code"],
            {"uk": row["name_uk"], "en": row["name_en"]},
            {"uk": row["about_uk"], "en": row["about_en"]},
            tuple(fields[row["code"]]),
        )
        for row in conn.execute(
            "select code, name_uk, name_en, about_uk, about_en from open_data.dataset"
            " order by position"
        )
    }


def dataset(conn: db.Connection, code: str) -> Dataset:
    """The one of that code. Raises NotFound."""
    found = datasets(conn).get(code)
    if found is None:
        raise NotFound
    return found


def everything(conn: db.Connection, dataset: Dataset) -> Iterator[tuple[Any, ...]]:
    """Every row of a dataset, in the order of its fields."""
    query = sql.SQL("select {} from {} order by {}").format(
        dataset.columns, dataset.view, dataset.columns
    )
    with conn.cursor(name="everything") as cursor:
        cursor.itersize = CHUNK
        for row in cursor.execute(query):
            yield tuple(row.values())


def some(
    conn: db.Connection, dataset: Dataset, wanted: str, page: int, **only: str
) -> tuple[list[db.Row], int]:
    """Rows of a page (from 1) in which a text is found or whose fields equal, and how many."""
    conditions: list[sql.Composable] = [sql.SQL("true")]
    values: list[object] = []
    if wanted:
        likes = [sql.SQL("{} ilike %s").format(sql.Identifier(name)) for name in dataset.texts]
        pattern = "%" + wanted.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        conditions.append(sql.SQL("({})").format(sql.SQL(" or ").join(likes)))
        values += [pattern] * len(likes)
    for name, value in only.items():
        conditions.append(sql.SQL("{} = %s").format(sql.Identifier(name)))
        values.append(value)
    where = sql.SQL(" and ").join(conditions)
    count = conn.execute(
        sql.SQL("select count(*) as n from {} where {}").format(dataset.view, where), values
    ).fetchone()
    rows = conn.execute(
        sql.SQL("select {} from {} where {} order by {} limit %s offset %s").format(
            dataset.columns, dataset.view, where, dataset.columns
        ),
        [*values, MOST_SHOWN, (page - 1) * MOST_SHOWN],
    ).fetchall()
    return rows, int(count["n"]) if count else 0


def counts(conn: db.Connection) -> dict[str, int]:
    """How many are in force now, for the first page."""
    row = conn.execute(
        "select (select count(*) from open_data.operators where status = 'active') as operators,"
        " (select count(*) from open_data.licences where status = 'active') as licences,"
        " (select count(*) from open_data.websites"
        "  where active_until is null or active_until > now()) as websites,"
        " (select count(*) from open_data.blocked_sites) as blocked"
    ).fetchone()
    return dict(row or {})


def verdict(conn: db.Connection, host: str, address: str) -> db.Row:
    """Whether a site is licensed, blocked or unknown, and why."""
    return db.call(conn, "open_data.site_verdict", host, address)[0]
