"""Exports as people meet them: files that say what the page says, their record, their check, and
the files that are made while nobody waits."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from portal import config
from portal.exports import answering, pages, storage
from portal.exports.formats import FORMATS
from portal.exports.reading import read
from portal.exports.running import Runner
from tests.support import market
from tests.support.databases import rows, value
from tests.support.market import register

FORMS = sorted(FORMATS)
LIST = "/registry/game"
SEED = 20261127


@pytest.fixture(scope="module")
def many(database, scene):
    """An operator with more games than a page of the list holds."""
    rng = random.Random(SEED)
    titles = ["=1+1", "Їжак", "ґава", "Zeta", "−5", "@x", "a;b", 'л"апки']
    games = [
        market.game(
            f"M{number:03}",
            "online_casino",
            title=rng.choice(titles),
            provider=rng.choice(["Alpha", "Бета", "+Gamma"]),
        )
        for number in range(90)
    ]
    document = market.document(
        "MANY",
        licences=[market.licence("MANY-1", "online_casino")],
        channels=[market.website("SITE")],
        games=games,
    )
    with database.connect() as conn:
        return register(conn, document)


@pytest.fixture
def short(monkeypatch):
    """What is longer than three rows is made by a runner."""
    monkeypatch.setattr(answering, "AT_ONCE_ROWS", 3)


def stored(tmp_path, answer, form):
    path = tmp_path / f"{uuid4()}.{form}"
    path.write_bytes(answer.data)
    return path


def csv_codes(answer):
    lines = list(
        csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";")
    )
    table = lines[: lines.index([])]
    return [line[0] for line in table[1:]]


def page_codes(client, query):
    """The codes of all pages of the list, following the links that it offers."""
    address, found = LIST, []
    while address:
        page = client.get(address, query_string=query if address == LIST else None).text
        table = page.partition('<table class="data">')[2].partition("</table>")[0]
        found += re.findall(r'<td class="nowrap">(M\d{3})</td>', table)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else None
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_file_has_the_rows_of_the_screen_whatever_the_filters(visitor, many, seed):
    rng = random.Random(seed)
    role = rng.choice(["regulator", "auditor", "tax_service", "registrar"])
    client = visitor(role, language=rng.choice(["uk", "en"]))
    query = {"operator": many.id, "sort": rng.choice(["title", "code", "since"])}
    query |= {"dir": rng.choice(["asc", "desc"])}
    query |= rng.choice(
        [{}, {"provider": "Бета"}, {"provider": ["Alpha", "+Gamma"]}, {"q": "їжак"}]
    )
    shown = page_codes(client, query)
    assert shown
    for form in FORMS:
        answer = client.get(LIST, query_string=query | {"format": form})
        assert answer.status_code == 200
        if form == "csv":
            assert csv_codes(answer) == shown
        elif form == "json":
            assert [one["code"] for one in answer.json["rows"]] == shown
            assert answer.json["row_count"] == len(shown)
        elif form == "xlsx":
            sheet = load_workbook(io.BytesIO(answer.data)).worksheets[1]
            assert [row[0].value for row in sheet.iter_rows(min_row=2)] == shown


def test_the_file_of_an_answer_is_closed_with_it_read_or_not(app, tmp_path):
    (path := tmp_path / "f.json").write_text("{}")
    with app.test_request_context():
        answer = answering._sent(path, "json", "f.json", "x")
    file = answer.response.file
    assert not file.closed
    answer.close()
    assert file.closed


@pytest.mark.parametrize("language", ["uk", "en"])
def test_all_kinds_of_file_of_one_moment_share_one_hash_that_is_on_record(
    visitor, many, database, tmp_path, language
):
    client = visitor("regulator", language=language)
    query = {"operator": many.id, "q": "zeta", "as_of": datetime.now(UTC).isoformat()}
    hashes = set()
    for form in FORMS:
        answer = client.get(LIST, query_string=query | {"format": form})
        found = read(stored(tmp_path, answer, form))
        assert found.stated == found.computed
        hashes.add(found.computed)
    assert len(hashes) == 1
    with database.connect() as conn:
        recorded = rows(
            conn,
            "select format, row_count, role, name, language, parameters ->> 'q', request_id <> ''"
            " from audit.export where sha256 = %s order by format",
            (bytes.fromhex(hashes.pop()),),
        )
    assert [row[0] for row in recorded] == FORMS
    count = found.row_count
    assert {row[1:] for row in recorded} == {
        (count, "regulator", "register-game", language, "zeta", True)
    }


@pytest.mark.usefixtures("unhurried")
def test_what_is_for_print_is_shown_runs_nothing_and_is_recognised(visitor, many, app):
    """A document of the portal's own address: it may do no more than look like paper."""
    client = visitor("regulator", language="en")
    query = {"operator": many.id}
    page = client.get(LIST, query_string=query).text
    assert re.search(r'href="[^"]*format=html[^"]*"[^>]*>.*?For print</a>', page)
    answer = client.get(LIST, query_string=query | {"format": "html"})
    assert answer.mimetype == "text/html"
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    text = answer.text
    style = re.search("<style>(.*)</style>", text)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "<script" not in text
    assert "90" in text
    found = re.search("[0-9a-f]{64}", text)[0]
    stranger = app.test_client()
    stranger.set_cookie("lang", "en")
    known = stranger.get("/exports/verify", query_string={"hash": found})
    assert "The hash is on record" in known.text
    assert "genuine and unaltered" in checked(stranger, answer.data, "list.html").text
    altered = answer.data.replace(b"M001", b"M00l")
    assert "genuine" not in checked(stranger, altered, "list.html").text


