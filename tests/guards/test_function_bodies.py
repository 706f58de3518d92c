"""plpgsql_check reads every function: names, types, unused variables, missing returns."""

from __future__ import annotations

from tests.guards.catalogue import OURS
from tests.support.databases import Connection, rows

# (function, part of what plpgsql_check says) -> why it is right as it is
_READS = "the rule that no reading function is a definer goes by volatility; this one has a reason"
DYNAMIC = (
    "api.operators_at_a_glance(",
    "api.operators_by_integration(",
    "api.registry_facets(",
    "api.registry_list(",
    "api.registry_search(",
    "registry.apply_change(",
    "registry.insert_records(",
    "registry.record_documents(",
    "registry.index_changed(",
    "registry.index_missing(",
)
OF_DYNAMIC = ("dynamic SQL", "is not sanitized")
_COMMON = "every report takes the same parameters; of arrivals there are no amounts"
_OF_A_REPORT = (
    "date,date,text[],integer[],smallint[],integer[],integer[],integer[],smallint,"
    "timestamp with time zone"
)
ACCEPTED = {
    (f"api.report_r01({_OF_A_REPORT})", 'unused parameter "p_currency"'): _COMMON,
    (f"api.report_r02({_OF_A_REPORT})", 'unused parameter "p_currency"'): _COMMON,
    ("api.report_watermark()", "should be STABLE"): _READS,
    ("api.market_months(date,date,smallint)", "should be STABLE"): _READS,
    ("api.applied_migrations()", "routine is marked as VOLATILE, should be STABLE"): _READS,
    ("api.batch_entries(bigint[])", "should be STABLE"): _READS,
    ("api.event_entry(bigint)", "should be STABLE"): _READS,
    ("api.person_rights(integer)", "should be STABLE"): _READS,
    ("api.row_leaves(bigint)", "should be STABLE"): _READS,
    ("api.last_verification()", "should be STABLE"): _READS,
    ("api.verification_findings()", "should be STABLE"): _READS,
    ("api.job_figures()", "routine is marked as VOLATILE, should be STABLE"): _READS,
    ("api.operating_figures()", "routine is marked as VOLATILE, should be STABLE"): _READS,
    ("api.check_change(text,text,integer,integer,jsonb)", "should be STABLE"): _READS,
    (
        "api.access_key_operator(integer,text,inet)",
        "routine is marked as VOLATILE, should be STABLE",
    ): _READS,
}

FUNCTIONS = """
select p.oid, p.oid::regprocedure::text
from pg_proc as p join pg_language as l on l.oid = p.prolang
where l.lanname = 'plpgsql' and p.prorettype <> 'trigger'::regtype
  and p.pronamespace::regnamespace::text = any (%s)
order by 2
"""
TRIGGERS = """
select t.tgfoid, t.tgfoid::regprocedure || ' on ' || t.tgrelid::regclass, t.tgrelid,
  t.tgnewtable, t.tgoldtable
from pg_trigger as t join pg_proc as p on p.oid = t.tgfoid
join pg_language as l on l.oid = p.prolang
where l.lanname = 'plpgsql' and not t.tgisinternal
  and p.pronamespace::regnamespace::text = any (%s)
  and t.tgrelid::regclass::text !~ '^ledger_chunks'
order by 2
"""


def _findings(conn: Connection, call: str, parameters: tuple[object, ...]) -> list[str]:
    found = rows(
        conn,
        "select format('%%s %%s: %%s %%s', lineno, level, message, coalesce(detail, ''))"
        f" from tap.plpgsql_check_function_tb({call}, fatal_errors => false,"
        " performance_warnings => true, security_warnings => true,"
        " all_warnings => false, extra_warnings => true)",
        parameters,
    )
    return [row[0] for row in found]


def _accepted(name: str, finding: str) -> bool:
    if name.startswith(DYNAMIC) and any(what in finding for what in OF_DYNAMIC):
        return True  # each is built from the catalogue: names through %I, values through %L
    return any(name == where and what in finding for where, what in ACCEPTED)


def _prepare(conn: Connection) -> None:
    conn.execute("create schema tap; create extension plpgsql_check schema tap")


def test_functions_hold(superuser: Connection) -> None:
    _prepare(superuser)
    functions = rows(superuser, FUNCTIONS, (list(OURS),))
    assert functions
    findings = [
        f"{name} line {finding}"
        for oid, name in functions
        for finding in _findings(superuser, "%s::oid", (oid,))
        if not _accepted(name, finding)
    ]
    assert not findings, "\n".join(findings)


def test_trigger_functions_hold_on_each_of_their_tables(superuser: Connection) -> None:
    _prepare(superuser)
    triggers = rows(superuser, TRIGGERS, (list(OURS),))
    assert triggers
    findings = [
        f"{name} line {finding}"
        for oid, name, table, new, old in triggers
        for finding in _findings(
            superuser,
            "%s::oid, %s::oid, newtable => %s, oldtable => %s",
            (oid, table, new, old),
        )
        if not _accepted(name, finding)
    ]
    assert not findings, "\n".join(findings)
