"""Access keys over HTTP: whoever has no valid key of this operator stores nothing."""

from __future__ import annotations

import inspect

import pytest

from portal.ingest import authentication
from portal.registry.keys import _checksum, new_key
from tests.support.api import Answer, Client, at_once, encoded
from tests.support.databases import Database, become
from tests.support.market import ALL_SCOPES, add_key, bind_key, day, document, register


def bearer(text: str) -> dict[str, str | None]:
    return {"Authorization": f"Bearer {text}"}


def resealed(text: str) -> str:
    """A key text with its checksum made right again."""
    return text[:-6] + _checksum(text[:-6])


def flipped(text: str, place: int) -> str:
    """Another base62 digit at ``place``."""
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text[:30],
        lambda text: text + "A",
        lambda text: text.swapcase(),
        lambda text: text.lower(),
        lambda text: flipped(text, 25),
        lambda text: text.replace("dz_live", "dz_prod"),
        lambda text: text + " " + text,
        lambda text: "x",
        lambda text: "a" * 4000,
        lambda text: f'"{text}"',
        lambda text: text.replace("_", "%5F"),
    ],
    ids=[
        "truncated",
        "half",
        "extended",
        "case swapped",
        "lower case",
        "digit changed",
        "unknown mode",
        "twice",
        "one character",
        "very long",
        "quoted",
        "percent-encoded",
    ],
)
def test_a_damaged_key_is_malformed(api: Client, change) -> None:
    changed = change(api.operator.key.text)
    api.refused(401, "malformed_key", recorded=False, headers=bearer(changed), good=api)


def test_wrong_secret_and_unknown_id_answer_alike(api: Client) -> None:
    text = api.operator.key.text
    wrong_secret = resealed(flipped(text, 30))
    unknown_id = resealed(flipped(text, 9))
    answers = [
        api.refused(
            401, "unknown_key", recorded=False, headers=bearer(sent) | {"X-Request-Id": rid}
        )
        for sent, rid in (
            (wrong_secret, "a" * 32),
            (unknown_id, "a" * 32),
            (new_key("live").text, "a" * 32),
        )
    ]
    bodies = {
        answer.body.replace(answer.document["request_id"].encode(), b"") for answer in answers
    }
    assert len(bodies) == 1
    names = {tuple(sorted(answer.headers)) for answer in answers}
    assert len(names) == 1


def test_secrets_are_compared_in_constant_time() -> None:
    """The text of the function is the promise: a timing over the network proves nothing."""
    source = inspect.getsource(authentication.authenticate)
    assert "hmac.compare_digest(key_hmac(key.body), expected)" in source
    assert "==" not in source
    # An unknown id is compared as well: with zeros, before it is refused.
    assert source.index("compare_digest") < source.index("stored is None")


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Token {key}", "{key}"],
)
def test_no_bearer_key_is_missing(api: Client, authorization: str | None) -> None:
    text = authorization and authorization.format(key=api.operator.key.text)
    api.refused(401, "missing_key", recorded=False, headers={"Authorization": text})


def test_the_scheme_is_case_insensitive(api: Client) -> None:
    api.accepted(headers={"Authorization": f"bearer {api.operator.key.text}"})


def test_a_key_in_the_address_is_no_key(api: Client) -> None:
    api.refused(
        401,
        "missing_key",
        recorded=False,
        headers={"Authorization": None},
        path=f"/batches?key={api.operator.key.text}&access_token={api.operator.key.text}",
    )


def test_two_authorization_headers_are_refused(api: Client) -> None:
    """Even two of the same key: one of two readers in a row could see the other."""
    key = api.operator.key.text
    for second in (key, api.operator.keys["second"].text, "x"):
        joined = f"Bearer {key}, Bearer {second}"
        api.refused(401, "malformed_key", recorded=False, headers={"Authorization": joined})


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("expired", 401, "key_expired"),
        ("revoked", 401, "key_revoked"),
        ("read", 403, "scope_missing"),
        ("test", 403, "test_key"),
        ("elsewhere", 403, "address_not_allowed"),
    ],
)
def test_a_key_that_may_not_submit(api: Client, key: str, status: int, code: str) -> None:
    api.with_key(key).refused(status, code, good=api)


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("expired", 401, "key_expired"),
        ("revoked", 401, "key_revoked"),
        ("submit", 403, "scope_missing"),
        ("test", 403, "test_key"),
        ("elsewhere", 403, "address_not_allowed"),
    ],
)
@pytest.mark.parametrize("path", ["/batches", "/batches/1", "/registry"])
def test_a_key_that_may_not_read(api: Client, key: str, status: int, code: str, path: str) -> None:
    answer = api.with_key(key).get(path)
    assert (answer.status, answer.code) == (status, code)