def test_what_cannot_be_recorded_is_not_given_out(visitor, many, database):
    client = visitor("regulator")
    with database.connect() as conn:
        conn.execute("alter table audit.export add constraint broken check (false) not valid")
    try:
        answer = client.get(LIST, query_string={"operator": many.id, "format": "csv"})
        assert answer.status_code == 500
        assert b"M001" not in answer.data
    finally:
        with database.connect() as conn:
            conn.execute("alter table audit.export drop constraint broken")
    assert not [path for path in storage.folder().iterdir() if path.name.startswith("now-")]


def test_an_unknown_kind_of_file_is_said_on_the_page(visitor):
    for address in (LIST, "/registry/taxpayers", "/reports/R03"):
        answer = visitor("regulator").get(address, query_string={"format": "pdf"})
        assert answer.status_code == 422
        assert "Parquet" in answer.text


def test_who_sees_the_record(visitor, many, scene, database):
    owner = visitor("tax_service", language="en")
    assert owner.get("/registry/taxpayers", query_string={"format": "csv"}).status_code == 200
    with database.connect() as conn:
        number = value(conn, "select max(id) from audit.export")
    record = f"/exports/records/{number}"
    for reader in (owner, visitor("auditor", language="en")):
        assert "Organisers as taxpayers" in reader.get("/exports").text
        assert reader.get(record).status_code == 200
    assert visitor("auditor", language="en").get("/exports?name=taxpayers").status_code == 200
    for other in (visitor("regulator"), visitor("operator", scene.first)):
        absent = other.get("/exports/records/999999999")
        foreign = other.get(record)
        assert foreign.status_code == absent.status_code == 404
        assert said(foreign) == said(absent)
    for number in (0, 2**63, 10**30):
        assert owner.get(f"/exports/records/{number}").status_code == 404


def said(answer):
    """What a page says, but for the request's own id."""
    main = answer.text.partition("<main")[2].partition("<h1")[2]
    return re.sub(r"<code>[0-9a-f-]+</code>|data-copy=\"[0-9a-f-]+\"", "", main)


# The check.


