"""A seeded sample of the campaigns about who is shown what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.campaigns import isolation, signed_in
from tests.campaigns.campaign import Task
from tests.support.databases import Cluster, Database


@pytest.fixture
def task(cluster: Cluster, fresh_database: Database) -> Iterator[Task]:
    with fresh_database.as_settings():
        yield Task(cluster, fresh_database, length=4_000, seed=71)


def test_nobody_is_shown_a_foreign_row(task: Task) -> None:
    seen = isolation.run(task)
    assert seen["foreign_rows"] == 0
    outcomes = seen["outcomes"]
    # It looked at something, and was disturbed in every way.
    assert outcomes["answers with marked rows"] > 200
    assert outcomes["pages with the own name"] > 200
    assert outcomes["direct: rows held"] > 500
    assert {
        "page 200", "page 403", "page 404", "page 503", "api 200", "nobody 303", "hung up",
        "without token 400", "backends killed", "cancels sent", "held up", "direct: Timeout",
        "direct: QueryCanceled", "direct: DatabaseUnavailable", "direct: ZeroDivisionError",
    } <= outcomes.keys()  # fmt: skip


def test_all_who_are_signed_in_see_their_own_pages(task: Task) -> None:
    seen = signed_in.run(replace(task, length=1), officials=6, accounts=24, operators=3)
    assert seen["signed_in"] == 30
    assert seen["pages"] == 60
