"""Who may do what, read from the catalogue and written so that a person can check it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tests.guards.catalogue import OURS
from tests.support.databases import LOGINS, ROLES, Connection, rows

PORTAL_AND_LOGIN_ROLES = (*ROLES, *LOGINS, "dozir_writer", "dozir_chunks")
SCHEMAS = (*OURS, "migration", "ledger_chunks", "public")
# The one condition on operators' rows, as the catalogue writes it back.
OWN_ROW = re.compile(
    r"\((?:operator_id|id) = \( SELECT \(NULLIF\(current_setting\('dozir\.operator_id'::text,"
    r" true\), ''::text\)\)::integer AS \"nullif\"\)\)"
)


def report(conn: Connection) -> str:
    """The whole matrix: roles, schemas, tables and columns, functions, policies."""
    parts = {
        "Roles: what each is, and whom it may become": _roles(conn),
        "Database": _grants(conn, _DATABASE),
        "Schemas": _grants(conn, _SCHEMAS),
        "Tables, views, sequences": _grants(conn, _RELATIONS),
        "Columns granted alone": _grants(conn, _COLUMNS),
        "Functions and procedures": _grants(conn, _ROUTINES),
        "New objects": _grants(conn, _DEFAULTS),
        "Row-level security: policy, command, roles, condition": _policies(conn),
    }
    return "\n".join(f"## {title}\n{_lines(lines)}" for title, lines in parts.items())


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _roles(conn: Connection) -> list[str]:
    found = rows(
        conn,
        """
        select r.rolname,
          concat_ws(' ',
            case when r.rolcanlogin then 'login' else 'no login' end,
            case when r.rolinherit then 'inherits' else 'inherits nothing' end,
            case when r.rolbypassrls then 'not bound by row-level security' end,
            case when r.rolsuper then 'SUPERUSER' end,
            case when r.rolcreaterole then 'CREATES ROLES' end,
            case when r.rolcreatedb then 'CREATES DATABASES' end,
            case when r.rolreplication then 'REPLICATES' end),
          (select string_agg(m.roleid::regrole::text || case when m.inherit_option
              then ' (always)' else '' end, ', ' order by m.roleid::regrole::text)
            from pg_auth_members as m where m.member = r.oid),
          (select string_agg(s, ', ' order by s) from unnest(r.rolconfig) as s)
        from pg_roles as r where r.rolname = any (%s) order by r.rolname
        """,
        (list(PORTAL_AND_LOGIN_ROLES),),
    )
    return [
        f"{name}: {kind}"
        + (f"; becomes {members}" if members else "")
        + (f"; {config}" if config else "")
        for name, kind, members, config in found
    ]


# Each query: object, grantee (PUBLIC for all), privilege. The owner's own rights are left out.
_DATABASE = """
select 'database', a.grantee, a.privilege_type
from pg_database as d, aclexplode(d.datacl) as a
where d.datname = current_database() and a.grantee <> d.datdba
"""
_SCHEMAS = """
select n.nspname, a.grantee, a.privilege_type
from pg_namespace as n, aclexplode(n.nspacl) as a
where n.nspname = any (%(schemas)s) and a.grantee <> n.nspowner
"""
_RELATIONS = """
select case c.relkind when 'S' then 'sequence ' when 'v' then 'view ' else 'table ' end
    || n.nspname || '.' || c.relname,
  a.grantee, a.privilege_type
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace,
  aclexplode(c.relacl) as a
where n.nspname = any (%(ours)s) and a.grantee <> c.relowner
"""
_COLUMNS = """
select n.nspname || '.' || c.relname
    || ' (' || string_agg(t.attname, ', ' order by t.attnum) || ')',
  a.grantee, a.privilege_type
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
join pg_attribute as t on t.attrelid = c.oid, aclexplode(t.attacl) as a
where n.nspname = any (%(ours)s)
group by n.nspname, c.relname, a.grantee, a.privilege_type
"""
_ROUTINES = """
select p.oid::regprocedure
    || case when p.prosecdef then ' as ' || p.proowner::regrole else '' end,
  a.grantee, a.privilege_type
from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace,
  aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
where n.nspname = any (%(ours)s) and a.grantee <> p.proowner
  and p.prorettype <> 'trigger'::regtype
"""
_DEFAULTS = """
select 'new ' || case d.defaclobjtype when 'f' then 'function' else d.defaclobjtype::text end
    || ' of ' || d.defaclrole::regrole,
  a.grantee, a.privilege_type
from pg_default_acl as d, aclexplode(d.defaclacl) as a
where d.defaclrole::regrole::text = any (%(roles)s)
"""


def _grants(conn: Connection, query: str) -> list[str]:
    """One line for each object: who may do what."""
    found = rows(
        conn,
        "select object, case grantee when 0 then 'PUBLIC' else grantee::regrole::text end,"
        " privilege"
        f" from ({query}) as q (object, grantee, privilege) order by 1, 2, 3",
        {  # type: ignore[arg-type]
            "ours": list(OURS),
            "schemas": list(SCHEMAS),
            "roles": list(PORTAL_AND_LOGIN_ROLES),
        },
    )
    matrix: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for thing, who, what in found:
        matrix[thing][who].append(what.lower())
    lines = []
    for thing, grants in matrix.items():
        by_right: defaultdict[str, list[str]] = defaultdict(list)
        for who, what in grants.items():
            by_right[" ".join(what)].append(who)
        rights = "; ".join(f"{right}: {', '.join(names)}" for right, names in by_right.items())
        lines.append(f"{thing}: {rights}")
    return lines


def _policies(conn: Connection) -> list[str]:
    found = rows(
        conn,
        "select schemaname || '.' || tablename, policyname, lower(cmd),"
        " array_to_string(roles, ', '), qual from pg_policies"
        " where schemaname = any (%s) order by 1, 2",
        (list(OURS),),
    )
    by_rule: defaultdict[str, list[str]] = defaultdict(list)
    for table, name, cmd, roles, condition in found:
        shown = OWN_ROW.sub("the row is the caller's own", condition)
        rule = f'"{name}": {cmd} to {roles} where {shown}'
        by_rule[rule].append(table)
    return [f"{rule}\n  on {', '.join(on)}" for rule, on in sorted(by_rule.items())]