def checked(client, content, name="file.csv"):
    return client.post(
        "/exports/verify",
        data={"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


@pytest.fixture
def unhurried(monkeypatch):
    """So many checks as a test needs."""
    monkeypatch.setattr(pages.turnstile, "admits", lambda _address: True)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_recognised_and_a_flipped_digit_is_noticed(app, visitor, scene, form):
    owner = visitor("regulator", language="en")
    address = "/reports/R03"
    day = scene.days[-1].isoformat()
    query = {"from": day, "to": day, "by": "hour", "format": form}
    content = owner.get(address, query_string=query).data
    stranger = app.test_client()
    stranger.set_cookie("lang", "en")
    known = checked(stranger, content)
    assert known.status_code == 200
    assert "genuine and unaltered" in known.text
    assert "is told to those alone" in known.text
    assert "Taken by" not in known.text
    assert "Period" not in known.text
    full = checked(owner, content)
    assert "Taken by" in full.text
    assert "R03 Bets and payouts" in full.text
    if form in ("csv", "json"):
        digit = re.search(rb"\d(?=\.\d\d\")|\d(?=\.\d\d;)", content)
        flipped = bytearray(content)
        flipped[digit.start()] = ord("0") + (flipped[digit.start()] - ord("0") + 1) % 10
        altered = checked(stranger, bytes(flipped))
        assert "The file was altered" in altered.text
        assert "genuine" not in altered.text


@pytest.mark.usefixtures("unhurried")
def test_a_pasted_hash_is_looked_up_and_told_to_those_alone_who_may_read_it(
    app, visitor, scene, database
):
    owner = visitor("operator", scene.first, language="en")
    document = owner.get(LIST, query_string={"format": "json"}).json
    stranger = app.test_client()
    stranger.set_cookie("lang", "en")
    asked = document["sha256"].upper()[:32] + " " + document["sha256"][32:]
    for reader in (stranger, visitor("operator", scene.second, language="en")):
        page = reader.get("/exports/verify", query_string={"hash": asked}).text
        assert "The hash is on record" in page
        assert "is told to those alone" in page
    for reader in (owner, visitor("auditor", language="en")):
        assert "Taken by" in reader.get("/exports/verify", query_string={"hash": asked}).text
    unknown = stranger.get("/exports/verify", query_string={"hash": "0" * 64})
    assert "not on record" in unknown.text
    for wrong in ("x", "0" * 63, "0" * 65, "<b>", "ї" * 64):
        answer = stranger.get("/exports/verify", query_string={"hash": wrong})
        assert answer.status_code == 422
        assert "<b>" not in answer.text.partition("<main")[2]


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"x" * 100 + b'">]><a>&b;</a>'


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04" + b"\0" * 500, b"PAR1" + b"\xff" * 500 + b"PAR1", b"{" * 50_000,
     b"\0" * 999, BOMB, b"a;b\n1;2\n"],
)  # fmt: skip
def test_what_is_no_export_is_told_so_and_breaks_nothing(app, content):
    answer = checked(app.test_client(), content)
    assert answer.status_code == 200
    assert "не є експортом" in answer.text


@pytest.mark.usefixtures("unhurried")
def test_a_book_that_unfolds_without_end_is_given_up(app, tmp_path):
    import zipfile

    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b"\0" * 1024 * 1024)
        book.writestr("[Content_Types].xml", BOMB)
    answer = checked(app.test_client(), path.read_bytes(), "bomb.xlsx")
    assert answer.status_code == 200
    assert "не є експортом" in answer.text


def test_no_file_is_told_at_the_field_and_too_many_are_told_to_wait(app):
    client = app.test_client()
    nothing = client.post("/exports/verify", data={})
    assert nothing.status_code == 422
    assert 'id="file-error"' in nothing.text
    codes = [client.post("/exports/verify", data={}).status_code for _ in range(40)]
    assert 429 in codes


# Files that are made while nobody waits.


def asked_for(client, query, form="csv"):
    """Ask for a long table by the form that its page answers with; the page of the file."""
    answer = client.get(LIST, query_string=query | {"format": form})
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    fields = {
        name: text.replace("&#34;", '"').replace("&amp;", "&") for name, text in fields.items()
    }
    fields.pop("csrf_token", None)
    made = client.post("/exports/files", data=fields)
    assert made.status_code == 303, made.text
    return made.headers["Location"].partition("?")[0]


def cleared(database):
    with database.connect() as conn:
        conn.execute("delete from audit.export_job")
        conn.execute("delete from identity.notice")
        conn.execute("delete from identity.notice_setting")


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("form", FORMS)
def test_a_long_table_is_made_by_a_runner_and_says_the_same(
    app, visitor, many, database, tmp_path, form
):
    cleared(database)
    client = visitor("regulator", language="en")
    query = {"operator": many.id, "sort": "code", "provider": "Alpha"}
    place = asked_for(client, query, form)
    waiting = client.get(place).text
    assert "Waiting" in waiting
    assert "hx-get" in waiting
    assert client.get(f"{place}/download").status_code == 404
    assert Runner(app).one()
    assert not Runner(app).one()
    assert "1 unread notice" in client.get("/registry").text
    ready = client.get(place).text
    assert "Ready" in ready
    assert "hx-get" not in ready.partition('id="progress"')[2].partition(">")[0]
    assert "unread notice" not in client.get("/registry").text
    with client.get(f"{place}/download") as whole:
        assert whole.status_code == 200
        assert f".{form}" in whole.headers["Content-Disposition"]
        content = whole.data
    found = read(stored(tmp_path, whole, form))
    assert found.stated == found.computed
    with database.connect() as conn:
        kept = rows(
            conn,
            "select e.row_count, e.sha256 from audit.export_job as j"
            " join audit.export as e on e.id = j.export_id",
        )
    assert kept == [(found.row_count, bytes.fromhex(found.computed))]
    with client.get(f"{place}/download", headers={"Range": "bytes=100-199"}) as part:
        assert part.status_code == 206
        assert part.data == content[100:200]
    client.post(f"{place}/cancel")
    assert client.get(f"{place}/download").status_code == 404
    assert not list(storage.folder().glob(f"{place.rpartition('/')[2]}*"))


