"""The registers as lists, records, histories, files and search: the same for every kind, and each
reader sees what is theirs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from portal.config import ROOT
from portal.registry.pages import KINDS
from tests.support import market
from tests.support.databases import value
from tests.support.market import Operator, register
from tests.support.pages import FORMULA
from tests.support.sample import some

NAMES = ["Альфа’ґанок", "=2+5", "Єдність", "Ігор", "Ірис", "Їжак", "жук", "Яр", "alpha", "Zeta"]
ROWS = 130
DOCUMENT = (ROOT / "docs" / "registry.md").read_text()


class Rows(HTMLParser):
    """The cells of the table of a page, and the addresses in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self._in = False
        self.feed(page.partition('<table class="data">')[2].partition("</table>")[0])

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
            self._in = True
        elif tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self._in = False

    def handle_data(self, data):
        if self._in:
            self.rows[-1][-1] += data

    @property
    def first_cells(self):
        return [row[0].rpartition(", ")[0].strip() for row in self.rows[1:]]


@pytest.fixture(scope="session")
def crowd(database) -> Operator:
    """An operator with more games than a page holds, some of whose names ask for trouble."""
    games = [
        market.game(
            f"G{number:03}", "online_casino", title=NAMES[number % len(NAMES)] + f" {number}"
        )
        for number in range(ROWS)
    ]
    document = market.document(
        "CROWD",
        licences=[market.licence("CROWD-1", "online_casino")],
        channels=[market.website("SITE"), market.venue("HALL")],
        equipment=[market.machine("M-1", "HALL"), market.machine("M-2", "HALL")],
        games=games,
    )
    with database.connect() as conn:
        return register(conn, document)


def pages_of(client, address, query=None):
    """The rows of every page of a list, forward."""
    found = []
    while True:
        page = client.get(address, query_string=query or None)
        assert page.status_code == 200
        found.append(Rows(page.text).first_cells)
        after = re.search(r'rel="next" href="([^"]+)"', page.text)
        if not after:
            return found
        address, query = after[1].replace("&amp;", "&"), None


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        (kind, language)
        for number, kind in enumerate(KINDS)
        for language in some(["uk", "en"], number, parts=2, least=1)  # each kind in one of them
    ],
)
def test_every_register_is_shown_to_every_role(visitor, scene, crowd, kind, language):
    for role, operator in [
        ("regulator", None), ("registrar", None), ("auditor", None), ("tax_service", None),
        ("operator", scene.first),
    ]:  # fmt: skip
        client = visitor(role, operator, language=language)
        assert client.get("/registry").status_code == 200
        page = client.get(f"/registry/{kind}")
        assert page.status_code == 200
        table = Rows(page.text)
        own = [one for one in table.links if re.fullmatch(rf"/registry/{kind}/\d+", one)]
        for address in own[:2]:
            assert client.get(address).status_code == 200
            assert client.get(f"{address}/history").status_code == 200


