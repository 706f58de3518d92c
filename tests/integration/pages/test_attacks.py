"""What any address answers to whoever means ill, generated from the route table: a new page is
tried by being there.

Where each address would be tried with each of many things, a run takes its share of the addresses
(``tests/support/sample.py``), ``scripts/campaign attacks`` all of them.
"""

from __future__ import annotations

import re

import pytest

from portal.web.navigation import ROLES
from portal.web.shell import API_PREFIX
from tests.integration.pages.test_access import address
from tests.support.sample import some

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REFUSED = "Форму не прийнято"
FORM = "application/x-www-form-urlencoded"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
STRANGER = "stranger.invalid"
LEADING_AWAY = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example",
)  # fmt: skip
SPLITTING = "x\r\nSet-Cookie: evil=1\r\n\r\n<script>evil</script>"
NAMED = re.compile(
    r"""attachment; filename="[A-Za-z0-9._-]{1,160}"(; filename\*=UTF-8''[\w.%~-]{1,600})?""",
    re.ASCII,
)
# What pages read of their addresses, and what an attacker would like them to read.
PARAMETERS = (
    "next", "q", "from", "to", "name", "cursor", "sort", "dir", "operator", "kind", "format",
    "file", "callback", "url", "return", "redirect", "page", "lang", "as_of",
)  # fmt: skip
NONSENSE = ("\0", "-1", "9" * 40, "[]", "%", "' or 1=1 --", "../../etc/passwd", "NaN")
# The style of pages that any cache may keep is taken by script, so that cookie is readable.
READABLE = {"theme"}


def rules(app, method):
    """Every address for people that may be asked with this method."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods
        and not rule.rule.startswith(API_PREFIX)
        and rule.endpoint not in {"static", "log.file", "live.events"}
    ]


def guarded_by_token(app):
    """What changes something, but links in mail, which we signed, and what acts for nobody."""
    return [
        rule
        for rule in rules(app, "POST")
        if not getattr(app.view_functions[rule.endpoint], "needs_no_token", False)
    ]


def audience(app, rule):
    """The roles that may, in order; everybody's where it is public."""
    named = getattr(app.view_functions[rule.endpoint], "audience", {"public"})
    return sorted(ROLES if "public" in named else named)


@pytest.fixture
def guarded(app, monkeypatch):
    """The application as it is served: with the check against forged forms."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


@pytest.fixture
def somebody(app, visitor, scene):
    """A visitor who may ask an address: the first role of its audience."""
    signed_in = {}

    def of(rule):
        role = audience(app, rule)[0]
        if role not in signed_in:
            signed_in[role] = visitor(role, scene.first if role == "operator" else None)
        return signed_in[role]

    return of


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "htmx"])
def test_no_change_is_made_without_the_token_of_the_session(
    app, somebody, visitor, monkeypatch, headers
):
    """With and without scripts: no token, a made-up one, and one of another person's session."""
    changing = guarded_by_token(app)
    assert len(changing) > 30
    clients = [somebody(rule) for rule in changing]
    other = TOKEN.search(visitor("auditor").get("/views/new").text) or TOKEN.search(
        app.test_client().get("/login").text
    )
    assert other
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for rule, client in zip(changing, clients, strict=True):
        for token in ("", "forged", other[1]):
            sent = {"csrf_token": token} if not headers else {}
            said = headers | ({"X-CSRFToken": token} if headers and token else {})
            answer = client.post(address(app, rule), data=sent, headers=said, content_type=FORM)
            assert answer.status_code == 400, (rule, token)
            assert REFUSED in answer.text, (rule, token)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data"])
def test_no_kind_of_body_gets_round_the_token(guarded, content_type):
    """What a foreign page can send without asking first."""
    client = guarded.test_client()
    for rule in guarded_by_token(guarded):
        answer = client.post(address(guarded, rule), data=b"{}", content_type=content_type)
        assert answer.status_code == 400, rule