@pytest.mark.usefixtures("short")
def test_anothers_file_answers_like_none(app, visitor, many, database, scene):
    cleared(database)
    place = asked_for(visitor("regulator"), {"operator": many.id})
    assert Runner(app).one()
    nobodys = f"/exports/files/{uuid4()}"
    for other in (visitor("auditor"), visitor("tax_service"), visitor("operator", scene.first)):
        for tail in ("", "/download"):
            foreign, absent = other.get(place + tail), other.get(nobodys + tail)
            assert foreign.status_code == absent.status_code == 404
            assert said(foreign) == said(absent)
        assert other.post(f"{place}/cancel").status_code == 404
    with visitor("regulator").get(f"{place}/download") as own:
        assert own.status_code == 200
    with database.connect() as conn:
        conn.execute("update audit.export_job set expires_at = now() - interval '1 minute'")
    assert visitor("regulator").get(f"{place}/download").status_code == 404
    assert "Expired" in visitor("regulator", language="en").get(place).text


@pytest.mark.usefixtures("short")
def test_a_file_is_made_with_the_rights_of_whoever_asked_for_it(
    app, visitor, scene, many, database
):
    cleared(database)
    client = visitor("operator", scene.first)
    fields = {
        "source": "registry.records",
        "format": "json",
        "path": json.dumps({"kind": "organiser"}),
        "query": "",
    }
    place = client.post("/exports/files", data=fields).headers["Location"].partition("?")[0]
    client.post("/logout")  # a session need not live
    assert Runner(app).one()
    with visitor("operator", scene.first).get(f"{place}/download") as answer:
        assert [one["code"] for one in answer.json["rows"]] == ["PAGES-FIRST"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"source": "registry.taxpayers"}, 404),  # not for operators
        ({"source": "identity.login"}, 404),
        ({"source": "https://evil.example"}, 404),
        ({"format": "pdf"}, 404),
        ({"path": "["}, 400),
        ({"path": "[1]"}, 400),
        ({"path": '{"kind": ["x"]}'}, 400),
        ({"query": "x=" + "y" * 20_000}, 400),
    ],
)
def test_what_nobody_offered_is_not_made(visitor, scene, database, changes, status):
    cleared(database)
    fields = {"source": "registry.records", "format": "csv", "path": "{}", "query": ""} | changes
    assert (
        visitor("operator", scene.first).post("/exports/files", data=fields).status_code == status
    )
    with database.connect() as conn:
        assert value(conn, "select count(*) from audit.export_job") == 0


@pytest.mark.parametrize(
    ("path", "query"),
    [("{}", ""), ('{"kind": "nothing"}', ""), ('{"kind": 5}', ""), ('{"kind": "game"}', "sort=x")],
)
def test_what_makes_no_sense_is_said_on_the_page_of_the_file(app, visitor, database, path, query):
    cleared(database)
    client = visitor("regulator", language="en")
    fields = {"source": "registry.records", "format": "csv", "path": path, "query": query}
    place = client.post("/exports/files", data=fields).headers["Location"].partition("?")[0]
    assert Runner(app).one()
    assert "no longer there" in client.get(place).text


@pytest.mark.usefixtures("short")
def test_a_person_has_so_many_files_at_a_time(visitor, many, database):
    cleared(database)
    client = visitor("regulator", language="en")
    for _ in range(3):
        asked_for(client, {"operator": many.id})
    fields = {
        "source": "registry.records",
        "format": "csv",
        "path": '{"kind": "game"}',
        "query": "",
    }
    answer = client.post("/exports/files", data=fields, follow_redirects=True)
    assert "Three of your files" in answer.text
    with database.connect() as conn:
        assert value(conn, "select count(*) from audit.export_job") == 3
    cleared(database)


