"""``dozir schema``: the database described by itself, for ``docs/schema.md``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import click
import psycopg
from psycopg.rows import dict_row

from portal import config, runtime
from portal.schema.plan import ours

PAGE = config.ROOT / "docs" / "schema.md"
HEAD = """\
# The schema

Generated from the catalogue by `dozir schema --write`; a test fails when it is out of date.
In `psql` (`dozir db psql`) the same is shown by `\\dn+`, `\\d+ ledger.batch`, `\\df+ api.*`, `\\dp`
and `\\du+`. A function's text is in `sql/<schema>/functions/<name>.sql`, a view's in
`sql/<schema>/views/`.
Chunks of `ledger.transaction` and the tables of the migrations' library are left out.
"""
LEFT_OUT = ("ledger_chunks", "migration")
Row = dict[str, Any]

_ROLES = """
select r.rolname as name, case when r.rolcanlogin then 'yes' else 'no' end as login,
  shobj_description(r.oid, 'pg_authid') as words
from pg_roles as r
where r.rolname ~ '^dozir_'
  or r.rolname in ('operator', 'regulator', 'tax_service', 'registrar', 'auditor',
    'financial_monitoring', 'fairness', 'administrator')
order by not r.rolcanlogin, r.rolname
"""
_SCHEMAS = """
select n.nspname as name, obj_description(n.oid, 'pg_namespace') as words
from pg_namespace as n where n.nspname = any (%s)
"""
_TABLES = """
select c.oid, c.relname as name, obj_description(c.oid, 'pg_class') as words
from pg_class as c where c.relnamespace = %s::regnamespace and c.relkind in ('r', 'p')
order by c.relname
"""
_COLUMNS = """
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
  concat_ws(', ', case when not a.attnotnull then 'may be null' end,
    case when a.attidentity <> '' then 'numbered' end,
    case when d.adbin is not null then 'default ' || pg_get_expr(d.adbin, d.adrelid) end) as more,
  col_description(a.attrelid, a.attnum) as words
from pg_attribute as a
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = %s and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
_RULES = """
select k.conname as name, pg_get_constraintdef(k.oid) as rule,
  obj_description(k.oid, 'pg_constraint') as words
from pg_constraint as k where k.conrelid = %s and k.contype in ('p', 'u', 'f', 'c', 'x')
order by position(k.contype in 'pufcx'), k.conname
"""
_INDEXES = """
select c.relname as name, regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') as rule,
  obj_description(c.oid, 'pg_class') as words
from pg_index as i join pg_class as c on c.oid = i.indexrelid
where i.indrelid = %s and not exists (select from pg_constraint as k where k.conindid = c.oid)
order by c.relname
"""
_TRIGGERS = """
select t.tgname as name,
  regexp_replace(
    pg_get_triggerdef(t.oid), '^CREATE TRIGGER \\S+ (.*) ON .* EXECUTE FUNCTION ', '\\1: '
  ) as rule,
  obj_description(t.oid, 'pg_trigger') as words
from pg_trigger as t where t.tgrelid = %s and not t.tgisinternal and t.tgname <> 'ts_insert_blocker'
order by t.tgname
"""
_POLICIES = """
select p.polname as name, format('%%s to %%s%%s',
    case p.polcmd when 'r' then 'select' when '*' then 'all' else p.polcmd::text end,
    array_to_string(array(
      select u.member::regrole::text collate "C"
      from unnest(p.polroles) as u (member) order by 1), ', '),
    ' where ' || pg_get_expr(p.polqual, p.polrelid)) as rule,
  obj_description(p.oid, 'pg_policy') as words
from pg_policy as p where p.polrelid = %s order by p.polname
"""
_FOREIGN = """
select c.relname as from_table, f.relname as to_table, n.nspname as to_schema,
  array_to_string(array(
    select a.attname from unnest(k.conkey) as u (n)
    join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.n), ', ') as by
from pg_constraint as k
join pg_class as c on c.oid = k.conrelid join pg_class as f on f.oid = k.confrelid
join pg_namespace as n on n.oid = f.relnamespace
where k.contype = 'f' and c.relnamespace = %s::regnamespace order by 1, 2, 4
"""
_VIEWS = """
select c.relname as name, obj_description(c.oid, 'pg_class') as words,
  array_to_string(array(
    select distinct x.grantee::regrole::text collate "C" from aclexplode(c.relacl) as x
    where x.grantee <> c.relowner order by 1), ', ') as who
from pg_class as c where c.relnamespace = %s::regnamespace and c.relkind in ('v', 'm')
order by c.relname
"""
_TABLE_GRANTS = """
select string_agg(g.rights || ': ' || g.who, '; ' order by g.rights) as text from (
  select rights, string_agg(who, ', ' order by who) as who from (
    select x.grantee::regrole::text collate "C" as who,
      string_agg(lower(x.privilege_type), ' ' order by x.privilege_type) as rights
    from pg_class as c, aclexplode(c.relacl) as x
    where c.oid = %(table)s and x.grantee <> c.relowner group by 1
    union all
    select x.grantee::regrole::text collate "C",
      'some columns ' || lower(x.privilege_type)
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid, aclexplode(a.attacl) as x
    where c.oid = %(table)s and x.grantee <> c.relowner group by x.grantee, x.privilege_type
  ) as one group by rights
) as g
"""
_ROUTINES = """
select p.oid::regprocedure::text collate "C" as name, pg_get_function_result(p.oid) as result,
  case p.prokind when 'p' then 'procedure' else 'function' end as kind,
  case when p.prosecdef then pg_get_userbyid(p.proowner) else '' end as acts_as,
  array_to_string(array(
    select distinct case x.grantee
      when 0 then 'public' else x.grantee::regrole::text collate "C" end
    from aclexplode(p.proacl) as x where x.grantee <> p.proowner order by 1), ', ') as who,
  obj_description(p.oid, 'pg_proc') as words
from pg_proc as p where p.pronamespace = %s::regnamespace order by 1
"""
_TYPES = """
select t.typname as name, obj_description(t.oid, 'pg_type') as words,
  (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', '
    order by a.attnum) from pg_attribute as a where a.attrelid = t.typrelid) as rule
from pg_type as t left join pg_class as c on c.oid = t.typrelid
where t.typnamespace = %s::regnamespace and (t.typtype in ('e', 'd') or c.relkind = 'c')
order by t.typname
"""


