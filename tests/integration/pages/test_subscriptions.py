"""Subscriptions: a page on a schedule, as its recipient sees it then, stopped by one click."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal import config
from portal.mail.sending import Sender
from portal.mail.server import mail_server
from portal.subscriptions import schedule
from portal.subscriptions.running import Deliverer
from portal.web.formats import KYIV
from tests.support.databases import rows, value
from tests.support.mail import postbox

REPORT = "/reports/R03"
TABLES = ("delivery", "subscription", "notice", "notice_setting", "contact", "mail")


@pytest.fixture(autouse=True)
def clean(database, scene):
    with database.connect() as conn:
        for table in (*TABLES, "saved_view"):
            conn.execute(f"delete from identity.{table}".encode())


@pytest.fixture
def mailed(monkeypatch):
    """A mail server that the portal knows."""
    with postbox() as box:
        monkeypatch.setenv("DOZIR_SMTP", f"smtp://127.0.0.1:{box.port}?tls=none")
        monkeypatch.setenv("DOZIR_MAIL_FROM", "dozir@dozir.example")
        monkeypatch.setenv("DOZIR_PUBLIC_URL", "https://dozir.example")
        config.settings.cache_clear()
        yield box
    monkeypatch.undo()
    config.settings.cache_clear()


def fields_of(client, address):
    """What the page's own link *Subscribe* leads to, as its form has it."""
    place = re.search(r'href="(/subscriptions/new\?[^"]+)"', client.get(address).text)[1]
    page = client.get(place.replace("&amp;", "&")).text
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    found.pop("csrf_token", None)
    return {
        name: text.replace("&#34;", '"').replace("&amp;", "&") for name, text in found.items()
    }, page


def subscribe(client, address, **fields):
    """Subscribe to a page as its form offers."""
    hidden, _ = fields_of(client, address)
    when = {"every": "day", "weekday": "1", "month_day": "1", "hour": "8", "period": "yesterday"}
    return client.post("/subscriptions", data=hidden | {"name": "Щоранку"} | when | fields)


def due(database, moment="now() - interval '1 minute'"):
    """Make every subscription due."""
    with database.connect() as conn:
        conn.execute(f"update identity.subscription set next_at = {moment}".encode())


def outcomes(database):
    with database.connect() as conn:
        return [one for (one,) in rows(conn, "select outcome from identity.delivery order by id")]


def notice(database):
    """Facts and parameters of the one notice."""
    with database.connect() as conn:
        (found,) = rows(conn, "select facts, parameters, target from identity.notice")
    return found


def figures_of(client, address):
    """The head figures of a report's page in full, by name."""
    page = client.get(address).text
    found = re.findall(
        r'<div class="figure.*?<dt>.*?class="term"[^>]*>([^<]+)<.*?'
        r'figure-value">(?:<a[^>]*>)?([^<]+)<(.*?)</dd>',
        page,
        re.S,
    )
    told = {}
    for name, short, rest in found:
        exact = re.search(r'figure-exact">([^<]+)<', rest)
        told[name] = exact[1] if exact else short
    return told


@pytest.mark.parametrize("who", ["regulator", "operator"])
def test_it_comes_as_its_recipient_sees_it_and_its_link_shows_the_same_figures(
    app, visitor, scene, database, who
):
    client = visitor(who, scene.first if who == "operator" else None)
    day = scene.days[-1]
    made = subscribe(client, f"{REPORT}?by=day")
    assert made.status_code == 303
    # due on the day after the scene's last one, delivered late: "yesterday" is that day
    due(database, f"timestamptz '{day + timedelta(days=1)} 08:00 Europe/Kyiv'")
    assert Deliverer(app).one()
    assert not Deliverer(app).one()
    assert outcomes(database) == ["delivered"]
    facts, parameters, target = notice(database)
    assert target == "reports.report"
    assert parameters["query"]["from"] == parameters["query"]["to"] == [str(day)]
    assert "period" not in parameters["query"]
    assert "as_of" not in parameters["query"]
    lines = dict(facts["lines"])
    place = client.get(re.search(r'href="(/notices/\d+)"', client.get("/notices").text)[1])
    shown = figures_of(client, place.headers["Location"])
    compared = {name: lines[name] for name in shown if name in lines}
    assert len(compared) >= 3
    assert compared == {name: shown[name] for name in compared}
    if who == "operator":
        whole = figures_of(visitor("regulator"), place.headers["Location"])
        assert whole["Ставки"] != lines["Ставки"]  # the other operator's are not in it


