"""Lists, searches and overviews of full registers look at what they show, and find what there is.

Judged by the rows that plans say they looked at, never by time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.errors import Diagnostic

from portal.bench import registry_rows
from tests.support.databases import Cluster, Connection, Database, become, column, rows, value

SHARE = {"operators": 400, "venues": 400, "games": 10, "busy": 6}
MACHINES = 10_200  # more than are counted one by one
PAGE = 51
# Besides the page itself: the sample of 400 records, the catalogue, a row of each index that is not
# of the present. Far from a register (10,200) and from all operators (400 with several rows each).
ASIDE = 600
ONE_IN_TWENTY = MACHINES // 20
ENTRIES = 12_000  # of all registers, and of the past: read once
# All of them, in which of its texts each machine has: "m-77 sn00609763 model r".
TOGETHER_RARE = "0 1 2 3 4 5 6 7 8 9"


@pytest.fixture(scope="module")
def registers(cluster: Cluster) -> Iterator[Database]:
    """Registers of the benchmark, of a smaller market."""
    with cluster.fresh() as database:
        with database.connect(autocommit=True) as conn:
            for statement, last in (
                (registry_rows.OPERATORS, 1), (registry_rows.LICENCES, 1),
                (registry_rows.VENUES, SHARE["venues"]), (registry_rows.EQUIPMENT, MACHINES),
                (registry_rows.KEYS, 1), (registry_rows.BATCHES, 1),
                (registry_rows.CHANGES, SHARE["venues"]), (registry_rows.BLOCKS, 1),
            ):  # fmt: skip
                conn.execute(statement, SHARE | {"first": 1, "last": last})
            conn.execute(
                "update registry.equipment set serial_number = 'Zq-' || serial_number"
                " where id % 100 = 7"
            )
            conn.execute("vacuum analyze")
        yield database


@pytest.fixture
def watched(registers: Database) -> Iterator[Connection]:
    """A regulator's connection that tells the plan of every statement, those in functions too."""
    with registers.rolled_back() as conn:
        conn.execute(
            "load 'auto_explain'; set auto_explain.log_min_duration = 0;"
            "set auto_explain.log_nested_statements = on; set auto_explain.log_format = 'json';"
            "set auto_explain.log_analyze = on; set auto_explain.log_timing = off;"
            "set auto_explain.log_level = 'notice'; set client_min_messages = notice"
        )
        become(conn, "regulator")
        yield conn


def _scanned(node: dict[str, Any]) -> float:
    """Rows that the scans of tables in a plan gave or threw away."""
    own = 0.0
    if "Relation Name" in node:
        thrown = node.get("Rows Removed by Filter", 0) + node.get(
            "Rows Removed by Index Recheck", 0
        )
        own = node["Actual Loops"] * (node["Actual Rows"] + thrown)
    return own + sum(_scanned(part) for part in node.get("Plans", []))


def _looked_at(conn: Connection, query: str, parameters: tuple[Any, ...] = ()) -> int:
    """How many rows of tables a call looks at, in all statements within its functions."""
    told: list[float] = []
    conn.execute("select 1")  # the plan of what was asked before is told when its portal closes

    def listen(said: Diagnostic) -> None:
        text = said.message_primary or ""
        if "plan:" in text:
            told.append(_scanned(json.loads(text.partition("plan:")[2])["Plan"]))

    conn.add_notice_handler(listen)
    conn.execute(query, parameters or None)
    conn.remove_notice_handler(listen)
    assert told
    return round(sum(told))


FACETS = "select * from api.registry_facets('equipment', %s, %s, null, %s, %s, null, false, 51)"
LIST = "select * from api.registry_list('equipment', %s, %s, %s, %s, %s, false, 51, null, %s)"


