"""Who gets in where: everyone else is led to sign in or refused, page by page."""

from __future__ import annotations

from uuid import UUID

import pytest
from werkzeug.routing import AnyConverter, UUIDConverter

from portal import db
from portal.web.navigation import ROLES


def pages(app):
    """Every page that is for some roles: its address with the scene's own ids, its audience."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        audience = getattr(view, "audience", frozenset())
        if "GET" in rule.methods and audience and "public" not in audience:
            yield rule, audience, getattr(view, "permission", None)


def address(app, rule):
    values = {name: example(rule._converters[name]) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def permissions(person):
    with db.portal() as conn:
        return db.call(conn, "api.person_rights", person)[0]["permissions"]


def example(converter):
    """A value for a part of an address: the first of the words it may be, else a number."""
    if isinstance(converter, UUIDConverter):
        return UUID(int=1)
    return min(converter.items) if isinstance(converter, AnyConverter) else 1


def test_nobody_is_led_to_sign_in_and_back(app):
    client = app.test_client()
    for rule, _, _ in pages(app):
        answer = client.get(address(app, rule))
        assert answer.status_code == 303, rule
        assert answer.headers["Location"].startswith("/login"), rule
        part = client.get(address(app, rule), headers={"HX-Request": "true"})
        assert part.status_code == 401, rule
        assert part.data == b"", rule


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_sees_its_pages_and_no_other(app, visitor, scene, role):
    operator = scene.first if role == "operator" else None
    client = visitor(role, operator)
    own = permissions(scene.person(role, operator))
    for rule, audience, permission in pages(app):
        status = client.get(address(app, rule)).status_code
        allowed = role in audience and (permission is None or permission in own)
        assert (status != 403) == allowed, rule
        assert status < 500, rule


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_menu_leads_only_where_one_may_go(visitor, scene, role):
    client = visitor(role, scene.first if role == "operator" else None)
    page = client.get("/", follow_redirects=True).text
    menu = page.split('<div class="side">')[1].split("<main")[0]
    links = [part.split('"')[0] for part in menu.split('<a href="')[1:]]
    assert links
    assert [client.get(link).status_code for link in links] == [200] * len(links)