def eventually(question, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := question():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


def querying(database):
    with database.connect() as conn:
        return value(
            conn,
            "select count(*) from pg_stat_activity where usename = 'dozir_portal'"
            " and wait_event_type = 'Lock' and datname = current_database()",
        )


@pytest.mark.usefixtures("short")
def test_cancelling_stops_the_query_too(app, visitor, many, database):
    cleared(database)
    client = visitor("regulator")
    place = asked_for(client, {"operator": many.id})
    with database.connect() as conn:
        conn.execute("lock table registry.entry in access exclusive mode")
        thread = threading.Thread(target=Runner(app).one)
        thread.start()
        eventually(lambda: querying(database))
        assert client.post(f"{place}/cancel").status_code == 303
        thread.join(10)
        assert not thread.is_alive()
        assert querying(database) == 0
    with database.connect() as conn:
        assert rows(conn, "select state, problem from audit.export_job") == [("cancelled", None)]
        assert value(conn, "select count(*) from audit.export_job where export_id is not null") == 0


@pytest.mark.usefixtures("short")
def test_a_runner_that_is_killed_is_followed_by_one_that_begins_anew(visitor, many, database):
    cleared(database)
    client = visitor("auditor", language="en")
    place = asked_for(client, {"operator": many.id, "sort": "code"}, "xlsx")
    command = [sys.executable, "-m", "portal.cli", "exports", "run"]
    with database.connect() as conn:
        conn.execute("lock table registry.entry in access exclusive mode")
        with subprocess.Popen(command, env=os.environ) as first:
            eventually(lambda: querying(database))
            first.kill()
    with database.connect() as conn:
        assert value(conn, "select state from audit.export_job") == "running"
        conn.execute("update audit.export_job set beat_at = now() - interval '1 hour'")
    with subprocess.Popen(command, env=os.environ) as second:
        eventually(lambda: "Ready" in client.get(place).text, 30)
        second.send_signal(signal.SIGTERM)
        assert second.wait(20) == 0
    with database.connect() as conn:
        assert rows(conn, "select attempt, state from audit.export_job") == [(2, "ready")]
    with client.get(f"{place}/download") as answer:
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[1]
        assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [
            f"M{number:03}" for number in range(90)
        ]


@pytest.mark.usefixtures("short")
def test_a_runner_that_is_asked_to_end_gives_back_what_it_has(app, visitor, many, database):
    cleared(database)
    asked_for(visitor("regulator"), {"operator": many.id})
    runner = Runner(app)
    with database.connect() as conn:
        conn.execute("lock table registry.entry in access exclusive mode")
        thread = threading.Thread(target=runner.one)
        thread.start()
        eventually(lambda: querying(database))
        runner.stop()
        thread.join(10)
        assert not thread.is_alive()
    with database.connect() as conn:
        assert rows(conn, "select state, attempt from audit.export_job") == [("waiting", 0)]


def test_files_that_nobody_needs_are_swept_away(app):
    kept, gone = uuid4(), uuid4()
    begun = storage.fresh("csv")
    for path in (storage.stored(kept, 1, "csv"), storage.stored(gone, 1, "csv")):
        path.write_text("x")
    old = storage.fresh("xlsx")
    then = (datetime.now(UTC) - timedelta(hours=2)).timestamp()
    os.utime(old, (then, then))
    storage.sweep({(kept, 1)})
    left = {path.name for path in storage.folder().iterdir()}
    assert storage.stored(kept, 1, "csv").name in left
    assert begun.name in left
    assert storage.stored(gone, 1, "csv").name not in left
    assert old.name not in left
    storage.stored(kept, 1, "csv").unlink()
    begun.unlink()


def test_the_job_of_the_schedule_marks_and_forgets(visitor, many, database, monkeypatch):
    cleared(database)
    monkeypatch.setattr(answering, "AT_ONCE_ROWS", 3)
    asked_for(visitor("regulator"), {"operator": many.id})
    with database.connect() as conn:
        person = value(conn, "select person_id from audit.export_job")
        conn.execute(
            "update audit.export_job set state = 'cancelled',"
            " requested_at = now() - interval '91 days'"
        )
        conn.execute(
            "insert into identity.saved_view"
            " (person_id, role, name, target, parameters, removed_at) values"
            " (%s, 'regulator', 'old', 'x', '{}', now() - interval '31 days')",
            (person,),
        )
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", "jobs", "start", "clear_exports"],
        env=os.environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with database.connect() as conn:
        assert value(conn, "select count(*) from audit.export_job") == 0
        assert value(conn, "select count(*) from identity.saved_view where name = 'old'") == 0


def test_the_command_tells_a_genuine_file_from_an_altered_one(visitor, many, tmp_path):
    content = (
        visitor("regulator").get(LIST, query_string={"operator": many.id, "format": "csv"}).data
    )
    path = tmp_path / "file.csv"
    for told, status in ((content, 0), (content.replace(b"M001", b"M002"), 1), (b"x", 1)):
        path.write_bytes(told)
        done = subprocess.run(
            [sys.executable, "-m", "portal.cli", "exports", "verify", str(path)],
            env=os.environ,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == status, done.stdout + done.stderr


def test_the_folder_of_files_is_for_its_user_alone():
    assert storage.folder().stat().st_mode & 0o077 == 0
    assert storage.folder().is_relative_to(config.settings().instance_dir)
