"""All kinds of file of one export say the same and bear one hash, which no change survives."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.exports.formats import FORMATS
from portal.exports.formats.csv_file import plain_text, safe_text
from portal.exports.reading import Unreadable, read
from portal.exports.table import Column
from tests.unit.exports.conftest import COLUMNS, ROWS

FORMS = sorted(FORMATS)


@pytest.mark.parametrize("language", ["uk", "en"])
def test_all_kinds_of_file_have_one_hash_and_give_it_back(write, language):
    hashes = set()
    for form in FORMS:
        path, told = write(form, language)
        found = read(path)
        assert found.kind == form
        assert found.row_count == told.row_count == len(ROWS)
        assert found.stated == found.computed == told.sha256.hex(), form
        hashes.add(found.computed)
    assert len(hashes) == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_rows_has_a_hash_too(write, form):
    path, told = write(form, rows=[])
    assert read(path).computed == told.sha256.hex()


@pytest.mark.parametrize(
    "changed",
    [
        {"parameters": {"from": "2026-11-02"}},
        {"facts": [("Період", "1–8 листопада")]},
        {"as_of": datetime(2026, 11, 20, 12, 0, 5, 123457, tzinfo=UTC)},
        {"title": "Інша"},
        {"name": "other"},
        {"rows": ROWS[:-1]},
        {"rows": ROWS[::-1]},
        {"rows": [*ROWS, ROWS[0]]},
        {"rows": [("=2+5", 6, *ROWS[0][2:]), *ROWS[1:]]},
        {"columns": (Column("name", "Інша назва"), *COLUMNS[1:])},
        {"columns": (*COLUMNS[:2], Column("stake", "Сума", "money", 2, "EUR"), *COLUMNS[3:])},
    ],
)  # fmt: skip
def test_whatever_an_export_says_is_in_its_hash(write, changed):
    _, before = write("json")
    _, after = write("json", **changed)
    assert before.sha256 != after.sha256


def test_the_language_and_who_takes_it_are_in_the_hash(write):
    assert write("json", "uk")[1].sha256 != write("json", "en")[1].sha256


def _csv_of(path):
    text = path.read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize(("language", "sign"), [("uk", ","), ("en", ".")])
def test_csv_is_a_table_then_an_empty_line_then_what_it_shows(write, language, sign):
    path, told = write("csv", language)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = _csv_of(path)
    end = lines.index([])
    assert lines[0] == [column.heading for column in COLUMNS]
    assert end == len(ROWS) + 1
    first = lines[1]
    assert first[:6] == ["'=2+5", "5", f"1234{sign}56", "7", f"1{sign}500", f"33{sign}3333"]
    assert first[6:] == ["2026-03-29", "2026-03-29 04:30:15", f"2026-03-29 04:30:15{sign}651"]
    assert [lines[2][7], lines[3][7]] == ["2025-10-26 03:30:00+03:00", "2025-10-26 03:30:00+02:00"]
    said = {line[0]: line[1] for line in lines[end + 1 :]}
    assert told.sha256.hex() in said.values()
    assert str(len(ROWS)) in said.values()
    assert "1–7 листопада" in said.values()
    assert "Оксана «Тест» Іваненко, =Служба; перевірки" in said.values()
    assert "https://dozir.example/v" in said.values()
    assert json.loads(said["dozir-export"])["filters"]["state"] == ["a", "b"]


def test_no_cell_of_text_is_run_by_a_spreadsheet(write):
    path, _ = write("csv")
    starts = {cell[:1] for line in _csv_of(path) for cell in line}
    numbers = re.compile(r"-[0-9]+(,[0-9]+)?")
    for line in _csv_of(path):
        for cell in line:
            assert cell[:1] not in "=+@\t\r\n＝＋－＠" or not cell, cell
            assert not cell.startswith("-") or numbers.fullmatch(cell), cell
    assert "'" in starts
    book = zipfile.ZipFile(write("xlsx")[0])
    sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)


@given(st.text(max_size=8) | st.from_regex("'*[=+@-].{0,3}", fullmatch=True))
def test_text_that_was_made_safe_is_given_back(text):
    safe = safe_text(text)
    assert plain_text(safe) == text
    assert safe[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_xlsx_has_a_cover_sheet_numbers_and_dates(write):
    path, told = write("xlsx")
    cover, sheet = load_workbook(path).worksheets
    said = {row[0].value: row[1].value for row in cover.iter_rows(max_col=2) if row[0].value}
    assert told.sha256.hex() in said.values()
    assert "1–7 листопада" in said.values()
    cells = next(iter(sheet.iter_rows(min_row=2, max_row=2)))
    assert [cell.value for cell in cells[:6]] == ["=2+5", 5, 1234.56, 7, 1.5, 33.3333]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "n", "n", "n", "d", "d", "d"]
    assert cells[2].number_format == "#,##0.00"
    assert cells[7].value == datetime(2026, 3, 29, 4, 30, 15)
    # Excel keeps 15 digits: what has more stays exact, as text.
    assert sheet["C6"].value == "1000000000000000,01"
    assert sheet["C5"].value == 1000000000000.01


class Shown(HTMLParser):
    """The tags, attributes and cells of a document, as a browser takes them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.cells = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data):
        if self.cells and data != "\n":
            self.cells[-1] += data


