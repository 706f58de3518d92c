"""Role × route × own, foreign and absent object, made from the table of routes.

Whoever may not open an address is told the same whatever the object; an operator is told of a
foreign object what it is told of one that does not exist. A run asks for a third of the addresses
as each role, another third as the next; ``scripts/campaign attacks`` for all.
"""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from werkzeug.routing import AnyConverter, UUIDConverter

from portal import db
from portal.identity.login import OWN
from tests.support.databases import rows, value
from tests.support.sample import some, whole

ABSENT = 2_000_000_000
ABSENT_JOB = UUID(int=7)
# Of one request alone: tokens, nonces and the id of the request; and every number.
PASSING = re.compile(
    r'(?<=name="csrf_token" value=")[^"]+'
    r'|(?<="X-CSRFToken": ")[^"]+|(?<=nonce=")[^"]+|\b[0-9a-f]{16}\b'
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+"
)
OBJECTS = (
    "record_id",
    "change_id",
    "key_id",
    "batch_id",
    "export_id",
    "job_id",
    "view_id",
    "operator_id",
    "person_id",
    "number",
)


@pytest.fixture(scope="module")
def roles(database, scene):
    """Somebody of each role, and two of each operator's: code of the role -> person."""
    with database.connect() as conn:
        held = dict(
            rows(
                conn,
                "select a.role, min(a.person_id) from identity.appointment as a"
                " join identity.person as p on p.id = a.person_id where a.state = 'in_force'"
                " and p.demo and p.role <> 'operator' group by 1",
            )
        )
        held["operator_owner"] = scene.person("operator", scene.first)
        held["operator_representative"] = value(
            conn,
            "insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk,"
            " organisation_en, demo) values ('operator', %s, 'Представник', 'R', 'x', 'x', true)"
            " returning id",
            (scene.first.id,),
        )
        conn.execute(
            "update identity.person set tax_number = identity.invented_tax_number(id)"
            " where id = %s",
            (held["operator_representative"],),
        )
        assert set(held) == {code for (code,) in rows(conn, "select code from identity.role")}
    return held


@pytest.fixture(scope="module")
def objects(database, scene):
    """What belongs to each of two operators: name of the part of an address -> own, foreign."""
    made = {}
    with database.connect() as conn:
        for whose, operator in (("own", scene.first), ("foreign", scene.second)):
            person = scene.person("operator", operator)
            conn.execute(
                "select set_config('role', 'operator', true),"
                " set_config('dozir.operator_id', %s, true),"
                " set_config('dozir.person_id', %s, true), set_config('dozir.actor', %s, true)",
                (str(operator.id), str(person), f"person {person}"),
            )
            made[whose] = {
                "change_id": value(
                    conn,
                    "select id from api.save_change(null, 'brand', 'create', null, %s, '{}', null,"
                    " null)",
                    (operator.id,),
                ),
                "export_id": value(
                    conn,
                    "select api.record_export('R', 'R', 'uk', '{}', '[]', now(), 0, sha256(%s),"
                    " 'csv', 'r')",
                    (whose.encode(),),
                ),
                "job_id": value(conn, "select api.request_export('x', '{}', 'csv', 'uk', 'r')"),
                "view_id": value(
                    conn,
                    "select api.save_view('matrix', 'ledger.batches', '{}', false)",
                ),
                "operator_id": operator.id,
                "person_id": person,
                "number": ABSENT_JOB,
            }
            conn.execute("reset role")
            made[whose]["key_id"] = operator.key.id
            made[whose]["batch_id"] = value(
                conn, "select min(id) from ledger.batch where operator_id = %s", (operator.id,)
            )
            made[whose]["records"] = dict(
                rows(
                    conn,
                    "select kind, min(record_id) from registry.entry where operator_id = %s"
                    " group by 1",
                    (operator.id,),
                )
            )
    return made