def test_what_changes_something_takes_the_token_and_nothing_else(guarded, scene):
    client = guarded.test_client()
    token = TOKEN.search(client.get("/login").text)[1]
    path = f"/login/demo/{scene.person('regulator')}"
    assert client.post(f"{path}?csrf_token={token}").status_code == 400, "not from the address"
    assert client.post(path, data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"])
def test_no_page_knows_other_methods(app, method):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        assert client.open(address(app, rule), method=method).status_code == 405, rule


def test_reading_changes_nothing_by_another_name(app, somebody):
    """A method may not be hidden in a header or a field."""
    for rule in rules(app, "POST"):
        if "GET" in rule.methods or any("GET" in r.methods for r in same(app, rule)):
            continue
        hidden = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
        answer = somebody(rule).get(f"{address(app, rule)}?_method=POST", headers=hidden)
        assert answer.status_code in {404, 405}, rule


def same(app, rule):
    """Other rules of the same address."""
    return [one for one in app.url_map.iter_rules() if one.rule == rule.rule and one is not rule]


def test_nobody_is_led_elsewhere_from_anywhere(app, somebody):
    for rule in some([*rules(app, "GET"), *rules(app, "POST")]):
        method = "GET" if "GET" in rule.methods else "POST"
        if rule.endpoint == "identity.logout":
            continue
        for target in LEADING_AWAY:
            answer = somebody(rule).open(
                address(app, rule),
                method=method,
                query_string={"next": target, "url": target},
                data={"next": target} if method == "POST" else None,
                headers={"Referer": "https://evil.example/", "HX-Current-URL": target},
            )
            for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh"):
                there = answer.headers.get(name, "")
                assert not there or re.match(r"/(?![/\\])", there), (rule, target, there)
                assert not re.search(r"[\x00-\x20\x7f]", there), (rule, target, there)


def test_no_parameter_splits_an_answer(app, somebody):
    for rule in some(rules(app, "GET")):
        answer = somebody(rule).get(
            address(app, rule),
            query_string=dict.fromkeys(PARAMETERS, SPLITTING),
            headers={"X-Request-Id": "x", "HX-Target": "evil", "Accept-Language": "evil"},
        )
        assert answer.status_code < 500, rule
        assert "<script>evil" not in answer.text, rule
        assert not any(
            "evil" in one.partition(";")[0] for one in answer.headers.getlist("Set-Cookie")
        )
        for name, value in answer.headers:
            assert not re.search(r"[\r\n\0]", name + value), (rule, name)


@pytest.mark.parametrize("value", NONSENSE)
def test_no_parameter_makes_a_page_fail(app, somebody, value):
    for rule in some(rules(app, "GET"), NONSENSE.index(value)):
        sent = dict.fromkeys(PARAMETERS, value)
        assert somebody(rule).get(address(app, rule), query_string=sent).status_code < 500, rule


@pytest.mark.parametrize(("turn", "name"), list(enumerate(["cursor", "from", "q"])))
def test_what_the_database_cannot_store_makes_no_page_fail(app, somebody, turn, name):
    """Alone: the first that is refused would hide the others."""
    for rule in some(rules(app, "GET"), turn):
        answer = somebody(rule).get(address(app, rule), query_string={name: "\0"})
        assert answer.status_code < 500, rule


def test_another_name_of_the_host_is_in_no_answer(app, somebody):
    """Nor in a link: an address within the site is written without it."""
    for rule in some(rules(app, "GET"), 1):
        forged = {"X-Forwarded-Host": STRANGER, "Forwarded": f"host={STRANGER}", "X-Host": STRANGER}
        client = somebody(rule)
        answer = client.get(address(app, rule), headers=forged)
        assert STRANGER not in answer.text + str(answer.headers), rule


def test_what_the_signed_in_see_is_kept_by_no_cache(app, somebody):
    """Pages, their parts, files and proofs; what is public says for itself how long it holds."""
    kept = []
    for rule in rules(app, "GET"):
        view = app.view_functions[rule.endpoint]
        if "public" in getattr(view, "audience", {"public"}):
            continue
        for headers in ({}, HTMX):
            answer = somebody(rule).get(address(app, rule), headers=headers)
            if "no-store" not in answer.headers.get("Cache-Control", ""):
                kept.append((rule.rule, answer.headers.get("Cache-Control")))
    assert kept == []


def test_every_answer_is_what_it_says_and_runs_nothing_foreign(app, somebody):
    for rule in rules(app, "GET"):
        answer = somebody(rule).get(address(app, rule))
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", rule
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy, (rule, part)
        assert "unsafe" not in policy, rule
        assert headers["Referrer-Policy"] == "same-origin", rule
        if not rule.rule.startswith("/open/"):  # files that hold nothing of whoever asks
            assert "Access-Control-Allow-Origin" not in headers, rule
        kind = headers.get("Content-Type", "")
        assert not answer.data or kind, rule
        if kind.startswith("text/"):
            assert "charset=utf-8" in kind.lower(), (rule, kind)


def test_no_cookie_is_for_scripts_or_other_sites(app, scene):
    seen = set()
    asked = [("GET", address(app, rule)) for rule in rules(app, "GET")]
    asked += [("GET", "/display/theme/dark"), ("GET", "/display/shortcuts/off")]
    asked.append(("POST", f"/login/demo/{scene.person('regulator')}"))
    for method, path in asked:
        for secure in (False, True):
            answer = app.test_client().open(
                path,
                method=method,
                base_url="https://localhost" if secure else None,
                headers={"Referer": "https://localhost/"},
            )
            for cookie in answer.headers.getlist("Set-Cookie"):
                name, *flags = re.split(r"=[^;]*; |; ", cookie)
                seen.add(name)
                assert "SameSite=Lax" in flags or "SameSite=Strict" in flags, cookie
                assert "HttpOnly" in flags or name in READABLE, cookie
                assert ("Secure" in flags) == secure, cookie
                assert not any(flag.startswith("Domain") for flag in flags), cookie
    assert seen > READABLE


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.env", "/pyproject.toml", "/static/../pyproject.toml", "/static/",
        "/static/%2e%2e/pyproject.toml", "/static/..%2fpyproject.toml", "/static/etc/passwd",
        "/log/../secrets", "/log/%2e%2e/%2e%2e/etc/passwd", "/log/", "/console", "/debug",
        "/static/.hidden", "/server-status", "/__debugger__", "/log/..%2f..%2fetc%2fpasswd",
    ],
)  # fmt: skip
def test_nothing_is_given_out_that_is_not_meant_to_be(app, path):
    answer = app.test_client().get(path)
    assert answer.status_code in {404, 308, 200}
    assert answer.status_code == 404 or path == "/log/"
    assert "root:" not in answer.text
    assert "Index of" not in answer.text