@pytest.mark.parametrize("sort", ["title", "code", "since", "until"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_hold_every_record_once_and_lead_back(visitor, crowd, sort, direction):
    client = visitor("regulator")
    asked = {"operator": crowd.id, "sort": sort, "dir": direction}
    whole = pages_of(client, "/registry/game", asked)
    assert [len(page) for page in whole] == [50, 50, 30]
    flat = [cell for page in whole for cell in page]
    assert len(set(flat)) == ROWS
    # From the last page backwards the same pages come in the same order.
    address, query, back = "/registry/game", asked, []
    for _ in whole[1:]:
        page = client.get(address, query_string=query).text
        address = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
        query = None
    while True:
        page = client.get(address).text
        back.append(Rows(page).first_cells)
        before = re.search(r'rel="prev" href="([^"]+)"', page)
        if not before:
            break
        address = before[1].replace("&amp;", "&")
    assert back[::-1] == whole


def test_names_are_in_the_order_of_the_alphabet(visitor, crowd):
    client = visitor("regulator")
    every = [
        cell.rsplit(" ", 1)[0]
        for page in pages_of(client, "/registry/game", {"operator": crowd.id})
        for cell in page
    ]
    ukrainian = [name for name in dict.fromkeys(every) if name[0] in "АЄжІЇЯ"]
    assert ukrainian == ["Альфа’ґанок", "Єдність", "жук", "Ігор", "Ірис", "Їжак", "Яр"]


@pytest.mark.parametrize("text", ["альфа'ганок", "АЛЬФА’ҐАНОК", "ганок альфа"])
def test_search_folds_case_and_apostrophes(visitor, crowd, text):
    page = visitor("regulator").get("/registry/game", query_string={"q": text})
    assert len(Rows(page.text).first_cells) == 13
    everywhere = visitor("regulator").get("/registry/search", query_string={"q": text})
    assert "Альфа’ґанок" in everywhere.text


def test_facets_say_what_their_links_show(visitor, crowd):
    client = visitor("regulator")
    page = client.get("/registry/game", query_string={"operator": crowd.id}).text
    offered = re.findall(
        r'<a class="facet-choice" href="([^"]+)">(.*?)<span class="facet-count">(\d+)</span>', page
    )
    assert offered
    for address, _, number in offered:
        shown = pages_of(client, address.replace("&amp;", "&"))
        assert sum(map(len, shown)) == int(number)


def test_a_chip_takes_its_filter_away(visitor, crowd):
    client = visitor("regulator", language="en")
    asked = {"operator": crowd.id, "state": "active", "q": "Zeta"}
    page = client.get("/registry/game", query_string=asked).text
    chips = re.findall(r'<a class="chip" href="([^"]+)"><span class="chip-what">(.*?)</span>', page)
    assert {name for _, name in chips} == {"Operator", "State", "Search for"}
    for address, name in chips:
        left = client.get(address.replace("&amp;", "&")).text
        assert f'<span class="chip-what">{name}</span>' not in left


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"as_of": "yesterday"}, "filter-as_of"),
        ({"as_of": "2999-01-01T00:00"}, "filter-as_of"),
        ({"as_of": "2199-01-01T00:00"}, "filter-as_of"),
        ({"operator": "0"}, "filter-operator"),
        ({"operator": "99999999999999"}, "filter-operator"),
        ({"state": "asleep"}, "main"),
        ({"gambling_type_id": "x"}, "main"),
        ({"sort": "document"}, "main"),
        ({"dir": "up"}, "main"),
        ({"format": "exe"}, "main"),
    ],
)
def test_an_address_without_sense_is_told_and_kept(visitor, query, field):
    page = visitor("regulator").get("/registry/game", query_string={"q": "Яр", **query})
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert 'value="Яр"' in page.text


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "WyJhIiwgIngiXQ==", "W10=", "e30=", "МОЄ", "%00", "W251bGwsIDFd" * 40]
)
@pytest.mark.parametrize("sort", ["title", "since"])
def test_a_cursor_of_somebody_elses_making_is_refused(visitor, cursor, sort):
    page = visitor("regulator").get("/registry/game", query_string={"cursor": cursor, "sort": sort})
    assert page.status_code in (200, 400)
    assert "Traceback" not in page.text


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\0"}, {"q": "%'; drop table"}, {"q": "\\"}, {"q": "x" * 5000}, {"provider": "\0"},
        {"provider": ["a'b", "%"]}, {"provider": [str(number) for number in range(60)]},
        {"taxpayer_number": "1"}, {"document": "x"},
    ],
)  # fmt: skip
def test_hostile_filters_break_nothing(visitor, query):
    for kind in ("game", "representative"):
        page = visitor("regulator").get(f"/registry/{kind}", query_string=query)
        assert page.status_code in (200, 422)
    assert visitor("regulator").get("/registry/search", query_string=query).status_code == 200


def test_a_private_attribute_filters_nothing_and_leaves_in_no_file(visitor, crowd):
    for wanted in ("csv", "json"):
        file = visitor("regulator").get(
            "/registry/representative", query_string={"format": wanted, "taxpayer_number": "1"}
        )
        assert file.status_code == 200
        assert "taxpayer_number" not in file.text
        assert "РНОКПП" not in file.text


def test_another_operators_records_are_as_absent_as_none(visitor, scene, crowd):
    mine = visitor("operator", scene.first)
    foreign = crowd.game["G001"]
    for tail in ("", "/history", "?as_of=2026-01-01T00:00"):
        answers = [
            mine.get(f"/registry/game/{id_}{tail}") for id_ in (foreign, 2_000_000_000, 10**12, 0)
        ]
        assert {answer.status_code for answer in answers} == {404}
        said = {one.text.partition("<main")[2].partition("<h1")[2].partition("<code")[0]
                for one in answers}  # fmt: skip
        assert len(said) == 1
    assert mine.get("/registry/game", query_string={"operator": crowd.id}).status_code == 422
    assert Rows(mine.get("/registry/game", query_string={"q": "Zeta"}).text).rows == []
    found = mine.get("/registry/search", query_string={"q": "Zeta 9"}).text
    assert "/registry/game/" not in found
    everything = mine.get("/registry/game", query_string={"format": "json"}).json
    assert {one["operator"] for one in everything["rows"]} == {"PAGES-FIRST"}