@pytest.mark.parametrize(
    ("search", "most"),
    [
        ("model q", ONE_IN_TWENTY),
        ("q", ONE_IN_TWENTY + MACHINES // 100),
        ("zq", MACHINES // 100),
        ("model zq", MACHINES // 100),
        ("sn00007919", 1),
        ("q нічого", 0),
        (TOGETHER_RARE, ENTRIES),
    ],
)
def test_a_search_reads_what_it_finds_and_the_page_nothing_more(
    watched: Connection, search: str, most: int
) -> None:
    assert _looked_at(watched, FACETS, ("{}", search, "title_uk", False)) <= most + ASIDE
    page = [
        found
        for facet, found in rows(
            watched, f"select facet, value from ({FACETS}) as f", ("{}", search, "title_uk", False)
        )
        if facet == "page"
    ]
    assert len(page) == 1
    again = _looked_at(watched, LIST, ("{}", search, "title_uk", False, None, page[0]))
    assert again <= 4 * PAGE


def test_what_is_frequent_is_counted_to_ten_thousand(watched: Connection) -> None:
    found = rows(watched, FACETS, ("{}", "model", "title_uk", False))
    assert [row[2:] for row in found if row[0] == "total"] == [(10_000, True)]
    assert sum(number for facet, _, number, _ in found if facet == "kind") in (10_000, 10_001)
    assert "page" not in {row[0] for row in found}  # that of all is another
    exact = rows(watched, FACETS, ("{}", "", "title_uk", False))
    assert [row[2:] for row in exact if row[0] == "total"] == [(MACHINES, False)]


def test_what_is_frequent_is_found_on_the_way(watched: Connection) -> None:
    assert _looked_at(watched, LIST, ("{}", "model", "code", True, None, None)) <= 3_000 + ASIDE


@pytest.mark.parametrize(
    "filters",
    ["{}", '{"state": "blocked"}', '{"kind": "gaming_table"}', '{"model": "Model S"}',
     '{"operator": 7}'],
)  # fmt: skip
@pytest.mark.parametrize("depth", [0, 0.5, 0.98])
def test_a_page_of_a_list_costs_the_same_at_every_depth(
    watched: Connection, filters: str, depth: float
) -> None:
    whole = column(
        watched,
        "select cursor from api.registry_list('equipment', %s, '', 'title_uk', false, null, false,"
        " 1001)",
        (filters,),
    )
    place = whole[int(len(whole) * depth)] if depth else None
    if depth and not json.loads(filters):  # far in the whole list
        place = value(
            watched,
            "select replace(encode(convert_to(jsonb_build_array(e.title_uk, e.record_id)::text,"
            " 'UTF8'), 'base64'), e'\\n', '') from api.entry as e where e.kind = 'equipment' and"
            " e.recorded_until = 'infinity' order by e.title_uk, e.record_id offset %s limit 1",
            (int(MACHINES * depth),),
        )
    looked = _looked_at(watched, LIST, (filters, "", "title_uk", False, place, None))
    assert looked <= 6 * PAGE


@pytest.mark.parametrize(
    "sort", ["title_uk", "licences_active", "venues", "equipment", "games", "changes_open"]
)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("deep", [False, True])
def test_a_page_of_operators_reads_no_other_operators(
    watched: Connection, sort: str, descending: bool, deep: bool
) -> None:
    call = "select * from api.operators_at_a_glance('', null, %s, %s, %s, false, 10)"
    place = None
    if deep:
        place = value(
            watched,
            "select cursor from api.operators_at_a_glance('', null, %s, %s, null, false, 400)"
            " offset 380",
            (sort, descending),
        )
    # Of each operator: its entry and document, its numbers, its keys, its last batch.
    assert _looked_at(watched, call, (sort, descending, place)) <= 10 * 20


@pytest.mark.parametrize("role", ["regulator", "tax_service"])
def test_a_search_finds_what_is_there(registers: Database, role: str) -> None:
    """Words of one to four letters out of the texts, alone and together, against a plain look."""
    chosen = random.Random(16)
    with registers.rolled_back() as conn:
        texts = column(
            conn,
            "select search_text from registry.entry where kind = 'equipment'"
            " and recorded_until = 'infinity' order by record_id",
        )
        become(conn, role)
        for _ in range(40):
            words = []
            for _ in range(chosen.choice([1, 1, 2, 3])):
                text, length = chosen.choice(texts), chosen.choice([1, 1, 2, 2, 3, 4])
                start = chosen.randrange(len(text) - length)
                words += text[start : start + length].split()
            search = " ".join(words) or "модель"
            words = search.split()
            there = sum(all(word in text for word in words) for text in texts)
            expected = column(
                conn,
                "select e.record_id from api.entry as e where e.kind = 'equipment'"
                " and e.recorded_until = 'infinity' and (select bool_and("
                "strpos(e.search_text, w) > 0) from unnest(%s::text[]) as u (w))"
                " order by e.title_uk desc, e.record_id desc limit 51",
                (words,),
            )
            found = {
                facet: (number, shown)
                for facet, shown, number, _ in rows(conn, FACETS, ("{}", search, "title_uk", True))
            }
            assert found.get("total", (0, ""))[0] == min(there, 10_000), search
            for among in {None, found["page"][1] if "page" in found else None}:
                listed = rows(conn, LIST, ("{}", search, "title_uk", True, None, among))
                assert [row[0] for row in listed] == expected, search