EVIL = [
    "<script>alert(1)</script>",
    "</td></tr></tbody></table><img src=x onerror=alert(1)>",
    '"><style>*{display:none}</style>',
    "&lt;b&gt;&#10;\n<!-- ",
    "]]>\u2028</title></pre>",
]


def test_nothing_in_a_document_for_print_is_markup_but_ours(write):
    """Texts of rows, headings, facts, title and taker stay texts, and the document runs nothing."""
    path, told = write(
        "html",
        title=EVIL[1],
        facts=[(one, one) for one in EVIL],
        parameters={"q": EVIL[0]},
        columns=(Column("a", EVIL[0]), Column("b", EVIL[2])),
        rows=[(one, one) for one in EVIL],
    )
    shown = Shown(path.read_text())
    assert shown.tags == {
        *("html", "head", "meta", "title", "style", "body", "h1", "dl", "div", "dt", "dd"),
        *("table", "thead", "tbody", "tr", "th", "td", "pre"),
    }
    assert shown.attributes == {
        *("lang", "charset", "http-equiv", "content", "class", "scope", "hidden", "id")
    }
    assert shown.cells[: len(EVIL) * 2 - 1] == [one for one in EVIL for _ in "ab"][:-1]
    assert "default-src 'none'" in path.read_text()
    found = read(path)
    assert found.stated == found.computed == told.sha256.hex()


TOTALS = ("x", 1234, -1250, 7, Decimal("0.5"), Fraction(-1, 8), None, ROWS[0][7], None)


@pytest.mark.parametrize(("language", "sign"), [("uk", ","), ("en", ".")])
def test_totals_are_numbers_in_the_notation_of_the_language(write, language, sign):
    """In CSV as its cells are, in XLSX numbers; for programs they stay canonical."""
    made = {form: write(form, language, totals=TOTALS)[0] for form in FORMS}
    assert len({read(path).computed for path in made.values()}) == 1
    assert all(read(path).computed == read(path).stated for path in made.values())
    lines = {line[0]: line[1] for line in _csv_of(made["csv"]) if len(line) == 2}
    words = {"uk": "Усього: ", "en": "Total: "}[language]
    told = {name.removeprefix(words): text for name, text in lines.items() if words in name}
    figures = {
        "Ставки": "1234", "Сума, UAH": f"-12{sign}50", "Єни, JPY": "7",
        "Площа, м²": f"0{sign}500", "RTP, %": f"-12{sign}5000",
    }  # fmt: skip
    assert {name: told[name] for name in figures} == figures
    cover = load_workbook(made["xlsx"]).worksheets[0]
    cells = {row[0].value: row[1] for row in cover.iter_rows(max_col=2)}
    for name, text in figures.items():
        cell = cells[words + name]
        assert cell.data_type == "n"
        assert Decimal(str(cell.value)) == Decimal(text.replace(",", "."))
    assert cells[f"{words}Сума, UAH"].number_format == "#,##0.00"
    totals = json.loads(made["json"].read_text())["totals"]
    assert (totals["stake"], totals["rtp"]) == ("-12.5", "-12.5")
    if language == "uk":
        assert f"<dd>{figures['Сума, UAH']}</dd>" in made["html"].read_text()


