"""Reports as files: all eleven by every grouping, with the figures that programs are told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from werkzeug.datastructures import MultiDict

from portal import db
from portal.exports import answering as answers
from portal.exports.formats import FORMATS
from portal.exports.reading import read
from portal.exports.running import Runner
from portal.registry.names import read_names
from portal.reports import answering, catalogue, explaining, wire
from portal.reports.answering import TooSlow
from portal.reports.asking import Reader
from portal.web.i18n import speaking
from tests.integration.pages.test_report import CODES, FOR_TAXES
from tests.support.databases import rows, value
from tests.support.tables import Table

COMBINED = "operator,channel,week"
# Counted of closed days, again when something comes late: never as of a moment.
AS_KNOWN_NOW = {
    "R05": {"channel", "stake_band"},
    "R07": {"cohort"},
    "R10": {"amount_band"},
}
STATUS = {
    "upcoming": "Ще не чинна",
    "active": "Чинна",
    "suspended": "Зупинена",
    "expired": "Строк сплив",
    "revoked": "Анульована",
}


def query(scene, **more):
    """The scene's days, as of now: what is read twice is then the same."""
    first, last = scene.days[2].isoformat(), scene.days[-1].isoformat()
    return {"from": first, "to": last, "as_of": datetime.now(UTC).isoformat(), **more}


def told(app, code, asked):
    """What the interface for programs tells of the same."""
    with app.test_request_context(), speaking("uk"), db.acting_as("regulator") as conn:
        [report] = catalogue.read(conn, code)
        names = read_names(conn)
        reading = Reader(conn, names, report, MultiDict(asked)).read()
        assert not reading.errors
        return wire.document(answering.read(conn, reading.asked, names))


def groupings(code):
    """Every one alone, none, and three at once where the report has them."""
    with db.acting_as("regulator") as conn:
        [report] = catalogue.read(conn, code)
    combined = [COMBINED] if set(COMBINED.split(",")) <= report.dimensions.keys() else []
    return [*report.dimensions, "total", *combined]


def same(found, exact, kind):
    """Whether a cell of a file is a figure of a program's answer."""
    if found is None or exact is None:
        return found is exact
    if kind == "moment":
        return found == exact[:19] + "Z"
    if kind == "status":  # files are for people
        return found == STATUS[exact]
    return Decimal(found) == Decimal(exact)


@pytest.mark.parametrize("code", CODES)
def test_a_file_has_every_row_and_figure_of_the_report(app, visitor, scene, code):
    client = visitor("regulator")
    for by in groupings(code):
        asked = query(scene, by=by)
        if by in AS_KNOWN_NOW.get(code, ()):
            del asked["as_of"]
        answer = client.get(f"/reports/{code}", query_string=asked | {"format": "json"})
        assert answer.status_code == 200, (by, answer.json)
        file, document = answer.json, told(app, code, asked)
        assert file["name"] == code
        assert file["filters"]["by"] == by
        assert file["row_count"] == len(document["rows"])
        kinds = {one["code"]: one["kind"] for one in document["columns"]}
        for row, exact in zip(file["rows"], document["rows"], strict=True):
            for name, kind in kinds.items():
                assert same(row[name], exact["figures"][name], kind), (by, name)
            for name, key in exact["keys"].items():
                assert str(row[name]).startswith(key[:10]), (by, name)
                assert row.get(f"{name}_name", exact["names"][name]) == exact["names"][name]
        for name, kind in kinds.items():
            if kind != "moment":
                assert same(file["totals"].get(name), document["totals"][name], kind), (by, name)


def test_a_file_says_what_it_was_asked_for_and_how_far_it_can_be_trusted(visitor, scene):
    asked = query(scene, by="channel", operator=scene.first.id, type="online_casino")
    client = visitor("regulator", language="en")
    file = client.get("/reports/R03", query_string=asked | {"format": "json"}).json
    assert file["filters"]["operator"] == str(scene.first.id)
    assert file["filters"]["type"] == "online_casino"
    moment = datetime.fromisoformat(asked["as_of"])
    assert datetime.fromisoformat(file["filters"]["as_of"]) == moment
    assert datetime.fromisoformat(file["as_of"]) == moment
    lines = dict(file["lines"])
    assert lines["Grouped by"] == "Places: venues, sites, applications"
    assert lines["State"] in ("provisional", "closed")
    assert {"Period", "Currency", "Operator", "Kind of gambling", "As of", "Completeness"} <= set(
        lines
    )
    assert {row["owner"] for row in file["rows"]} == {lines["Operator"]}
    mine = visitor("operator", scene.first, language="en")
    own = mine.get("/reports/R03", query_string={"format": "json", "operator": scene.first.id}).json
    assert "Operator" not in dict(own["lines"])