def test_a_parameter_given_twice_is_not_two_things(app, visitor, scene):
    """The one that is checked is the one that is used: an operator stays the operator."""
    client = visitor("operator", scene.first)
    ids = [str(scene.first.id), str(scene.second.id)]
    for rule in some([one for one in rules(app, "GET") if "operator" in audience(app, one)]):
        for order in (ids, ids[::-1]):
            answer = client.get(
                address(app, rule), query_string=[("operator", one) for one in order]
            )
            assert "PAGES-SECOND" not in answer.text or rule.endpoint == "identity.login", rule


def test_signing_out_clears_what_the_browser_keeps(visitor):
    answer = visitor("regulator").post("/logout")
    assert '"storage"' in answer.headers["Clear-Site-Data"]


def test_a_download_is_named_by_the_portal(app, somebody):
    """Whatever the address asks for: plain letters, in quotation marks, as a file to keep."""
    named = 0
    for turn, kind in enumerate(("csv", "xlsx", "json")):
        for rule in some(rules(app, "GET"), turn):
            answer = somebody(rule).get(
                address(app, rule), query_string={"format": kind, "name": SPLITTING, "file": "../x"}
            )
            told = answer.headers.get("Content-Disposition")
            if told is not None:
                named += 1
                assert NAMED.fullmatch(told), (rule, told)
    assert named