@pytest.fixture
def rates(database):
    """``rates(verified=True)`` makes all rates of tax so; in the end they are as they were."""
    columns = "id, verified_by, verified_at"
    with database.connect() as conn:
        before = rows(conn, f"select {columns} from registry.tax_rate")

    def put(change, *values):
        with database.connect() as conn:
            conn.execute("set session_replication_role = replica")
            conn.execute(
                f"update registry.tax_rate set (verified_by, verified_at) = {change}", values
            )

    yield lambda *, verified: put("(1, now())" if verified else "(null, null)")
    for number, by, at in before:
        put("(%s, %s) where id = %s", by, at, number)


@pytest.mark.parametrize("verified", [False, True])
def test_what_is_sent_of_taxes_marks_rates_that_nobody_confirmed(
    app, visitor, scene, database, rates, verified
):
    rates(verified=verified)
    day = scene.days[-1]
    address = f"/reports/R11?by=operator&from={day}&to={day}"
    assert subscribe(visitor("tax_service"), address).status_code == 303
    due(database, f"timestamptz '{day + timedelta(days=1)} 08:00 Europe/Kyiv'")
    assert Deliverer(app).one()
    facts, _, _ = notice(database)
    told = dict(facts["lines"]).get("Податкові ставки", "")
    assert told.startswith("не підтверджено") == (not verified)


def test_a_relative_period_stays_relative_a_fixed_one_fixed(visitor, database):
    client = visitor("regulator")
    _, page = fields_of(client, f"{REPORT}?from=2026-03-01&to=2026-03-31")
    assert "01.03.2026 – 31.03.2026" in page
    subscribe(client, f"{REPORT}?from=2026-03-01&to=2026-03-31", period="last-month")
    subscribe(client, f"{REPORT}?from=2026-03-01&to=2026-03-31", period="days", name="Березень")
    hidden, _ = fields_of(client, f"{REPORT}?period=7-days")
    subscribe(
        client,
        REPORT,
        query=f"{hidden['query']}&as_of=2026-11-01T10:00",
        period="7-days",
        name="7",
    )
    with database.connect() as conn:
        kept = dict(rows(conn, "select name, parameters->'query' from identity.subscription"))
    assert kept["Щоранку"] == {"period": ["last-month"]}
    assert kept["Березень"] == {"from": ["2026-03-01"], "to": ["2026-03-31"]}
    assert kept["7"] == {"period": ["7-days"]}  # "as of" is of a moment that is past by then


@pytest.mark.parametrize(
    ("name", "day", "first", "last"),
    [
        ("yesterday", date(2026, 3, 30), "2026-03-29", "2026-03-29"),
        ("last-week", date(2026, 11, 30), "2026-11-23", "2026-11-29"),
        ("last-week", date(2026, 11, 29), "2026-11-16", "2026-11-22"),
        ("last-month", date(2028, 3, 1), "2028-02-01", "2028-02-29"),
    ],
)
def test_what_a_period_means_on_a_day(name, day, first, last):
    found = schedule.dated({"period": [name], "by": ["day"]}, day)
    assert found == {"by": ["day"], "from": [first], "to": [last]}


def test_a_saved_view_and_a_list_come_too(app, visitor, database):
    client = visitor("regulator")
    hidden, _ = fields_of(client, "/registry/venue?q=зал")
    client.post("/views", data=hidden | {"name": "Зали"})
    page = client.get("/views").text
    place = re.search(r'href="(/subscriptions/new\?[^"]+)"', page)[1].replace("&amp;", "&")
    form = {name: texts[0] for name, texts in parse_qs(urlsplit(place).query).items()}
    when = {"every": "week", "weekday": "5", "month_day": "1", "hour": "7", "name": "Зали"}
    assert client.post("/subscriptions", data=form | when).status_code == 303
    due(database)
    assert Deliverer(app).one()
    facts, parameters, target = notice(database)
    assert (target, parameters["path"]) == ("registry.records", {"kind": "venue"})
    assert parameters["query"]["q"] == ["зал"]
    assert dict(facts["lines"])["Рядків"].isdecimal()


