"""What every object of the database must have."""

from __future__ import annotations

from tests.guards.catalogue import OURS
from tests.support.databases import Connection, column, rows

SILENT = """
with relation as (
  select c.*, n.nspname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any (%(ours)s) and n.nspname not in ('migration', 'ledger_chunks')
)
select 'schema ' || n.nspname, 'sql/roles.sql' from pg_namespace as n
where n.nspname = any (%(ours)s) and obj_description(n.oid, 'pg_namespace') is null
union all
select case c.relkind when 'v' then 'view ' when 'S' then 'sequence ' when 'i' then 'index '
    else 'table ' end || c.oid::regclass,
  case c.relkind when 'v' then format('sql/%%s/views/%%s.sql', c.nspname, c.relname)
    when 'i' then format('sql/%%s/comments/indexes.sql', c.nspname)
    else 'its migration' end
from relation as c
where obj_description(c.oid, 'pg_class') is null
  and (c.relkind in ('r', 'p', 'v', 'm')
    -- the sequence of an identity column is part of the column
    or c.relkind = 'S' and not exists (
      select from pg_depend as d where d.objid = c.oid and d.deptype = 'i')
    -- the index of a constraint is part of the constraint
    or c.relkind = 'i' and not exists (
      select from pg_constraint as k where k.conindid = c.oid))
union all
select format('column %%s.%%I', c.oid::regclass, a.attname),
  format('sql/%%s/comments/columns.sql', c.nspname)
from relation as c join pg_attribute as a on a.attrelid = c.oid
where c.relkind in ('r', 'p', 'c') and a.attnum > 0 and not a.attisdropped
  and col_description(c.oid, a.attnum) is null
union all
select format('constraint %%I on %%s', k.conname, c.oid::regclass),
  format('sql/%%s/comments/constraints.sql', c.nspname)
from pg_constraint as k join relation as c on c.oid = k.conrelid
where k.conname ~ '^(ck|uq|fk)_' and obj_description(k.oid, 'pg_constraint') is null
union all
select case p.prokind when 'p' then 'procedure ' else 'function ' end || p.oid::regprocedure,
  format('sql/%%s/functions/%%s.sql', n.nspname, p.proname)
from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any (%(ours)s) and obj_description(p.oid, 'pg_proc') is null
union all
select format('trigger %%I on %%s', t.tgname, c.oid::regclass),
  format('sql/%%s/triggers/', c.nspname)
from pg_trigger as t join relation as c on c.oid = t.tgrelid
where not t.tgisinternal and obj_description(t.oid, 'pg_trigger') is null
  -- TimescaleDB's own
  and t.tgname <> 'ts_insert_blocker'
union all
select format('policy %%I on %%s', p.polname, c.oid::regclass),
  format('sql/%%s/policies/', c.nspname)
from pg_policy as p join relation as c on c.oid = p.polrelid
where obj_description(p.oid, 'pg_policy') is null
union all
select 'type ' || t.oid::regtype, 'its migration'
from pg_type as t join pg_namespace as n on n.oid = t.typnamespace
left join pg_class as c on c.oid = t.typrelid
where n.nspname = any (%(ours)s) and (t.typtype in ('e', 'd') or c.relkind = 'c')
  and obj_description(t.oid, 'pg_type') is null
order by 2, 1
"""


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
    """Each line of the failure is what to add, and where; views' columns speak for themselves."""
    silent = rows(superuser, SILENT, {"ours": [*OURS, "migration", "ledger_chunks"]})  # type: ignore[arg-type]
    lines = [f"{where}: comment on {what} is '…';" for what, where in silent]
    assert not lines, "\n" + "\n".join(lines)


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
