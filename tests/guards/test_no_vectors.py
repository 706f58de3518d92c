"""No vector extension or package is required, now or by any upgrade."""

from __future__ import annotations

import re
import tomllib

from portal import config
from portal.runtime import checks, packages
from tests.support.databases import Connection, column

VECTORS = re.compile(
    r"vector|embedding|faiss|hnsw|pgai|chroma|qdrant|milvus|weaviate", re.IGNORECASE
)
NEEDED = {"plpgsql", "timescaledb", "pg_stat_statements", "pg_trgm", "btree_gist", "btree_gin"}


def test_no_package_of_vectors_is_required() -> None:
    project = tomllib.loads((config.ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *project["tool"]["dozir"]["postgresql"]["debian_packages"],
        *packages.EXTENSIONS,
        *checks.NOTED_EXTENSIONS,
    ]
    assert [name for name in wanted if VECTORS.search(name)] == []


def test_no_sql_creates_another_extension() -> None:
    created = [
        name
        for folder in ("sql", "migrations")
        for path in (config.ROOT / folder).rglob("*.sql")
        for name in re.findall(
            r"create extension (?:if not exists )?(\w+)", path.read_text(), re.IGNORECASE
        )
    ]
    assert set(created) <= NEEDED


def test_the_database_has_no_other_extension(superuser: Connection) -> None:
    assert set(column(superuser, "select extname from pg_extension")) == NEEDED


def test_no_column_is_a_vector(superuser: Connection) -> None:
    assert (
        column(
            superuser,
            "select typname from pg_type where typname ~* 'vector' and typname <> all"
            " ('{tsvector,_tsvector,gtsvector,_gtsvector,int2vector,_int2vector,"
            "oidvector,_oidvector}')",
        )
        == []
    )