def test_whoever_lost_the_role_gets_nothing_and_the_log_says_so(
    app, visitor, scene, database, mailed
):
    client = visitor("tax_service")
    subscribe(client, REPORT, by_mail="yes")
    person = scene.person("tax_service")
    due(database)
    with database.connect() as conn:
        conn.execute("update identity.person set active_until = now() where id = %s", (person,))
    try:
        assert not Deliverer(app).one()
    finally:
        with database.connect() as conn:
            conn.execute(
                "update identity.person set active_until = 'infinity' where id = %s", (person,)
            )
    assert outcomes(database) == ["no_rights"]
    with database.connect() as conn:
        assert rows(conn, "select 1 from identity.notice") == []
        assert rows(conn, "select 1 from identity.mail") == []
    page = visitor("auditor", language="en").get("/subscriptions/deliveries").text
    assert "Not delivered: no right to see it any more" in page


def test_a_page_that_the_role_may_not_open_any_more_is_not_delivered(
    app, visitor, database, monkeypatch
):
    client = visitor("tax_service")
    subscribe(client, REPORT)
    with database.connect() as conn:
        conn.execute(
            "update identity.subscription"
            " set parameters = jsonb_set(parameters, '{path,code}', '\"R08\"')"
        )
    due(database)
    assert Deliverer(app).one()
    assert outcomes(database) == ["not_there"]
    monkeypatch.setattr(app.view_functions["reports.report"], "audience", frozenset({"regulator"}))
    due(database, "now() - interval '2 minutes'")
    assert Deliverer(app).one()
    assert outcomes(database) == ["not_there", "no_rights"]


def test_by_mail_come_link_and_figures_and_one_click_stops_it(
    app, visitor, scene, database, mailed
):
    client = visitor("regulator")
    subscribe(client, REPORT, by_mail="yes", name="Щоранку <b>\u202e")
    with database.connect() as conn:
        conn.execute(
            "insert into identity.contact"
            " (person_id, email, language, confirmed_at, next_digest_at)"
            " values (%s, 'a@example.org', 'uk', now(), now() + interval '1 day')",
            (scene.person("regulator"),),
        )
    assert value_of(database, "select count(*) from identity.subscription") == 0  # no such name
    subscribe(client, REPORT, by_mail="yes")
    due(database)
    assert Deliverer(app).one()
    assert Sender(mail_server()).one()
    message = mailed.only()
    assert message["Subject"] == "Щоранку"
    text = message.get_content()
    assert "https://dozir.example/reports/R03?" in text
    assert re.search(r"Ставки: .*₴", text)
    for person in ("Оксана", "Коваль", "PAGES-FIRST", "a@example.org"):
        assert person not in text
    stop = re.search(r"<https://dozir\.example(\S+)>", message["List-Unsubscribe"])[1]
    stranger = app.test_client()
    assert stranger.get(stop).status_code == 200
    assert value_of(database, "select count(stopped_at) from identity.subscription") == 0
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = stranger.post(stop, data={"List-Unsubscribe": "One-Click"})
        assert stranger.post(stop).status_code == 200  # twice is once
        assert client.post("/subscriptions", data={}).status_code == 400  # others need a token
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    due(database)
    assert not Deliverer(app).one()
    page = visitor("regulator", language="en").get("/subscriptions/deliveries").text
    assert "Delivered" in page
    assert "sent" in page


def value_of(database, query):
    with database.connect() as conn:
        return value(conn, query)


def test_paused_nothing_comes_and_nothing_is_made_up_for(app, visitor, database):
    client = visitor("regulator")
    subscribe(client, REPORT)
    number = value_of(database, "select id from identity.subscription")
    assert client.post(f"/subscriptions/{number}/pause").status_code == 303
    due(database, "now() - interval '5 days'")
    assert not Deliverer(app).one()
    assert client.post(f"/subscriptions/{number}/resume").status_code == 303
    assert not Deliverer(app).one()
    assert value_of(database, "select next_at > now() from identity.subscription")
    client.post(f"/subscriptions/{number}/stop")
    assert "Підписок ще немає" in client.get("/subscriptions").text
    assert client.get(f"/subscriptions/{number}").status_code == 404


def test_stopped_while_it_is_made_nothing_comes(app, visitor, database, mailed, monkeypatch):
    client = visitor("regulator")
    subscribe(client, REPORT)
    number = value_of(database, "select id from identity.subscription")
    due(database)
    from portal.subscriptions import running

    whole = running.evaluate

    def meanwhile(app, asked):
        found = whole(app, asked)
        with database.connect() as conn:
            conn.execute("update identity.subscription set stopped_at = now()")
        return found

    monkeypatch.setattr(running, "evaluate", meanwhile)
    assert Deliverer(app).one()
    assert number
    assert outcomes(database) == []
    assert value_of(database, "select count(*) from identity.notice") == 0


