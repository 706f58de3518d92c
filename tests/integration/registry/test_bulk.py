"""Many records from one table: what is read, what is refused with its place, and one decision."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import count

import pytest
from openpyxl import Workbook, load_workbook

from portal.registry import sheet_reading
from tests.integration.registry import desk
from tests.support.databases import rows
from tests.support.pages import people

VERSION = re.compile(r'name="draft-version" value="(\d+)"')
HEADINGS = ["Код *", "Вид", "serial_number", "Модель", "Venue", "Заявлений RTP", "Active from"]
_number = count(1)


@pytest.fixture(scope="module")
def own(database, scene):
    made = desk.operator(database, "BULK")
    scene.people.update(people(database))
    return made


@pytest.fixture
def client(own, visitor):
    return visitor("operator", own)


def machine(number, **other):
    cells = [f"B-{number}", "Гральний автомат", f"00{number}", "Star", "HALL", "95,5", "2027-01-01"]
    return [other.get(heading, cell) for heading, cell in zip(HEADINGS, cells, strict=True)]


def csv_of(*lines, sign=";", encoding="utf-8-sig"):
    return "\r\n".join(sign.join(cells) for cells in (HEADINGS, *lines)).encode(encoding)


def book_of(*lines, change=None):
    book = Workbook()
    for cells in (HEADINGS, *lines):
        book.active.append(cells)
    if change:
        change(book.active)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def sent(client, data, kind="equipment", name="machines.csv", **other):
    # By hand: the test client would leave a large file of its own open.
    parts = [
        f'--sheet\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{text}\r\n'.encode()
        for field, text in ({"rows-kind": kind} | other).items()
    ]
    head = f'--sheet\r\nContent-Disposition: form-data; name="rows-file"; filename="{name}"\r\n'
    body = b"".join([*parts, head.encode(), b"\r\n", data, b"\r\n--sheet--\r\n"])
    return client.post(
        "/registry/bulk", data=body, content_type="multipart/form-data; boundary=sheet"
    )


def draft_of(answer):
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def checked(client, draft):
    assert client.post(f"/registry/bulk/{draft}/check").status_code == 303
    return client.get(f"/registry/bulk/{draft}").text


def submitted(client, draft, **other):
    version = VERSION.search(client.get(f"/registry/bulk/{draft}").text)[1]
    return client.post(f"/registry/bulk/{draft}/submit", data={"draft-version": version} | other)


def counted(database, own):
    with database.connect() as conn:
        asked = "select count(*) from registry.equipment where operator_id = %s"
        return rows(conn, asked, (own.id,))[0][0]


def kept(database):
    with database.connect() as conn:
        return rows(conn, "select count(*) from registry.change_row")[0][0]


def test_many_machines_from_a_file_to_the_register(client, own, database, visitor) -> None:
    """Five thousand: checked in portions, submitted and decided as one."""
    before = counted(database, own)
    lines = [machine(f"{number:05}") for number in range(5000)]
    draft = draft_of(sent(client, csv_of(*lines)))
    page = client.get(f"/registry/bulk/{draft}").text
    assert 'max="5000" value="0"' in page
    part = client.post(f"/registry/bulk/{draft}/check", headers={"HX-Request": "true"}).text
    assert 'max="5000" value="500"' in part
    page = checked(client, draft)
    assert "<progress" not in page
    assert submitted(client, draft).status_code == 303
    assert counted(database, own) == before
    official = visitor("regulator")
    address = f"/registry/changes/{draft}"
    assert "machines.csv" in official.get("/registry/queue").text
    for action in ("take", "approve"):
        version = re.search(r'name="version" value="(\d+)"', official.get(address).text)
        version = version or re.search(
            r'name="version" value="(\d+)"', official.get(f"{address}/approve").text
        )
        answer = official.post(f"{address}/{action}", data={"version": version[1]})
        assert answer.status_code == 303, answer.text
    assert counted(database, own) == before + 5000
    with database.connect() as conn:
        [found] = rows(
            conn,
            "select e.serial_number, e.declared_rtp_ppm, e.state, d.change_id"
            " from registry.equipment e"
            " join registry.change_row r on r.record_id = e.id and r.change_id = %s"
            " join registry.entry d on d.kind = 'equipment' and d.record_id = e.id"
            " where e.code = 'B-00007' and e.operator_id = %s",
            (draft, own.id),
        )
        entered = rows(
            conn,
            "select e.document -> 'records' from (select convert_from(substr(entry,"
            " position('{\"'::bytea in entry)), 'UTF8')::jsonb as document from ledger.entry"
            " where kind = 4) e where e.document ? 'records'"
            " and e.document -> 'change' = to_jsonb(%s::bigint)",
            (draft,),
        )
    assert tuple(found) == ("0000007", 955000, "installed", draft)
    assert entered == [(5000,)]


def test_every_problem_is_told_by_its_row_and_nothing_is_submitted(client, own, database) -> None:
    lines = [
        machine("ok"),
        machine("ok"),
        machine("choice", Вид="Літак"),
        machine("hall", Venue="NO-SUCH"),
        machine("rtp", **{"Заявлений RTP": "багато"}),
        machine("day", **{"Active from": "31.02.2027"}),
        machine("empty", Модель=""),
    ]
    draft = draft_of(sent(client, csv_of(*lines)))
    page = checked(client, draft)
    told = re.findall(r'<tr><th scope="row">(\d+)</th><td>([^<]*)</td><td>([^<]*)</td>', page)
    assert [(int(row), column, value) for row, column, value in told] == [
        (3, "Код", "B-ok"),
        (3, "Заводський номер", "00ok"),
        (4, "Вид", "Літак"),
        (5, "Заклад", "NO-SUCH"),
        (6, "Заявлений RTP", "багато"),
        (7, "Діє з", "2027-02-31"),
        (8, "Модель", "—"),
    ]
    assert "Таке саме має рядок 2." in page
    file = client.get(f"/registry/bulk/{draft}/problems.csv").data.decode("utf-8-sig")
    assert file.count("\n") == len(told) + 1
    english = client
    english.set_cookie("lang", "en")
    assert "Row 2 has the same." in english.get(f"/registry/bulk/{draft}").text
    with database.connect() as conn:
        version = rows(conn, "select version from registry.change where id = %s", (draft,))[0][0]
    answer = client.post(f"/registry/bulk/{draft}/submit", data={"draft-version": version})
    assert answer.status_code == 422
    assert "Row 3" in answer.text
    with database.connect() as conn:
        asked = "select state from registry.change where id = %s"
        assert rows(conn, asked, (draft,)) == [("draft",)]


def test_files_that_are_no_table(client, database) -> None:
    """Each gets its own words, keeps what was chosen, and leaves nothing behind."""
    good = book_of(machine("x"))

    def packed(**parts):
        made = io.BytesIO(good)
        with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as book:
            for name, data in parts.items():
                book.writestr(name, data)
        return made.getvalue()

    koi8 = csv_of(machine("k")).decode("utf-8-sig").replace("Код", "Код ї").encode("koi8-u")
    wrong = {
        b"": "немає жодного рядка",
        b"\xef\xbb\xbf": "немає жодного рядка",
        csv_of(): "немає жодного рядка",
        b"PK\x03\x04 no zip": "пошкоджено",
        b"\xd0\xcf\x11\xe0" * 4: "старого Excel",
        packed(**{"xl/vbaProject.bin": b"macro"}): "макроси",
        packed(**{"xl/media/bomb": b"0" * (97 * 1024 * 1024)}): "більший за 8",
        b"x" * (8 * 1024 * 1024 + 1): "більший за 8",
        book_of(machine("m"), change=lambda sheet: sheet.merge_cells("A2:B2")): "A2:B2",
        book_of(machine("f", Модель="=1+1")): "D2",
        book_of(machine("n", serial_number=12345678901234567890)): "C2",
        csv_of(machine("e", Модель="=cmd()")): "формули",
        csv_of(machine("q", Модель='"open')): "лапки",
        csv_of([*machine("w"), "beyond"]): "Де: 2",
        csv_of(machine("p"), sign="|"): "роздільник",
        csv_of(*[machine("r")] * 5001): "понад 5000",
        koi8: "немає таких стовпців",
        b"\x89PNG\r\n\x1a\n\xff\xfe\xfd": "кодуванні",
        csv_of(machine("z"), encoding="utf-16-le"): "кодуванні",
        "Код;Вид\r\nA;B".encode(): "Бракує стовпців",
        "Код;Код;Пароль\r\nA;B;C".encode(): "Пароль",
    }
    before = kept(database)
    for data, words in wrong.items():
        answer = sent(client, data, name="<b>my.csv")
        assert answer.status_code == 422, words
        assert words in answer.text, words
        assert '<option value="equipment" selected>' in answer.text
        assert "<b>my" not in answer.text
    assert kept(database) == before


def test_each_encoding_and_sign_that_people_have(client) -> None:
    line = machine("enc", Модель="Їжак")
    for data, how in (
        (csv_of(line, encoding="utf-8"), "UTF-8"),
        (csv_of(line, sign="\t", encoding="utf-16"), "UTF-16"),
        (csv_of(machine("day", **{"Active from": "5.01.2027"}), encoding="cp1251"), "Windows-1251"),
        (
            csv_of(["B-1", "slot_machine", "1", "Їжак", "HALL", "95.5", "2027-01-01"], sign=","),
            "UTF-8",
        ),
        (book_of(line), "Sheet"),
    ):
        answer = sent(client, data)
        page = client.get(answer.headers["Location"]).text
        assert how in page
        page = checked(client, draft_of(answer))
        assert "Їжак" in page or "05.01.2027" in page


def test_templates_are_read_back(client) -> None:
    for kind in ("equipment", "venue", "game", "website", "mobile_application", "brand"):
        for form in ("csv", "xlsx"):
            data = client.get(f"/registry/bulk/template/{form}/{kind}").data
            draft = draft_of(sent(client, data, kind=kind))
            page = checked(client, draft)
            assert "Код запису" not in page
            wrong = set(re.findall(r'<th scope="row">\d+</th><td>([^<]*)</td>', page))
            assert wrong <= {"Заклад"} or "<progress" not in page, wrong
    book = load_workbook(io.BytesIO(client.get("/registry/bulk/template/xlsx/equipment").data))
    assert book.worksheets[0]["C2"].value == "0001234567"
    assert client.get("/registry/bulk/template/csv/licence").status_code == 404
    assert client.get("/registry/bulk/template/csv/none").status_code == 404


def test_another_operator_finds_no_draft(client, scene, visitor) -> None:
    draft = draft_of(sent(client, csv_of(machine("own"))))
    other = visitor("operator", scene.first)
    for address in (draft, 10**6):
        place = f"/registry/bulk/{address}"
        assert other.get(place).status_code == 404
        assert other.get(f"{place}/problems.csv").status_code == 404
        for step in ("check", "submit"):
            data = {"draft-version": "1"}
            assert other.post(f"{place}/{step}", data=data).status_code == 404
    assert visitor("tax_service").get("/registry/bulk").status_code == 403
    # One record's pages are not for many, nor the other way round.
    assert client.get(f"/registry/changes/{draft}/step/1").status_code == 404
    place = client.get(f"/registry/changes/{draft}/check").headers["Location"]
    assert place.endswith(f"/registry/bulk/{draft}")


def test_an_official_enters_many_for_an_organiser(visitor, own, database) -> None:
    official = visitor("registrar")
    data = csv_of(machine("official"))
    assert "Вкажіть код" in sent(official, data).text
    draft = draft_of(sent(official, data, **{"draft-owner": own.code}))
    checked(official, draft)
    before = counted(database, own)
    assert submitted(official, draft).status_code == 422
    assert submitted(official, draft, **{"draft-reason": "Лист № 5"}).status_code == 303
    assert counted(database, own) == before + 1


def test_readers_take_turns(client) -> None:
    taken = [sheet_reading._turns.acquire(blocking=False) for _ in range(2)]
    try:
        assert sent(client, csv_of(machine("busy"))).status_code == 422
    finally:
        for _ in taken:
            sheet_reading._turns.release()
