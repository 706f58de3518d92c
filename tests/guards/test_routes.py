"""Every address says who may see it, and is written as addresses here are written."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal import create_app
from portal.identity.login import OWN
from portal.web.navigation import ROLES
from portal.web.shell import API_PREFIX
from tests.support.databases import column

# Open to all: files, choices of language and looks, what browsers ask unasked, and what supervisors
# ask, of which /metrics wants a token of its own.
SHELL = {
    "static",
    "web.language",
    "web.favicon",
    "preferences.choose",
    "health.alive",
    "health.ready",
    "health.figures",
}
STEP = re.compile(r"[a-z0-9-]+(\.[a-z]+)?")
CONVERTER = re.compile(r"<(int|uuid|any\([^)]*\)|path|string):[a-z_]+>")
# Codes of public pages: what is in no register is not found.
BY_CODE = re.compile(r"/open/(data/|<any\(uk,en\):lang>/)")


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app()


def pages(app):
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in SHELL and not rule.rule.startswith(API_PREFIX)
    ]


def test_every_page_names_its_audience(app):
    for rule in pages(app):
        audience = getattr(app.view_functions[rule.endpoint], "audience", None)
        assert audience, f"{rule.endpoint}: say who may see it with @audience or @public"
        assert audience <= ROLES | {"public"}, rule.endpoint


def test_only_documentation_help_the_log_checks_and_signing_in_and_out_are_public(app):
    public = {
        rule.rule for rule in pages(app) if "public" in app.view_functions[rule.endpoint].audience
    }
    documentation = {rule for rule in public if rule.startswith("/docs/")}
    lists = {rule for rule in public if rule.startswith("/open/<any('blocked.txt'")}
    assert len(lists) == 2  # the list in its forms, and their signatures
    assert public - documentation - lists == {
        "/exports/verify",
        "/log/",
        "/log/check",
        "/log/consistency",
        "/log/receipt-key",
        "/log/<path:name>",
        "/login",
        "/login/act-for",
        "/login/apply",
        "/login/challenge",
        "/login/demo",
        "/login/demo/<int:person_id>",
        "/login/signature",
        "/login/text",
        "/logout",
        "/robots.txt",
        "/signing-widget/<path:name>",
        "/help",
        # the same for everyone, by a login that can become nobody
        "/open/",
        "/open/<any(uk,en):lang>/",
        "/open/<any(uk,en):lang>/<string:name>",
        "/open/<any(uk,en):lang>/check",
        "/open/<any(uk,en):lang>/complain",
        "/open/<any(uk,en):lang>/complaints",
        "/open/<any(uk,en):lang>/complaints/<string:number>",
        "/open/<any(uk,en):lang>/operators/<string:code>",
        "/open/blocked/applied",
        "/open/blocked/changes",
        "/open/data/",
        "/open/data/<string:name>.<any(csv, json):form>",
        "/open/data/datapackage.json",
        "/help/glossary",
        "/help/accessibility",
        # links in mail, which carry a signature of ours
        "/notices/confirm",
        "/notices/stop",
        "/subscriptions/unsubscribe",
    }


def test_what_changes_something_asks_for_a_permission(app, superuser):
    known = set(column(superuser, "select code from identity.permission"))
    acting = {
        rule.endpoint
        for rule in pages(app)
        if "POST" in rule.methods and "public" not in app.view_functions[rule.endpoint].audience
    }
    named = {
        endpoint: getattr(app.view_functions[endpoint], "permission", None)
        for endpoint in {rule.endpoint for rule in pages(app)}
    }
    assert acting
    assert {endpoint for endpoint in acting if named[endpoint] is None} == set()
    assert {one for one in named.values() if one is not None} <= known | {OWN}
    own = {endpoint.partition(".")[0] for endpoint, one in named.items() if one == OWN}
    assert own == {"account", "notices", "subscriptions", "reports", "audit_reason"}


def test_addresses_are_kebab_case_with_typed_parameters(app):
    for rule in app.url_map.iter_rules():
        assert "<string:" not in rule.rule or BY_CODE.match(rule.rule), rule.rule
        for step in filter(None, rule.rule.split("/")):
            plain = CONVERTER.sub("x", step)
            assert STEP.fullmatch(plain), rule.rule


def test_what_changes_something_is_never_a_get(app):
    for rule in pages(app):
        if "POST" in rule.methods:
            assert "GET" not in rule.methods, rule.rule