def test_the_files_hold_the_records_of_the_list(visitor, crowd):
    client = visitor("regulator", language="en")
    asked = {"operator": crowd.id, "q": "zeta", "sort": "code", "dir": "desc"}
    page = Rows(client.get("/registry/game", query_string=asked).text)
    document = client.get("/registry/game", query_string=asked | {"format": "json"})
    file = client.get("/registry/game", query_string=asked | {"format": "csv"})
    book = client.get("/registry/game", query_string=asked | {"format": "xlsx"})
    titles = [one["title"] for one in document.json["rows"]]
    assert titles == page.first_cells != []
    assert document.json["author"]["role"] == "regulator"
    assert document.json["filters"]["q"] == "zeta"
    table = file.text.removeprefix("\ufeff").partition("\r\n\r\n")[0]
    lines = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert [line["Title"] for line in lines] == titles
    assert {line["Operator"] for line in lines} == {"CROWD"}
    assert {Decimal(line["Declared σ, in stakes"]) for line in lines} == {8}
    record = client.get(f"/registry/game/{document.json['rows'][0]['record_id']}").text
    assert "8.00 <" in record
    assert "800%" not in record
    with zipfile.ZipFile(io.BytesIO(book.data)) as archive:
        cover, records = (archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert cover.count("<row ") >= 8
    assert all(text in cover for text in ("zeta", "Hash (SHA-256)", "Games"))
    assert re.findall(r"<row ", records) == ["<row "] * (len(titles) + 1)
    assert "as-of-" in book.headers["Content-Disposition"]


def test_a_name_that_is_a_formula_runs_in_no_file(visitor, scene, crowd):
    client = visitor("regulator")
    for kind, operator, text in (
        ("game", crowd.id, "=2+5"),
        ("website", scene.first.id, FORMULA),
    ):
        asked = {"operator": operator, "format": "csv"}
        file = client.get(f"/registry/{kind}", query_string=asked).text.removeprefix("\ufeff")
        cells = [cell for line in csv.reader(io.StringIO(file), delimiter=";") for cell in line]
        assert any(cell.startswith(f"'{text}") for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        book = client.get(f"/registry/{kind}", query_string=asked | {"format": "xlsx"})
        with zipfile.ZipFile(io.BytesIO(book.data)) as archive:
            sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
        assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_what_the_registry_said_then_is_shown_as_it_was(visitor, crowd, database):
    client = visitor("regulator", language="en")
    id_ = crowd.game["G005"]
    address = f"/registry/game/{id_}"
    with database.connect() as conn:
        before = conn.execute("select clock_timestamp()").fetchone()[0]
    with database.connect() as conn:
        conn.execute("select set_config('dozir.actor', 'the tester', false)")
        conn.execute("update registry.game set version = 'v.seven' where id = %s", (id_,))
    now, then = client.get(address).text, client.get(address, query_string={"as_of": before})
    assert "v.seven" in now
    assert then.status_code == 200
    assert "v.seven" not in then.text
    assert "What the registry said at" in then.text
    history = client.get(f"{address}/history").text
    table = Rows(history)
    assert ["Version", "—", "v.seven"] in [[cell.strip() for cell in row] for row in table.rows]
    assert history.index("Version 2") < history.index("Version 1")
    long_ago = client.get(address, query_string={"as_of": "2019-01-01T00:00"})
    assert long_ago.status_code == 200
    assert "The registry had no such record then" in long_ago.text
    listed = client.get(
        "/registry/game", query_string={"operator": crowd.id, "as_of": "2019-01-01T00:00"}
    )
    assert "No record fits" in listed.text


def test_records_lead_to_what_belongs_to_them(visitor, crowd):
    client = visitor("regulator", language="en")
    hall = client.get(f"/registry/venue/{crowd.channel['HALL']}").text
    address = re.search(r'<a href="(/registry/equipment\?[^"]+)">', hall)[1].replace("&amp;", "&")
    shown = client.get(address).text
    assert len(Rows(shown).first_cells) == 2
    assert "HALL" in shown
    whole = client.get(f"/registry/organiser/{crowd.id}").text
    assert re.search(r'/registry/game\?operator=\d+">Games</a> <span class="quiet">130<', whole)
    machine = client.get(f"/registry/equipment/{crowd.equipment['M-1']}").text
    assert f"/registry/venue/{crowd.channel['HALL']}" in machine


def test_search_puts_what_bears_the_code_first_and_asks_for_two_letters(visitor, crowd):
    client = visitor("regulator", language="en")
    found = client.get("/registry/search", query_string={"q": "crowd-1"}).text
    assert f"/registry/licence/{crowd.licence['CROWD-1']}" in found
    assert "Two letters" in client.get("/registry/search", query_string={"q": "c"}).text
    assert "Nothing fits" in client.get("/registry/search", query_string={"q": "qqqzzz"}).text


def test_the_search_is_in_the_head_of_every_page(visitor, scene):
    for role, operator in (("regulator", None), ("operator", scene.first)):
        assert "data-search" in visitor(role, operator).get("/").text


def test_htmx_is_given_the_list_alone(visitor, crowd):
    client = visitor("regulator")
    part = client.get(
        "/registry/game", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    ).text
    assert "<html" not in part
    assert 'id="list"' in part


def test_an_attribute_that_a_migration_adds_is_shown_everywhere(visitor, crowd, database):
    """The documented column and row of the catalogue: list, record, history and files have it."""
    hall = crowd.channel["HALL"]
    documented = re.search(r"```sql\n(alter table registry\.venue.*?)```", DOCUMENT, re.S)
    with database.connect() as conn:
        conn.execute(documented[1])
    try:
        with database.connect() as conn:
            conn.execute("update registry.venue set seats = 4321 where channel_id = %s", (hall,))
        client = visitor("regulator", language="en")
        asked = {"operator": crowd.id}
        listed = Rows(client.get("/registry/venue", query_string=asked).text)
        assert "Seats" in [cell.strip() for cell in listed.rows[0]]
        assert "4,321" in [cell.strip() for cell in listed.rows[1]]
        for address in (f"/registry/venue/{hall}", f"/registry/venue/{hall}/history"):
            assert "4,321" in client.get(address).text
        narrowed = client.get("/registry/venue", query_string={"seats": "4321"})
        assert len(Rows(narrowed.text).first_cells) == 1
        file = client.get("/registry/venue", query_string=asked | {"format": "csv"}).text
        assert "Seats" in file
        assert "4321" in file
    finally:
        with database.connect() as conn:
            conn.execute("update registry.venue set seats = null where channel_id = %s", (hall,))
            conn.execute("delete from registry.attribute where name = 'seats'")
            conn.execute("alter table registry.venue drop column seats")


def test_a_representatives_private_data_are_shown_to_whom_the_database_shows_them(
    visitor, scene, crowd, database
):
    with database.connect() as conn:
        id_ = conn.execute(
            "insert into registry.representative (operator_id, code, name_uk, name_en, position,"
            " powers, taxpayer_number, email, active_from) values (%s, 'R-1', 'Олена Приклад',"
            " 'Olena Example', 'Director', '{sign}', '3184710691', 'olena@crowd.example',"
            " now() - interval '1 day') returning id",
            (crowd.id,),
        ).fetchone()[0]
    address = f"/registry/representative/{id_}"
    for role in ("regulator", "registrar", "auditor"):
        assert "3184710691" in visitor(role).get(address).text
    shown = visitor("tax_service").get(address)
    assert shown.status_code == 200
    assert "Олена Приклад" in shown.text
    history = visitor("tax_service").get(f"{address}/history")
    assert "Олена Приклад" in history.text
    for answer in (shown, history):
        assert "3184710691" not in answer.text
        assert "olena@crowd.example" not in answer.text
    assert visitor("operator", scene.first).get(address).status_code == 404
    for role in ("regulator", "tax_service"):
        client = visitor(role)
        for wanted in ("csv", "json"):
            file = client.get("/registry/representative", query_string={"format": wanted}).text
            assert "Олена Приклад" in file
            assert "3184710691" not in file
        found = client.get("/registry/search", query_string={"q": "3184710691"}).text
        assert address not in found


def test_who_has_no_operator_yet_sees_empty_registers(app, database, crowd):
    with database.connect() as conn:  # whoever it was before may have applied in another test
        conn.execute("select identity.start_demo()")
        person = value(
            conn,
            "select id from identity.person where demo and role = 'operator'"
            " and operator_id is null",
        )
    applicant = app.test_client()
    applicant.set_cookie("lang", "en")
    assert applicant.post(f"/login/demo/{person}").status_code == 303
    for kind in KINDS:
        page = applicant.get(f"/registry/{kind}")
        assert page.status_code == 200
        # What is nobody's is for all to see.
        if kind not in {"supplier", "product", "certificate", "blocked_site", "provider"}:
            assert "Nothing registered yet" in page.text
    assert "Nothing fits" in applicant.get("/registry/search", query_string={"q": "CROWD"}).text
    assert applicant.get(f"/registry/organiser/{crowd.id}").status_code == 404