@pytest.mark.parametrize("code", ["R03", "R05"])
@pytest.mark.parametrize("kind", ["game", "equipment"])
def test_games_and_equipment_say_whose_they_are(visitor, scene, database, code, kind):
    """In the file, beside the row, and in how far the row is complete: its operator's own part."""
    with database.connect() as conn:
        registered = rows(  # several operators may have one code
            conn,
            f"select g.code, o.name_uk from registry.{kind} as g"
            " join registry.operator as o on o.id = g.operator_id",
        )
    client = visitor("regulator")
    asked = query(scene, by=kind)
    file = client.get(f"/reports/{code}", query_string=asked | {"format": "json"}).json
    codes = {code for code, _ in registered}
    found = {(row[kind], row["owner"]) for row in file["rows"] if row[kind] in codes}
    assert found
    assert found <= set(registered)
    page = Table(client.get(f"/reports/{code}", query_string=asked))
    for row, shown in zip(file["rows"], page.body, strict=False):
        assert (row["owner"] or "") in shown[0]
    with db.acting_as("regulator") as conn:
        [report] = catalogue.read(conn, code)
        names = read_names(conn)
        reading = Reader(conn, names, report, MultiDict(asked)).read()
        answer = answering.read(conn, reading.asked, names)
        told = [line for line in answer.lines if line.keys[0].owner]
        assert told
        for line in told:
            whole = explaining.read(conn, answer, explaining.name(line)).state
            own = db.call(
                conn, "api.report_state", scene.days[-1], [line.keys[0].owner.id], asked["as_of"]
            )
            assert (whole.expected, whole.received) == (own[0]["expected"], own[0]["received"])
            assert whole.expected < answer.state.expected


@pytest.fixture
def provider_licence(scene, database):
    """A licence that is for no kind of gambling."""
    replica = "set session_replication_role = replica"
    with database.connect() as conn:
        kind = "select id from registry.licence_kind where gambling_type_id is null limit 1"
        [(number,)] = rows(
            conn,
            "insert into registry.licence (operator_id, number, licence_kind_id, valid_from,"
            f" valid_until) values (%s, 'PROVIDER-OF-GAMES', ({kind}), now() - interval '1 year',"
            " now() + interval '1 year') returning number",
            (scene.first.id,),
        )
    yield number
    with database.connect() as conn:
        conn.execute(replica)
        conn.execute("delete from registry.licence where number = %s", (number,))


@pytest.mark.parametrize(
    ("code", "by", "column", "told"),
    [
        ("R11", "operator", "taxpayer_code", "select code, taxpayer_code from registry.operator"),
        ("R09", "operator", "taxpayer_code", "select code, taxpayer_code from registry.operator"),
        (
            "R04",
            "licence",
            "licence_type",
            "select l.number, t.name_uk from registry.licence as l"
            " join registry.gambling_type as t on t.id = l.gambling_type_id",
        ),
    ],
)
def test_what_a_report_tells_beside_a_name_is_in_the_file_and_on_the_page(
    visitor, scene, database, provider_licence, code, by, column, told
):
    """Taxpayer codes to match a file with the tax register by, and what a licence is for."""
    with database.connect() as conn:
        registered = dict(rows(conn, told))
    client = visitor("tax_service")
    asked = query(scene, by=by)
    asked.pop("as_of")
    file = client.get(f"/reports/{code}", query_string=asked | {"format": "json"}).json
    assert registered.keys() & {row[by] for row in file["rows"]}
    if by == "licence":
        assert provider_licence in {row[by] for row in file["rows"]} - registered.keys()
    assert {row[by]: row[column] for row in file["rows"]} == {
        row[by]: registered.get(row[by]) for row in file["rows"]
    }
    page = Table(client.get(f"/reports/{code}", query_string=asked))
    shown = " ".join(row[0] for row in page.body)
    assert page.body
    for row in file["rows"][: len(page.body)]:
        assert registered.get(row[by], "") in shown
    own = client.get(f"/reports/{code}", query_string=asked | {"format": "json", "by": "total"})
    assert column not in [one["name"] for one in own.json["columns"]]