def test_a_key_is_bound_to_its_addresses_from_the_next_request_on(
    api: Client, database: Database
) -> None:
    with database.connect() as conn:
        become(conn, "registrar")
        bound = add_key(conn, api.operator.id, "bound")
    client = Client(api.port, api.operator, api.inspector, bound, api.sequences)
    client.accepted()
    proxied = {"X-Forwarded-For": "198.51.100.7"}  # what a proxy on this machine says is believed
    for networks, direct, through_proxy in (
        (["198.51.100.0/24"], 403, 200),
        (["198.51.100.0/24", "127.0.0.0/8"], 200, 200),
        (["127.0.0.1/32", "2001:db8::/32"], 200, 403),
        (["::1/128"], 403, 403),
    ):
        with database.connect() as conn:
            become(conn, "registrar")
            bind_key(conn, bound, *networks)
        for headers, status in (({}, direct), (proxied, through_proxy)):
            assert client.post(headers=headers).status == (201 if status == 200 else 403)
            assert client.post(path="/validate", headers=headers).status == status
            assert client.get("/registry", headers).status == status


@pytest.mark.parametrize("path", ["/batches", "/batches/1", "/registry"])
def test_reading_needs_a_key(api: Client, path: str) -> None:
    for headers, code in (
        ({"Authorization": None}, "missing_key"),
        (bearer("x"), "malformed_key"),
        (bearer(new_key("live").text), "unknown_key"),
    ):
        answer = api.get(path, headers)
        assert (answer.status, answer.code) == (401, code)


def test_a_disabled_operator_may_do_nothing(api: Client, database: Database) -> None:
    ended = document("API-ENDED") | {"active_from": day(-10)}
    with database.connect() as conn:
        operator = register(conn, ended)
        conn.execute(
            "update registry.operator set active_until = now() - interval '1 day' where id = %s",
            (operator.id,),
        )
    client = Client(api.port, operator, api.inspector)
    for answer in (client.post(body=encoded([api.record()])), client.get("/batches")):
        assert (answer.status, answer.code) == (403, "operator_disabled")
    assert client.figures().batches == 0
    assert client.inspector.last_refusal(operator).code == "operator_disabled"


def test_an_operator_with_nothing_registered_is_told_so(api: Client, database: Database) -> None:
    with database.connect() as conn:
        operator = register(conn, document("API-EMPTY"))
    client = Client(api.port, operator, api.inspector)
    answer = client.post(body=encoded([api.record()]))
    assert (answer.status, answer.code) == (422, "invalid_batch")
    assert ("/0/licence", "unknown_licence") in answer.errors
    assert client.figures().batches == 0


def revoke(database: Database, key_id: int) -> None:
    with database.connect() as conn:
        become(conn, "registrar")
        conn.execute("select api.revoke_access_key(%s)", (key_id,))


def fresh_key(api: Client, database: Database) -> Client:
    with database.connect() as conn:
        become(conn, "registrar")
        key = add_key(conn, api.operator.id, "raced", "live", ALL_SCOPES, True)
    return Client(api.port, api.operator, api.inspector, key, api.sequences)


def test_revocation_holds_at_once_on_every_worker(api: Client, database: Database) -> None:
    client = fresh_key(api, database)
    for _ in range(8):  # both workers have the key in memory now
        client.accepted()
    revoke(database, client.key.id)
    figures = client.figures()
    answers = at_once(*[client.post] * 8)
    assert {(answer.status, answer.code) for answer in answers} == {(401, "key_revoked")}
    assert client.figures() == figures


def test_no_batch_commits_after_revoke_has_returned(api: Client, database: Database) -> None:
    """Clients that post all the time; when revoke returns, what is there stays all there is."""
    for _ in range(3):
        client = fresh_key(api, database)
        batches = "select count(*) from ledger.batch where access_key_id = %s"

        def post_until_refused(client: Client = client) -> list[Answer]:
            answers = [client.post(client.records(20))]
            while answers[-1].status == 201:
                answers.append(client.post(client.records(20)))
            return answers

        def revoke_soon(client: Client = client, batches: str = batches) -> int:
            while client.inspector.value(batches, client.key.id) < 5:
                pass
            revoke(database, client.key.id)
            counted: int = client.inspector.value(batches, client.key.id)
            client.inspector.close()
            return counted

        at_return, *posted = at_once(revoke_soon, *[post_until_refused] * 4)
        answers = [answer for some in posted for answer in some]
        assert {answer.code for answer in answers} == {"", "key_revoked"}
        accepted = sum(answer.status == 201 for answer in answers)
        assert client.inspector.value(batches, client.key.id) == at_return == accepted
