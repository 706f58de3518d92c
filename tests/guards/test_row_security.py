"""Nothing is read around row-level security: by view, by function, by table or by chunk."""

from __future__ import annotations

import pytest

from tests.guards.catalogue import CHUNKS, OURS, PINNED, tables
from tests.support.databases import LOGINS, ROLES, Connection, column, rows

# Schemas that a login can name something in.
DOORS = ("api", "open_data")
# A definer is bound by no reader's policy, so each that a login can call is here with its reason.
DEFINERS_IN_API = {
    "access_keys_in_use": "a registrar may know that a key is used, and nothing of what came in",
    "access_key_operator": "the portal learns whom a key acts for before it may become anyone",
    "applied_migrations": "the portal must not serve before the schema is its own",
    "batch_entries": "the portal proves of a batch what its reader has been shown already",
    "create_access_key": "writes",
    "demo_identities": "before login there is nobody yet; refuses outside demo mode",
    "end_session": "writes",
    "import_operator": "writes",
    "job_figures": "when recurring work ended and how much it found; nothing of the market",
    "last_verification": "how the last run of the verifier ended, in counts; none of an operator",
    "limit_access_key": "writes",
    "market_months": "sums of three operators or more by month and kind, for those of one, too",
    "log_figures": "how many leaves the log has and how many entries wait; nothing of the market",
    "operating_figures": "figures of the server as a whole, for its watchers; none of an operator",
    "report_watermark": "the oldest transaction of ingest: a moment, nothing of the market",
    "revoke_access_key": "writes",
    "row_leaves": "hashes that cover the player, of a batch that the caller may see",
    "session_person": "before login there is nobody yet; also writes",
    "accept_login": "writes",
    "apply_as_newcomer": "writes",
    "challenge": "tells a browser what it was given itself to sign; also counts",
    "end_own_sessions": "writes",
    "issue_challenge": "writes",
    "keep_signature": "writes",
    "lift_lock": "writes",
    "lock_access": "writes",
    "own_number": "the portal compares who signed with whose session it is",
    "own_people": "for whom the holder of a session may act, before it becomes them",
    "own_sessions": "sessions of the holder of a session, before it becomes anyone",
    "signed_people": "before login there is nobody yet; needs a signature of this browser",
    "start_session": "writes",
    "switch_session": "writes",
    "unblock_equipment": "writes",
    "verify_licence_fee": "writes",
    "withdraw_suspension": "writes",
    "suspend_licence": "writes",
    "step_change": "writes",
    "give_change": "writes",
    "set_licence_fee": "writes",
    "save_change": "writes",
    "begin_rows": "writes",
    "check_rows": "writes",
    "rotate_access_key": "writes",
    "revoke_licence": "writes",
    "restrict_access_key": "writes",
    "resume_licence": "writes",
    "record_export": "writes",
    "request_export": "writes",
    "cancel_export": "writes",
    "see_export": "writes",
    "save_view": "writes",
    "rename_view": "writes",
    "remove_view": "writes",
    "claim_export": "the runner of exports learns whose rights it is to become; also writes",
    "note_export": "writes",
    "end_export": "writes",
    "release_export": "writes",
    "note": "writes",
    "note_view": "writes",
    "state_reason": "writes",
    "event_entry": "the log's entry of an event, for the portal after its reader has been shown it",
    "kept_exports": "numbers of files that are not to be swept away; nothing of what is in them",
    "read_notice": "writes",
    "read_notices": "writes",
    "set_notice": "writes",
    "set_contact": "writes",
    "confirm_contact": "writes",
    "stop_mail": "writes",
    "save_subscription": "writes",
    "pause_subscription": "writes",
    "stop_subscription": "writes",
    "claim_subscription": "writes",
    "end_delivery": "writes",
    "take_notices_to_mail": "writes",
    "queue_mail": "writes",
    "claim_mail": "writes",
    "end_mail": "writes",
    "mail_figures": "how many mails wait or were lost; nothing of what is in them",
    "arrange_dashboard": "writes",
    "count_requests": "adds to sums of requests; tells nothing",
    "knows_export": "whoever holds a file may ask whether its hash is known; tells yes or no of it",
    "check_change": "asks whether another operator has a number or a domain; tells yes or no of it",
    "block_equipment": "writes",
    "declare_day": "writes",
    "declare_month": "writes",
    "decide_complaint": "writes",
    "note_compliance": "writes",
    "make_provider_key": "writes",
    "revoke_provider_key": "writes",
    "set_deadline": "writes",
    "verify_deadline": "writes",
    "set_cash_limit": "writes",
    "verify_cash_limit": "writes",
    "propose_tax_rate": "writes",
    "record_tax_payments": "writes",
    "take_back_tax_payment": "writes",
    "propose_appointment": "writes",
    "decide_appointment": "writes",
    "set_portal_role": "writes",
    "person_rights": "the portal learns what a person may before it becomes anyone; no other fact",
    "decide_tax_rate": "writes",
    "verification_findings": "what the verifier found, for the regulator and the auditor; no value",
}
# Each takes no argument that could widen what it does.
DEFINERS_OF_OTHERS = {
    "maintenance.drop_oldest_day()": "dozir_migrator",  # only the owner can drop a chunk
    "maintenance.make_chunk(date)": "dozir_chunks",  # mutes triggers, which the owner must not
}


@pytest.mark.parametrize("door", DOORS)
def test_every_view_of_a_door_reads_with_its_callers_rights(
    superuser: Connection, door: str
) -> None:
    views = rows(
        superuser,
        "select c.relname, c.relkind::text, coalesce(c.reloptions, '{}')"
        " from pg_class as c where c.relnamespace::regnamespace::text = %s"
        " and c.relkind in ('v', 'm', 'f')",
        (door,),
    )
    assert views
    bare = [name for name, kind, options in views if "security_invoker=true" not in options]
    assert bare == []
    assert {kind for _, kind, _ in views} == {"v"}