def test_all_kinds_of_file_and_one_made_later_say_the_same(
    app, visitor, scene, database, tmp_path, monkeypatch
):
    client = visitor("auditor", language="en")
    asked = query(scene, by="hour")

    def computed(content, form):
        path = tmp_path / f"{uuid4()}.{form}"
        path.write_bytes(content)
        found = read(path)
        assert found.stated == found.computed
        return found.computed

    hashes = {
        computed(client.get("/reports/R03", query_string=asked | {"format": form}).data, form)
        for form in FORMATS
    }
    assert len(hashes) == 1
    monkeypatch.setattr(answers, "AT_ONCE_ROWS", 3)
    with ordered(client, app, database, asked) as later:
        assert {computed(later.data, "csv")} == hashes


def ordered(client, app, database, asked):
    """A file of R03 that a runner makes; its download."""
    place = place_of(client, database, asked)
    assert Runner(app).one()
    return client.get(f"{place}/download")


def place_of(client, database, asked):
    """Where a file is followed that is asked for by the form that the report answers with."""
    with database.connect() as conn:
        conn.execute("delete from audit.export_job")
    page = client.get("/reports/R03", query_string=asked | {"format": "csv"}).text
    fields = {
        name: text.replace("&#34;", '"').replace("&amp;", "&")
        for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    }
    assert fields["source"] == "reports.report"
    fields.pop("csrf_token", None)
    made = client.post("/exports/files", data=fields)
    assert made.status_code == 303
    return made.headers["Location"].partition("?")[0]


def test_a_report_that_takes_too_long_is_told_in_every_form(
    app, visitor, scene, database, monkeypatch
):
    client = visitor("regulator", language="en")
    monkeypatch.setattr(answers, "AT_ONCE_ROWS", 3)
    place = place_of(client, database, query(scene, by="hour"))

    def slow(*_, **__):
        raise TooSlow from psycopg.errors.QueryCanceled()

    monkeypatch.setattr(answering, "read", slow)
    page = client.get("/reports/R03?format=xlsx")
    assert page.status_code == 422
    assert "was stopped" in page.text
    assert 'href="#period-from"' in page.text
    file = client.get("/reports/R03?format=json")
    assert (file.status_code, file.json["errors"][0]["field"]) == (422, "from")
    assert Runner(app).one()
    with database.connect() as conn:
        assert value(conn, "select problem from audit.export_job") == "too_slow"
    assert client.get(f"{place}/download").status_code == 404


@pytest.mark.parametrize("code", CODES)
def test_files_and_views_of_a_report_are_for_its_readers_alone(visitor, scene, code):
    client = visitor("tax_service")
    may = code in FOR_TAXES
    file = client.get(f"/reports/{code}", query_string={"format": "csv"})
    assert file.status_code == (200 if may else 404)
    assert file.mimetype == ("text/csv" if may else "text/html")
    asked = {"target": "reports.report", "path": f'{{"code": "{code}"}}', "query": "by=total"}
    assert client.get("/views/new", query_string=asked).status_code == (200 if may else 404)


def test_a_view_of_a_report_keeps_all_that_it_was_asked_for(visitor, scene, database):
    with database.connect() as conn:
        conn.execute("delete from identity.saved_view")
    client = visitor("regulator", language="en")
    kept = (
        "period=7-days&by=operator,day&operator=1&type=lottery&licence=1&channel=2&game=3"
        "&currency=EUR&as_of=2026-11-01T10:00&column=ggr&column=stake&sort=ggr&dir=asc"
    )
    fields = {"target": "reports.report", "path": '{"code": "R03", "x": "y"}', "name": "R"}
    answer = client.post("/views", data=fields | {"query": f"{kept}&format=csv&next=//evil"})
    place = answer.headers["Location"].replace("%2C", ",").replace("%3A", ":")
    assert place.partition("?")[0] == "/reports/R03"
    assert sorted(place.partition("?")[2].split("&")) == sorted(kept.split("&"))
    assert "R03 Bets and payouts" in client.get("/views").text
    for path in ('{"code": "R99"}', '{"code": 3}', "{}"):
        assert client.post("/views", data=fields | {"path": path}).status_code == 404