@pytest.mark.parametrize("value", [-12.51, "-12,5", "=-12.5", -12])
def test_an_altered_total_of_a_cover_sheet_is_noticed(write, value):
    path, told = write("xlsx", totals=TOTALS)
    book = load_workbook(path)
    cover = book.worksheets[0]
    [cell] = [row[1] for row in cover.iter_rows(max_col=2) if row[0].value == "Усього: Сума, UAH"]
    cell.value = value
    book.save(path)
    assert read(path).computed != told.sha256.hex()


def test_json_is_exact_and_parquet_is_typed(write):
    document = json.loads(write("json")[0].read_text())
    assert document["rows"][0]["stake"] == "1234.56"
    assert document["rows"][0]["rtp"] == "33.3333"
    assert document["rows"][0]["at"] == "2026-03-29T01:30:15Z"
    assert document["rows"][0]["bets"] == 5
    assert document["row_count"] == len(ROWS)
    table = pq.read_table(write("parquet")[0])
    first = table.to_pylist()[0]
    assert first["stake"] == Decimal("1234.56")
    assert first["at"] == datetime(2026, 3, 29, 1, 30, 15, tzinfo=UTC)
    assert table.column("name").null_count == 1


def _flip_csv(path, old, new):
    text = path.read_bytes()
    assert text.count(old) >= 1
    path.write_bytes(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("csv", b"1234,56", b"1234,57"),
        ("csv", b"33,3333", b"33,3334"),
        ("csv", b"04:30:15,651", b"04:30:15,652"),
        ("csv", b"03:30:00+03:00", b"03:30:00+02:00"),
        ("csv", "1–7".encode(), "1–8".encode()),
        ("csv", "Єни, JPY".encode(), "Єни, UAH".encode()),
        ("csv", "Оксана".encode(), "Оксанa".encode()),
        ("csv", b"\r\n007;1;", b"\r\n7;1;"),
        ("csv", b"\r\n007;1;", b"\r\n007;2;"),
        ("csv", b"\r\n\r\n", b"\r\nx;1\r\n\r\n"),
        ("csv", b"dozir-export;", "Примітка;усе гаразд\r\ndozir-export;".encode()),
        ("html", "1\u00a0234,56".encode(), "1\u00a0234,57".encode()),
        ("html", "1\u00a0234,56".encode(), b"1234,56"),
        ("html", "1\u00a0234,56".encode(), "12\u00a034,56".encode()),
        ("html", b"33,3333", b"33,33330"),
        ("html", b"33,3333", b"33.3333"),
        ("html", b"&lt;b&gt;", b"<b>"),
        ("html", b"&lt;b&gt;", b"&#60;b&gt;"),
        ("html", "1–7".encode(), "1–8".encode()),
        ("html", "Єни, JPY</th>".encode(), "Єни, UAH</th>".encode()),
        ("html", b"td.n{", b"td.n::before{content:'9'}td.n{"),
        ("html", b"<dl>\n", b"<dl>\n<p>9</p>\n"),
        ("html", b"<tbody>\n", b"<tbody>\n<tr><td>x</td></tr>\n"),
        ("html", b'</tbody></table><dl class="end">\n', b'</tbody></table><dl class="end">\n9'),
        ("html", b"</body></html>\n", b"<p>9</p></body></html>\n"),
        ("html", b"</body></html>\n", b"</body></html>\n<p>9</p>\n"),
        ("json", b'"1234.56"', b'"1234.57"'),
        ("json", b'"1234.56"', b'1234.56'),
        ("json", b'"bets": 5', b'"bets": 5, "bets": 6'),
        ("json", b'"bets": 5', b'"bets": 5, "won": "1"'),
        ("json", b'"bets": 5, ', b''),
        ("json", b'"bets": 5', b'"bets": 5.0'),
        ("json", "1–7".encode(), "1–8".encode()),
    ],
)  # fmt: skip
def test_one_altered_character_is_noticed(write, form, old, new):
    path, told = write(form)
    _flip_csv(path, old, new)
    try:
        found = read(path)
    except Unreadable:
        return
    assert found.computed != told.sha256.hex()


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        (1, "C2", 1234.57),
        (1, "C2", "=1234.56"),
        (1, "A2", '="=2+5"'),
        (1, "A10", 7),
        (1, "J2", "поруч"),
        (1, "C1", "Сума, EUR"),
        (1, "A20", "ще рядок"),
        (0, "B2", "1–8 листопада"),
        (0, "A30", "примітка"),
    ],
)
def test_one_altered_cell_of_a_workbook_is_noticed(write, sheet, cell, value):
    path, told = write("xlsx")
    book = load_workbook(path)
    book.worksheets[sheet][cell] = value
    book.save(path)
    found = read(path)
    assert found.stated == told.sha256.hex()
    assert found.computed != told.sha256.hex()