def routes(app):
    """Every route of people that is not public, each word of its address chosen: rule, words."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        audience = getattr(view, "audience", frozenset())
        if not audience or "public" in audience or rule.endpoint == "live.events":
            continue
        words = {
            name: min(converter.items)
            for name, converter in rule._converters.items()
            if isinstance(converter, AnyConverter)
        }
        if "kind" in words and "record_id" in rule.arguments:
            words["kind"] = "licence"
        yield rule, audience, getattr(view, "permission", None), words


def address(app, rule, words, whose, objects):
    """The address for somebody's object; None where the address names no object."""
    named = [name for name in rule.arguments if name in OBJECTS]
    if not named:
        return None
    values = dict(words)
    for name in rule.arguments:
        if name in words:
            continue
        if isinstance(rule._converters[name], UUIDConverter):
            values[name] = ABSENT_JOB if whose == "absent" else objects[whose].get(name, ABSENT_JOB)
        elif whose == "absent":
            values[name] = ABSENT
        elif name == "record_id":
            kind = words.get("kind", "equipment" if "equipment" in rule.rule else "licence")
            values[name] = objects[whose]["records"].get(kind)
        else:
            values[name] = objects[whose].get(name, 0 if name == "row_no" else 1)
        if values[name] is None:
            return None
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def told(answer):
    """Status and text of an answer, without what is of one request alone."""
    return answer.status_code, PASSING.sub("#", answer.get_data(as_text=True))


def entered(app, database, person):
    client = app.test_client()
    assert client.post(f"/login/demo/{person}").status_code == 303
    return client


ROLES = (
    "operator_owner",
    "operator_representative",
    "officer",
    "supervisor",
    "registrar",
    "fairness_analyst",
    "tax_inspector",
    "tax_supervisor",
    "financial_monitoring_officer",
    "auditor",
    "administrator",
)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_told_of_no_object_that_is_not_its_own(app, database, roles, objects, role):
    client = entered(app, database, roles[role])
    with db.portal() as conn:
        rights = db.call(conn, "api.person_rights", roles[role])[0]
        acts_as = value_of(conn, roles[role], database)
    assert rights["functional_role"] == role
    tried = 0
    every = sorted(routes(app), key=lambda one: (one[0].rule, one[0].endpoint))
    for rule, audience, permission, words in some(every, ROLES.index(role), parts=3):
        allowed = acts_as in audience and (
            permission in (None, OWN) or permission in rights["permissions"]
        )
        for method in sorted(rule.methods & {"GET", "POST"}):
            answers = {}
            for whose in ("own", "foreign", "absent"):
                where = address(app, rule, words, whose, objects)
                if where is None:
                    continue
                if allowed and whose == "own" and method == "POST":
                    continue  # which would be carried out
                if allowed and whose == "foreign" and method == "POST" and acts_as != "operator":
                    continue
                answers[whose] = told(client.open(where, method=method))
                tried += 1
            statuses = {whose: status for whose, (status, _) in answers.items()}
            assert all(status < 500 for status in statuses.values()), (rule, method, statuses)
            if not answers:
                if not allowed and not rule.arguments - set(words):
                    with app.test_request_context():
                        plain = app.url_for(rule.endpoint, **words)
                    assert client.open(plain, method=method).status_code == 403, (rule, method)
                    tried += 1
                continue
            if not allowed:
                assert set(answers.values()) == {answers["absent"]}, (rule, method)
                assert answers["absent"][0] == 403, (rule, method)
            elif acts_as == "operator" and "foreign" in answers:
                assert answers["foreign"] == answers["absent"], (rule, method)
                assert answers["absent"][0] in (403, 404, 409, 422), (rule, method, statuses)
            else:
                assert answers["absent"][0] != 200, (rule, method)
    assert tried > (80 if whole() else 25)


def value_of(_conn, person, database):
    with database.connect() as conn:
        return value(conn, "select role from identity.person where id = %s", (person,))