def test_there_are_no_views_but_of_the_doors(superuser: Connection) -> None:
    assert (
        column(
            superuser,
            "select schemaname || '.' || viewname from pg_views"
            " where schemaname = any (%s) and schemaname <> all (%s)",
            (list(OURS), list(DOORS)),
        )
        == []
    )


def test_no_reading_function_of_api_is_a_definer(superuser: Connection) -> None:
    assert (
        column(
            superuser,
            "select proname from pg_proc where pronamespace = 'api'::regnamespace"
            " and prosecdef and provolatile in ('s', 'i')",
        )
        == []
    )


def test_definers_of_api_are_known_by_name(superuser: Connection) -> None:
    # A reading function marked volatile would slip past the test above.
    found = column(
        superuser,
        "select proname from pg_proc where pronamespace = 'api'::regnamespace and prosecdef",
    )
    assert sorted(found) == sorted(DEFINERS_IN_API)


def test_definers_belong_to_the_writer_and_pin_their_search_path(superuser: Connection) -> None:
    definers = rows(
        superuser,
        "select p.oid::regprocedure::text, pg_get_userbyid(p.proowner), coalesce(p.proconfig, '{}')"
        " from pg_proc as p where p.prosecdef and p.pronamespace::regnamespace::text = any (%s)",
        (list(OURS),),
    )
    assert definers
    others = {name: owner for name, owner, _ in definers if owner != "dozir_writer"}
    assert others == DEFINERS_OF_OTHERS
    assert [name for name, _, config in definers if PINNED not in config] == []


def test_every_plpgsql_function_pins_its_search_path(superuser: Connection) -> None:
    """Others are resolved at creation (BEGIN ATOMIC) or inlined; COMMIT forbids SET."""
    loose = column(
        superuser,
        "select p.oid::regprocedure::text from pg_proc as p"
        " join pg_language as l on l.oid = p.prolang"
        " where l.lanname <> 'c' and p.prokind = 'f' and p.prosqlbody is null"
        " and p.pronamespace::regnamespace::text = any (%s)"
        " and not %s = any (coalesce(p.proconfig, '{}'))",
        (list(OURS), PINNED),
    )
    assert loose == []


def test_the_writer_owns_functions_and_no_relation(superuser: Connection) -> None:
    assert (
        column(
            superuser,
            "select oid::regclass::text from pg_class where relowner = 'dozir_writer'::regrole",
        )
        == []
    )


def test_every_table_is_under_row_level_security(superuser: Connection) -> None:
    assert len(tables(superuser)) > 20
    open_ones = column(
        superuser,
        "select oid::regclass::text from pg_class where relkind in ('r', 'p')"
        " and relnamespace::regnamespace::text = any (%s) and not relrowsecurity",
        (list(OURS),),
    )
    assert open_ones == []


def test_one_role_alone_is_not_bound_by_row_level_security(superuser: Connection) -> None:
    """COPY is refused for a role under row-level security; that one reads nothing."""
    free = column(
        superuser,
        "select rolname from pg_roles where (rolbypassrls or rolsuper) and rolname = any (%s)",
        ([*LOGINS, *ROLES, "dozir_writer"],),
    )
    assert free == ["dozir_ingest"]


def test_policies_of_portal_roles_only_let_read(superuser: Connection) -> None:
    writing = rows(
        superuser,
        "select schemaname, tablename, policyname, cmd from pg_policies"
        " where cmd <> 'SELECT' and roles <> '{dozir_writer}'",
    )
    assert writing == [
        ("ledger", "transaction", "a chunk is made with a row of nobody's", "ALL"),
    ]
    row_of_nobody = rows(
        superuser,
        "select qual, with_check from pg_policies where roles = '{dozir_chunks}'",
    )
    assert row_of_nobody == [("(operator_id = 0)", "(operator_id = 0)")]


def test_nobody_becomes_the_role_that_mutes_triggers(superuser: Connection) -> None:
    assert (
        rows(
            superuser,
            "select member::regrole from pg_auth_members"
            " where roleid = 'dozir_chunks'::regrole and member <> 10",
        )
        == []
    )


def test_no_policy_is_for_everyone(superuser: Connection) -> None:
    assert rows(superuser, "select * from pg_policies where 'public' = any (roles)") == []


def test_policies_ask_for_the_operator_once_and_survive_an_unset_value(
    superuser: Connection,
) -> None:
    """A bare current_setting() is asked for each row; '' on a pooled connection is no number."""
    asking = column(
        superuser, "select qual from pg_policies where qual like '%%operator_id%%current_setting%%'"
    )
    assert asking
    for condition in asking:
        assert "( SELECT (NULLIF(current_setting('dozir.operator_id'::text, true), ''::text))" in (
            condition
        )


def test_chunks_live_where_no_login_may_look(superuser: Connection) -> None:
    schema = column(
        superuser, "select distinct associated_schema_name from _timescaledb_catalog.hypertable"
    )
    assert schema == [CHUNKS]
    for role in (*ROLES, *LOGINS, "dozir_writer", "public"):
        if role == "dozir_migrator":
            continue
        assert column(
            superuser, "select has_schema_privilege(%s, %s, 'usage')", (role, CHUNKS)
        ) == [False], role


def test_nobody_is_a_member_of_the_owner(superuser: Connection) -> None:
    assert (
        column(
            superuser,
            "select member::regrole::text from pg_auth_members"
            " where roleid = 'dozir_migrator'::regrole and member <> 10",
        )
        == []
    )
