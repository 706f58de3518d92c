"""Applications and changes between transactions: races, stale versions, what takes effect when."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.support.databases import Connection, Database, become, rows, value
from tests.support.market import Operator, alpha, beta, register

VENUE = {
    "code": "NEW-1", "name_uk": "Зал", "name_en": "Hall", "region": "UA-30",
    "address": "вул. Нова, 1", "active_from": "2026-01-01",
}  # fmt: skip
SAVE = "select id, version from api.save_change(%s, %s, %s, %s, %s, %s, %s)"
STEP = "select * from api.step_change(%s, %s, %s, %s)"


@pytest.fixture
def operator(fresh_database: Database) -> Operator:
    with fresh_database.connect() as conn:
        return register(conn, alpha())


def _as(conn: Connection, role: str, operator_id: int | None = None, person: str = "") -> None:
    become(conn, role, operator_id)
    conn.execute("select set_config('dozir.person_id', %s, true)", (person,))
    conn.execute("select set_config('dozir.actor', %s, true)", (f"person {person}",))


def _save(
    database: Database, owner: int | None, kind: str, action: str, record: int | None,
    proposed: dict[str, Any], role: str = "operator", person: str = "",
) -> int:  # fmt: skip
    with database.connect("dozir_portal") as conn:
        _as(conn, role, owner if role == "operator" else None, person)
        made: int = rows(
            conn, SAVE, (None, kind, action, record, owner, Jsonb(proposed), None)
        )[0][0]  # fmt: skip
        return made


def _step(
    database: Database, change: int, action: str, *, role: str = "regulator",
    owner: int | None = None, reason: str | None = None, version: int | None = None,
    person: str = "",
) -> Any:  # fmt: skip
    with database.connect("dozir_migrator") as conn:  # which signs nothing
        _as(conn, role, owner, person)
        return rows(conn, STEP, (change, action, reason, version))[0]


def _submitted(database: Database, owner: int, *change: Any) -> int:
    made = _save(database, owner, *change)
    _step(database, made, "submit", role="operator", owner=owner)
    _step(database, made, "take")
    return made


def _state(database: Database, change: int) -> str:
    with database.connect() as conn:
        found: str = value(conn, "select state from registry.change where id = %s", (change,))
        return found


def test_of_two_officials_who_decide_at_once_one_is_told(
    fresh_database: Database, operator: Operator
) -> None:
    for round_ in range(6):
        venue = VENUE | {"code": f"RACE-{round_}"}
        change = _submitted(fresh_database, operator.id, "venue", "create", None, venue)
        version = _version(fresh_database, change)

        def decide(action: str, change: int = change, version: int = version) -> str:
            try:
                _step(fresh_database, change, action, reason="тому що", version=version)
            except psycopg.Error as problem:
                facts = json.loads(problem.diag.message_detail or "{}")
                assert facts["state"] in ("approved", "refused")
                return str(problem.sqlstate)
            return action

        with ThreadPoolExecutor(2) as pool:
            said = set(pool.map(decide, ("approve", "refuse")))
        assert len(said & {"approve", "refuse"}) == 1
        assert "DZW02" in said
        with fresh_database.connect() as conn:
            there = value(
                conn, "select count(*) from registry.channel where code = %s", (f"RACE-{round_}",)
            )
        assert there == (1 if _state(fresh_database, change) == "approved" else 0)


def _version(database: Database, change: int) -> int:
    with database.connect() as conn:
        found: int = value(conn, "select version from registry.change where id = %s", (change,))
        return found


def test_a_stale_base_is_a_conflict_with_both_versions(
    fresh_database: Database, operator: Operator
) -> None:
    venue = operator.channel["HALL-1"]
    first, second = (
        _submitted(fresh_database, operator.id, "venue", "amend", venue, {"opening_hours": hours})
        for hours in ("10-18", "12-24")
    )
    _step(fresh_database, first, "approve")
    with pytest.raises(psycopg.Error) as caught:
        _step(fresh_database, second, "approve")
    assert caught.value.sqlstate == "DZW03"
    facts = json.loads(caught.value.diag.message_detail or "")
    assert (facts["base"].get("opening_hours"), facts["present"]["opening_hours"]) == ("", "10-18")
    assert facts["proposed"] == {"opening_hours": "12-24"}
    assert _state(fresh_database, second) == "in_review"
    # Returned, looked at anew and saved on the present version, it goes through.
    _step(fresh_database, second, "return", reason="застаріло")
    with fresh_database.connect("dozir_portal") as conn:
        _as(conn, "operator", operator.id)
        hours = Jsonb({"opening_hours": "12-24"})
        present = facts["present_version"]
        conn.execute(SAVE, (second, None, None, None, None, hours, present))
    _step(fresh_database, second, "submit", role="operator", owner=operator.id)
    _step(fresh_database, second, "take")
    _step(fresh_database, second, "approve")
    assert _state(fresh_database, second) == "approved"


def test_two_approvals_that_exclude_each_other_write_one(
    fresh_database: Database, operator: Operator
) -> None:
    term = {"licence_kind_id": 9, "valid_from": "2026-01-01", "valid_until": "2028-01-01"}
    changes = [
        _submitted(
            fresh_database, operator.id, "licence", "create", None, term | {"number": "SAME-1"}
        )
        for _ in range(2)
    ]

    def approve(change: int) -> str:
        try:
            _step(fresh_database, change, "approve")
        except psycopg.Error as problem:
            return str(problem.sqlstate)
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, changes)) == ["DZR03", "approved"]


def test_a_machine_is_not_moved_into_anothers_venue(
    fresh_database: Database, operator: Operator
) -> None:
    with fresh_database.connect() as conn:
        other = register(conn, beta())
    made = _save(
        fresh_database, other.id, "venue", "create", None, VENUE, role="regulator"
    )  # fmt: skip
    venue = _step(fresh_database, made, "enter", reason="лист")[3]
    machine = operator.equipment["SLOT-1"]
    moved = _save(fresh_database, operator.id, "equipment", "amend", machine, {"channel_id": venue})
    with pytest.raises(psycopg.Error) as caught:
        _step(fresh_database, moved, "submit", role="operator", owner=operator.id)
    assert json.loads(caught.value.diag.message_detail or "") == [
        {"attribute": "channel_id", "code": "reference"}
    ]
    with fresh_database.connect() as conn, pytest.raises(psycopg.Error) as caught:
        conn.execute(
            "update registry.equipment set channel_id = %s where id = %s", (venue, machine)
        )
    assert caught.value.sqlstate == "DZR03"


def test_life_of_a_machine_is_kept(fresh_database: Database, operator: Operator) -> None:
    new = {
        "code": "M-9", "kind": "slot_machine", "serial_number": "S9", "model": "M",
        "active_from": "2026-01-01",
    }  # fmt: skip
    change = _submitted(fresh_database, operator.id, "equipment", "create", None, new)
    machine = _step(fresh_database, change, "approve")[3]
    states = [_entry(fresh_database, machine)[0]]
    halls = [operator.channel["HALL-1"], None]
    for hall in halls:
        change = _submitted(
            fresh_database, operator.id, "equipment", "amend", machine, {"channel_id": hall}
        )
        _step(fresh_database, change, "approve")
        states.append(_entry(fresh_database, machine)[0])
    change = _submitted(
        fresh_database, operator.id, "equipment", "end", machine, {"active_until": "2026-02-01"}
    )
    _step(fresh_database, change, "approve", reason="списано")
    state, document = _entry(fresh_database, machine)
    assert [*states, state] == ["registered", "installed", "registered", "retired"]
    assert [place["channel_id"] for place in document["places"]] == [operator.channel["HALL-1"]]
    back = _save(fresh_database, operator.id, "equipment", "amend", machine, {"active_until": None})
    with fresh_database.connect() as conn, pytest.raises(psycopg.Error) as caught:
        conn.execute(
            "update registry.equipment set active_until = 'infinity' where id = %s", (machine,)
        )
    assert caught.value.sqlstate == "DZW01"
    assert back


def _entry(database: Database, machine: int) -> Any:
    with database.connect() as conn:
        return rows(
            conn,
            "select state, document from registry.entry"
            " join registry.entry_document using (kind, record_id, version)"
            " where kind = 'equipment' and record_id = %s and recorded_until = 'infinity'",
            (machine,),
        )[0]


def test_as_of_is_what_the_registry_said_then(fresh_database: Database, operator: Operator) -> None:
    venue = operator.channel["HALL-1"]
    with fresh_database.connect() as conn:
        before = value(conn, "select clock_timestamp()")
    change = _submitted(
        fresh_database, operator.id, "venue", "amend", venue, {"address": "вул. Інша, 2"}
    )
    _step(fresh_database, change, "approve")
    query = "select document ->> 'address' from api.registry_record('venue', %s, %s)"
    listed = (
        "select document ->> 'address' from api.registry_list('venue', %s, p_as_of => %s)"
    )  # fmt: skip
    code = Jsonb({"code": "HALL-1"})
    with fresh_database.acting_as("auditor") as conn:
        assert value(conn, query, (venue, before)) == "вул. Вигадана, HALL-1"
        assert value(conn, query, (venue, None)) == "вул. Інша, 2"
        assert value(conn, listed, (code, before)) == "вул. Вигадана, HALL-1"
        assert value(conn, listed, (code, None)) == "вул. Інша, 2"
        assert rows(
            conn,
            "select version, change_id, attribute, old_value, new_value"
            " from api.registry_history('venue', %s, null, 1)",
            (venue,),
        ) == [(2, change, "address", "вул. Вигадана, HALL-1", "вул. Інша, 2")]


def test_an_applicant_becomes_the_operator_it_applied_for(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        conn.execute("select identity.start_demo()")
        one, two = (
            value(
                conn,
                "insert into identity.person (role, name_uk, name_en, organisation_uk,"
                " organisation_en) values ('operator', 'З', 'A', '-', '-') returning id",
            )
            for _ in range(2)
        )
    organiser = {
        "code": "NEWCO", "name_uk": "Новий", "name_en": "New", "taxpayer_code": "14360570",
        "active_from": "2026-01-01",
    }  # fmt: skip
    change = _save(fresh_database, None, "organiser", "create", None, organiser, person=str(one))
    with pytest.raises(psycopg.Error) as caught:  # another applicant, or nobody
        _step(fresh_database, change, "submit", role="operator", person=str(two))
    assert caught.value.sqlstate == "DZR01"
    with pytest.raises(psycopg.Error) as caught:
        _step(fresh_database, change, "submit", role="operator")
    assert caught.value.sqlstate == "DZR01"
    with pytest.raises(psycopg.Error) as caught:  # nothing but an organiser without an operator
        _save(fresh_database, None, "venue", "create", None, VENUE, person=str(one))
    assert caught.value.sqlstate == "DZR02"
    _step(fresh_database, change, "submit", role="operator", person=str(one))
    _step(fresh_database, change, "take")
    operator_id = _step(fresh_database, change, "approve")[3]
    with fresh_database.connect() as conn:
        assert rows(
            conn, "select operator_id, organisation_uk from identity.person where id = %s", (one,)
        ) == [(operator_id, "Новий")]
        assert value(conn, "select operator_id from identity.person where id = %s", (two,)) is None


def test_a_representative_does_what_the_powers_allow(
    fresh_database: Database, operator: Operator
) -> None:
    person = {
        "code": "R-1", "name_uk": "О", "name_en": "O", "position": "Інженер",
        "powers": ["portal", "keys"], "active_from": "2026-01-01",
    }  # fmt: skip
    change = _submitted(fresh_database, operator.id, "representative", "create", None, person)
    representative = _step(fresh_database, change, "approve")[3]
    with fresh_database.connect() as conn:
        [(id_, until)] = rows(
            conn,
            "select id, active_until::text from identity.person where representative_id = %s",
            (representative,),
        )
    assert until == "infinity"
    with pytest.raises(psycopg.Error) as caught:
        _save(fresh_database, operator.id, "venue", "create", None, VENUE, person=str(id_))
    assert caught.value.sqlstate == "DZR02"
    with fresh_database.acting_as("operator", operator.id) as conn:
        _as(conn, "operator", operator.id, str(id_))
        conn.execute("select api.revoke_access_key(%s)", (operator.key.id,))
    change = _submitted(
        fresh_database, operator.id, "representative", "amend", representative,
        {"powers": ["propose"]},
    )  # fmt: skip
    _step(fresh_database, change, "approve")
    with fresh_database.connect() as conn:
        assert value(
            conn, "select active_until <= now() from identity.person where id = %s", (id_,)
        )


def test_time_alone_turns_states_once(fresh_database: Database, operator: Operator) -> None:
    with fresh_database.connect() as conn:
        conn.execute(
            "update registry.licence set valid_until = now() + interval '0.3 seconds'"
            " where number = 'A-CASINO'"
        )
    with fresh_database.connect() as conn:
        conn.execute("select pg_sleep(0.4)")
    with fresh_database.connect() as conn:
        assert value(conn, "select maintenance.turn_some_states(100)") == 1
    with fresh_database.connect() as conn:
        assert value(conn, "select maintenance.turn_some_states(100)") == 0
        assert rows(
            conn,
            "select state, actor from registry.entry where code = 'A-CASINO' order by version desc"
            " limit 1",
        ) == [("expired", "time")]