def test_a_text_that_became_a_formula_of_the_same_letters_is_noticed(write):
    path, told = write("xlsx")
    book = load_workbook(path)
    cell = book.worksheets[1]["A2"]
    assert cell.value == "=2+5"
    cell.data_type = "f"
    book.save(path)
    assert read(path).computed != told.sha256.hex()


def test_a_workbook_that_was_only_saved_again_keeps_its_hash(write):
    path, told = write("xlsx")
    book = load_workbook(path)
    for row in book.worksheets[1].iter_rows():
        for cell in row:
            if cell.data_type == "f":  # openpyxl takes text with = for a formula, Excel does not
                cell.data_type = "s"
    book.save(path)
    assert read(path).computed == told.sha256.hex()


def test_an_altered_parquet_file_is_noticed(write):
    path, told = write("parquet")
    table = pq.read_table(path)
    column = table.column("stake").to_pylist()
    column[0] += Decimal("0.01")
    place = table.schema.get_field_index("stake")
    field = table.schema.field(place)
    metadata = pq.ParquetFile(path).metadata.metadata
    import pyarrow as pa

    table = table.set_column(place, field, pa.array(column, field.type))
    table = table.replace_schema_metadata({b"dozir-export": metadata[b"dozir-export"]})
    pq.write_table(table, path)
    found = read(path)
    assert found.stated == told.sha256.hex()
    assert found.computed != told.sha256.hex()


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"<!DOCTYPE html>\n<p>", b"<!DOC", b"PK\x03\x04",
     b"PAR1", b"a;b\r\n", b"\xff\xfe", b'{"format":"dozir-export/v1"}',
     b'{"format":"dozir-export/v1","rows":[],"columns":[]}', b"[" * 100_000,
     b"\r\ndozir-export;[]"],
)  # fmt: skip
def test_what_is_no_export_is_unreadable(tmp_path, content):
    path = tmp_path / "stranger"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        read(path)


NUMBERS = st.integers(-(2**62), 2**62)
MOMENTS = st.datetimes(
    datetime(1900, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC), allow_imaginary=False
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(
        Phase.explicit,
        Phase.generate,
    ),  # writing files anew to find smaller ones takes minutes
)
@given(
    st.lists(
        st.tuples(
            st.none() | st.text(max_size=20),
            st.none() | NUMBERS,
            st.none() | NUMBERS,
            st.none() | NUMBERS,
            st.none() | st.decimals(-(10**12), 10**12, places=3),
            st.none() | st.fractions(-2, 2),
            st.none() | st.dates(),
            st.none() | MOMENTS,
            st.none() | MOMENTS,
        ),
        max_size=6,
    )
)
def test_any_table_has_one_hash_in_all_kinds_of_file(write, rows):
    found = {form: read(write(form, rows=rows)[0]) for form in FORMS}
    assert len({one.computed for one in found.values()}) == 1, found
    assert all(one.computed == one.stated for one in found.values())
