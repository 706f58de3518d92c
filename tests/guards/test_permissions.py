"""The matrix that the page shows is what the database grants and what its functions ask."""

from __future__ import annotations

import re

from portal.config import ROOT
from tests.support.databases import Connection, column, rows

GRANTED = """
select r.code, p.code, case
    when position('(' in p.sees) > 0 then has_function_privilege(r.database_role, p.sees, 'execute')
    when p.sees like 'api.report\\_%%' then (
      select has_function_privilege(r.database_role, f.oid, 'execute') from pg_proc as f
      where f.oid::regproc::text = p.sees)
    else has_table_privilege(r.database_role, p.sees, 'select') end
from identity.role as r cross join identity.permission as p where p.sees is not null
"""
# Of one database role more than one role: who is kept from it by policy, not by grant.
BY_POLICY = {
    ("operator_representative", "officials.read"),
    ("officer", "officials.read"),
    ("tax_inspector", "officials.read"),
}


def test_what_a_role_sees_is_what_the_database_grants(superuser: Connection) -> None:
    granted = {(role, code) for role, code, may in rows(superuser, GRANTED) if may}
    shown = set(
        rows(
            superuser,
            "select rp.role, rp.permission from identity.role_permission as rp"
            " join identity.permission as p on p.code = rp.permission where p.sees is not null",
        )
    )
    assert shown == granted - BY_POLICY
    assert granted >= BY_POLICY


def test_what_only_some_officers_see_is_refused_to_the_others(superuser: Connection) -> None:
    """By policy: rows of appointments ask for the permission."""
    conditions = column(
        superuser,
        "select qual from pg_policies where schemaname = 'identity'"
        " and tablename ~ '^appointment' and not 'dozir_writer' = any (roles)",
    )
    assert conditions
    assert all("may('officials.read'" in one for one in conditions)


def test_every_act_is_asked_for_by_a_function(superuser: Connection) -> None:
    acts = set(column(superuser, "select code from identity.permission where sees is null"))
    bodies = "\n".join(path.read_text() for path in (ROOT / "sql").rglob("functions/*.sql"))
    asked = {
        one
        for call in re.findall(r"check_permission\(((?:[^()]|\([^()]*\))*)\)", bodies)
        for one in re.findall(r"'([a-z_]+\.[a-z_]+)'", call)
    }
    assert acts == asked


def test_every_role_has_a_permission_and_every_permission_a_role(superuser: Connection) -> None:
    assert not column(
        superuser,
        "select code from identity.role where code not in"
        " (select role from identity.role_permission) union all"
        " select code from identity.permission where code not in"
        " (select permission from identity.role_permission)",
    )
    named = set(re.findall(r"'([a-z_]+\.[a-z_0-9*]+)'", _catalogue()))
    known = set(column(superuser, "select code from identity.permission"))
    assert {one for one in named if not one.endswith("*")} <= known


def _catalogue() -> str:
    return (ROOT / "sql/identity/catalogue/role_permissions.sql").read_text()