@click.command()
@click.option("--write", is_flag=True, help="Write docs/schema.md instead of printing.")
def schema(write: bool) -> None:
    """Describe the database in Markdown: tables, views, functions, who may what."""
    try:
        with psycopg.connect(runtime.maintenance_url()) as conn:
            text = page(conn)
    except psycopg.Error as problem:
        if problem.sqlstate is None:  # no connection: told as of every command
            raise
        raise click.ClickException(str(problem)) from problem
    if write:
        PAGE.write_text(text)
        click.echo(f"written: {PAGE.relative_to(config.ROOT)}")
    else:
        click.echo(text, nl=False)


def page(conn: psycopg.Connection[Any]) -> str:
    """The whole page, the same for the same catalogue."""
    conn.execute("set local search_path = pg_catalog")
    return "\n".join(_page(conn)) + "\n"


def _page(conn: psycopg.Connection[Any]) -> Iterator[str]:
    yield HEAD
    yield "## Roles\n"
    yield from _table(
        ("Role", "Logs in", "What for"),
        ((f"`{r['name']}`", r["login"], r["words"]) for r in _rows(conn, _ROLES)),
    )
    names = ours(config.ROOT)
    words = {r["name"]: r["words"] for r in _rows(conn, _SCHEMAS, (names,))}
    yield "## Schemas\n"
    yield from _table(("Schema", "Holds"), ((f"`{name}`", words[name]) for name in names))
    for name in names:
        parts = [] if name in LEFT_OUT else list(_schema(conn, name))
        if parts:
            yield f"## {name}\n\n{words[name]}\n"
            yield from parts


def _schema(conn: psycopg.Connection[Any], schema_name: str) -> Iterator[str]:
    yield from _diagram(schema_name, _rows(conn, _FOREIGN, (schema_name,)))
    for one in _rows(conn, _TABLES, (schema_name,)):
        yield f"### {schema_name}.{one['name']}\n\n{one['words']}\n"
        yield from _table(
            ("Column", "Type", "", "Meaning"),
            (
                (f"`{c['name']}`", c["type"], c["more"], c["words"])
                for c in _rows(conn, _COLUMNS, (one["oid"],))
            ),
        )
        for title, query in (
            ("Rules", _RULES),
            ("Indexes", _INDEXES),
            ("Triggers", _TRIGGERS),
            ("Row-level security", _POLICIES),
        ):
            yield from _listed(title, _rows(conn, query, (one["oid"],)))
        granted = _rows(conn, _TABLE_GRANTS, {"table": one["oid"]})[0]["text"]
        yield f"Who may: {granted or 'the owner alone'}\n"
    yield from _listed("Types", _rows(conn, _TYPES, (schema_name,)))
    views = _rows(conn, _VIEWS, (schema_name,))
    if views:
        yield f"### Views of {schema_name}\n"
        yield from _table(
            ("View", "Shows", "Who may read"),
            ((f"`{v['name']}`", v["words"], v["who"]) for v in views),
        )
    routines = _rows(conn, _ROUTINES, (schema_name,))
    if routines:
        yield f"### Functions of {schema_name}\n"
        yield from _table(
            ("Function", "Returns", "Acts as", "Does", "Who may call"),
            (
                (
                    f"`{r['name']}`",
                    r["kind"] if r["result"] is None else _short(r["result"]),
                    r["acts_as"] or "caller",
                    r["words"],
                    r["who"] or "the owner alone",
                )
                for r in routines
            ),
        )


def _short(result: str) -> str:
    """A table's columns as names alone."""
    match = re.fullmatch(r"TABLE\((.*)\)", result)
    if not match:
        return result
    names = [part.split()[0] for part in re.split(r", (?![^(]*\))", match[1])]
    return f"rows of {', '.join(names)}"


def _diagram(schema_name: str, keys: list[Row]) -> Iterator[str]:
    if not keys:
        return
    yield "```mermaid\nerDiagram"
    for key in keys:
        target = key["to_table"]
        if key["to_schema"] != schema_name:
            target = f'"{key["to_schema"]}.{target}"'
        yield f'  {target} ||--o{{ {key["from_table"]} : "{key["by"]}"'
    yield "```\n"


def _listed(title: str, found: list[Row]) -> Iterator[str]:
    if not found:
        return
    yield f"{title}:\n"
    for row in found:
        words = f" — {row['words']}" if row["words"] else ""
        yield f"- `{row['name']}`: `{' '.join(row['rule'].split())}`{words}"
    yield ""


def _table(head: Iterable[str], body: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = list(head)
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in body:
        yield f"| {' | '.join((cell or '').replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _rows(conn: psycopg.Connection[Any], query: str, parameters: Any = None) -> list[Row]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), parameters).fetchall()