def test_a_runner_that_died_is_followed_three_times(app, visitor, database):
    subscribe(visitor("regulator"), REPORT)
    due(database)
    for _ in range(3):
        with database.connect() as conn:
            assert rows(conn, "select * from api.claim_subscription(180)")
            conn.execute("update identity.subscription set claimed_at = now() - interval '1 hour'")
    assert not Deliverer(app).one()
    assert outcomes(database) == ["gave_up"]


def test_anothers_subscription_answers_like_none(visitor, scene, database):
    subscribe(visitor("operator", scene.first), REPORT)
    number = value_of(database, "select id from identity.subscription")
    for other in (visitor("operator", scene.second), visitor("regulator"), visitor("auditor")):
        for absent in (number, number + 1000, 2**63):
            assert other.get(f"/subscriptions/{absent}").status_code == 404
            for act in ("pause", "resume", "stop"):
                assert other.post(f"/subscriptions/{absent}/{act}").status_code == 404
    assert value_of(
        database, "select paused_at is null and stopped_at is null from identity.subscription"
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"target": "registry.taxpayers"}, 404),
        ({"target": "https://evil.example"}, 404),
        ({"target": "identity.login"}, 404),
        ({"path": "["}, 400),
        ({"path": "[1]"}, 400),
        ({"path": '{"code": "R99"}'}, 404),
        ({"query": "x=" + "y" * 20_000}, 400),
        ({"name": " "}, 422),
        ({"name": "x" * 300}, 422),
        ({"every": "hour"}, 422),
        ({"hour": "24"}, 422),
        ({"hour": "-1"}, 422),
        ({"weekday": "8"}, 422),
        ({"month_day": "٣"}, 422),
    ],
)
def test_what_nobody_offered_is_not_kept(visitor, scene, database, changes, status):
    client = visitor("operator", scene.first)
    hidden, _ = fields_of(client, REPORT)
    fields = hidden | {
        "name": "x", "every": "day", "weekday": "1", "month_day": "1", "hour": "8",
        "period": "yesterday",
    } | changes  # fmt: skip
    answer = client.post("/subscriptions", data=fields)
    assert answer.status_code == status
    assert value_of(database, "select count(*) from identity.subscription") == 0
    if status == 422:
        assert 'class="notice notice-bad error-summary"' in answer.text


def test_unknown_parameters_are_not_kept(visitor, database):
    client = visitor("regulator")
    hidden, _ = fields_of(client, REPORT)
    hidden["query"] += "&_external=1&_scheme=ftp&next=//evil.example&by=day"
    when = {"every": "day", "weekday": "1", "month_day": "1", "hour": "8", "period": "nonsense"}
    assert client.post("/subscriptions", data=hidden | {"name": "x"} | when).status_code == 303
    with database.connect() as conn:
        assert value(conn, "select parameters->'query' from identity.subscription") == {
            "by": ["day"]
        }


def test_the_fifty_first_is_refused_with_its_form(visitor, database):
    client = visitor("regulator")
    subscribe(client, REPORT)
    with database.connect() as conn:
        conn.execute(
            "insert into identity.subscription (person_id, role, name, target, parameters, every,"
            " at_hour, language, next_at) select person_id, role, name || n, target, parameters,"
            " every, at_hour, language, next_at from identity.subscription,"
            " generate_series(1, 49) as g (n)"
        )
    answer = subscribe(client, REPORT, name="Ще одна")
    assert answer.status_code == 422
    assert 'value="Ще одна"' in answer.text


def test_a_schedule_is_changed(visitor, database):
    client = visitor("regulator")
    subscribe(client, REPORT)
    number = value_of(database, "select id from identity.subscription")
    page = client.get(f"/subscriptions/{number}").text
    assert '<option value="yesterday" selected>' in page
    fields = {
        "name": "Щомісяця", "every": "month", "weekday": "1", "month_day": "31", "hour": "9",
        "period": "last-month",
    }  # fmt: skip
    assert client.post(f"/subscriptions/{number}", data=fields).status_code == 303
    with database.connect() as conn:
        ((due_at, query),) = rows(
            conn, "select next_at, parameters->'query' from identity.subscription"
        )
    assert query == {"period": ["last-month"]}
    local = due_at.astimezone(KYIV)
    assert local.hour == 9
    assert (local + timedelta(days=1)).day == 1
    assert due_at > datetime.now(KYIV)
