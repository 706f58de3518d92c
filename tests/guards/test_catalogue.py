"""What every object of the database must have."""

from __future__ import annotations

from tests.guards.catalogue import OURS
from tests.support.databases import Connection, column, rows


def test_nothing_of_ours_is_open_to_public(superuser: Connection) -> None:
    functions = column(
        superuser,
        "select p.oid::regprocedure::text from pg_proc as p,"
        " aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a"
        " where a.grantee = 0 and p.pronamespace::regnamespace::text = any (%s)",
        (list(OURS),),
    )
    relations = column(
        superuser,
        "select c.oid::regclass::text from pg_class as c, aclexplode(c.relacl) as a"
        " where a.grantee = 0 and c.relnamespace::regnamespace::text = any (%s)",
        (list(OURS),),
    )
    schemas = column(
        superuser,
        "select n.nspname from pg_namespace as n, aclexplode(n.nspacl) as a"
        " where a.grantee = 0 and n.nspname = any (%s)",
        ([*OURS, "migration", "ledger_chunks"],),
    )
    assert functions + relations + schemas == []


def test_every_object_says_what_it_is(superuser: Connection) -> None:
    silent = column(
        superuser,
        """
        select 'relation ' || c.oid::regclass from pg_class as c
        where c.relkind in ('r', 'p', 'v') and c.relnamespace::regnamespace::text = any (%(ours)s)
          and obj_description(c.oid, 'pg_class') is null
        union all
        select 'function ' || p.oid::regprocedure from pg_proc as p
        where p.pronamespace::regnamespace::text = any (%(ours)s)
          and obj_description(p.oid, 'pg_proc') is null
        union all
        select 'type ' || t.oid::regtype from pg_type as t
        left join pg_class as c on c.oid = t.typrelid
        where t.typnamespace::regnamespace::text = any (%(ours)s)
          and (t.typtype in ('e', 'd') or c.relkind = 'c')
          and obj_description(t.oid, 'pg_type') is null
        order by 1
        """,
        {"ours": list(OURS)},  # type: ignore[arg-type]
    )
    assert silent == []


def test_constraints_and_indexes_are_named_by_rule(superuser: Connection) -> None:
    """Their names become message keys: ck_ check, uq_ unique; keys of the system keep its names."""
    wrong = column(
        superuser,
        "select conname from pg_constraint where connamespace::regnamespace::text = any (%s)"
        " and conrelid <> 0 and (contype = 'c' and conname !~ '^ck_'"
        " or contype = 'u' and conname !~ '^uq_')",
        (list(OURS),),
    )
    assert wrong == []


def test_indexes_of_the_ledger_are_valid_on_every_chunk(superuser: Connection) -> None:
    assert rows(superuser, "select indexrelid::regclass from pg_index where not indisvalid") == []
