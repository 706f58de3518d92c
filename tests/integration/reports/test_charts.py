"""The charts of reports: what is drawn is what the report says, however much it says."""

from __future__ import annotations

import html
import json
import math
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from flask import get_template_attribute
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from portal.identity.login import current_viewer
from portal.registry.names import read_names
from portal.reports import answering, catalogue, charts
from portal.reports.answering import Answer, Key, Line
from portal.reports.asking import Reader
from portal.reports.charts.picture import WIDTH, Picture, Scale
from portal.reports.charts.treemap import areas
from tests.integration.reports.conftest import Pages
from tests.integration.reports.worlds import TODAY
from tests.support.databases import rows

MONTH = f"from={TODAY.replace(day=1)}&to={TODAY}"
EACH = {
    "R05": "game", "R06": "rule", "R07": "gambling_type", "R08": "operator", "R09": "operator",
    "R10": "operator", "R11": "operator",
}  # fmt: skip
MOST_BYTES = 100_000
ROUNDED = 0.11  # positions have one digit


@dataclass(frozen=True)
class Desk:
    """A regulator who has opened a page; ``answer("R08", "operator")`` is what it is made from."""

    get: Callable[[str], str]
    json: Callable[[str], dict]
    answer: Callable[[str, str], Answer]


@pytest.fixture(scope="module")
def regulator(pages: Pages) -> FlaskClient:
    return pages.visit("regulator")


@pytest.fixture
def desk(regulator: FlaskClient) -> Iterator[Desk]:
    """For one test: what a request knows is kept until then, and the next must not find it."""
    with regulator as client:

        def get(address: str) -> str:
            page = client.get(address)
            assert page.status_code == 200
            return page.get_data(as_text=True)

        def answer(code: str, by: str) -> Answer:
            assert client.get("/reports/").status_code == 200  # and its context stays
            with current_viewer().reading() as conn:
                names = read_names(conn)
                (definition,) = catalogue.read(conn, code)
                days = {"from": str(TODAY.replace(day=1)), "to": str(TODAY)}
                asked = Reader(conn, names, definition, MultiDict(days | {"by": by})).read().asked
                return answering.read(conn, asked, names)

        yield Desk(get, lambda address: client.get(f"{address}&format=json").get_json(), answer)


def figures(line: Line, *codes: str) -> list[float]:
    return [float(line.figures[code] or 0) for code in codes]  # type: ignore[arg-type]


def shapes(picture: Picture, kind: str, look: str) -> list[tuple[float, ...]]:
    return [one.at for one in picture.shapes if (one.kind, one.look) == (kind, look)]


def signed(bar: tuple[float, ...], nothing: float) -> float:
    """How far a bar reaches from where nothing is."""
    x, _, width, _ = bar
    return width if abs(x - nothing) < 2 * ROUNDED else -width


def axis_at(picture: Picture) -> float:
    (found,) = {one[0] for one in shapes(picture, "line", "axis") if one[0] == one[2]}
    return found


def invented(answer: Answer, number: int, seed: int = 1) -> Answer:
    """The same question, answered with rows of every awkward sort."""
    rng = random.Random(seed)
    measures = answer.asked.report.measures

    def one(kind: str, additive: bool) -> object:
        if not additive and rng.random() < 0.2:
            return None
        size = round(10 ** rng.uniform(0, 13)) * rng.choice((1, 1, 1, -1))
        return Decimal(size % 30_000) / 100 if kind in ("percent", "number") else size

    def row() -> dict[str, object]:
        return {name: None if m.kind in ("moment", "date") else one(m.kind, m.additive)
                for name, m in measures.items()}  # fmt: skip

    dimension = answer.asked.report.dimensions[answer.asked.by[0]]
    keys = [
        Key(dimension, str(n), f"C{n}", f"Оператор «Дуже довга назва» № {n}", n)
        for n in range(1, number + 1)
    ]
    lines = [Line(partial(tuple, [key]), row()) for key in keys]  # type: ignore[arg-type]
    return replace(answer, lines=lines, total=row())  # type: ignore[arg-type]


def test_however_much_there_is_pictures_stay_small_and_inside(desk: Desk) -> None:
    """Nothing, one row, few and a thousand of them: negative, without figures, enormous."""
    for code, by in EACH.items():
        known = desk.answer(code, by)
        assert charts.own(replace(known, lines=[])) == []
        nothing = Line(known.lines[0].keys, dict.fromkeys(known.total)) if known.lines else None
        blank = replace(known, lines=[nothing] if nothing else [], total=dict.fromkeys(known.total))
        assert charts.own(blank) == [], code
        for number in (1, 5, 1_000):
            pictures = charts.own(invented(known, number), up=["operator~month"] * 3)
            written = 0
            for one in pictures:
                macro = get_template_attribute("reports/_charts.html", "picture")
                written += len(macro(one, "Heading", False).encode())
                for shape in one.shapes:
                    x, y, *size = shape.at
                    right, low = (size if shape.kind == "line" else
                                  [x + size[0], y + size[1]] if size else [x, y])  # fmt: skip
                    assert 0 <= min(x, right) <= max(x, right) <= WIDTH + ROUNDED, (code, shape)
                    assert 0 <= min(y, low) <= max(y, low) <= one.height + ROUNDED, (code, shape)
                assert {len(row.cells) for row in one.entries} == {len(one.head)}
            assert written < MOST_BYTES, (code, number, written)
            assert pictures or number == 1 or code == "R07", code


def test_the_table_of_a_picture_holds_its_links_for_the_keyboard(desk: Desk) -> None:
    for code, by in EACH.items():
        for picture in charts.own(desk.answer(code, by)):
            drawn = {shape.link for shape in picture.shapes if shape.link}
            assert drawn <= {row.link for row in picture.entries}, code
    page = desk.get(f"/reports/R10?by=operator&{MONTH}")
    (picture,) = charts.own(desk.answer("R10", "operator"))
    section = page.split('id="own-chart"')[1].split("</section>")[0]
    for row in picture.entries:
        assert html.escape(row.link or "") in section
    assert "style=" not in section
    assert section.count('tabindex="-1"') == sum(bool(one.link) for one in picture.shapes)


def test_mirrored_bars_are_as_long_as_what_flowed(desk: Desk) -> None:
    answer = desk.answer("R10", "operator")
    codes = ("deposit", "withdrawal", "net_flow")
    rows = [figures(line, *codes) for line in answer.lines if any(figures(line, *codes[:2]))]
    rows.sort(key=lambda row: -abs(row[0]) - abs(row[1]))
    (picture,) = charts.own(answer)
    middle = axis_at(picture)
    paid, taken, net = (
        [signed(bar, middle) for bar in shapes(picture, "rect", "one")],
        [signed(bar, middle) for bar in shapes(picture, "rect", "two")],
        [at[0] - middle for at in shapes(picture, "circle", "mark")],
    )
    unit = max(map(abs, paid + taken)) / max(abs(v) for row in rows for v in row[:2])
    for (deposit, withdrawal, flow), *drawn in zip(rows, paid, taken, net, strict=True):
        assert drawn == pytest.approx([deposit * unit, -withdrawal * unit, flow * unit], abs=1.0)
    assert picture.entries[0].cells[0].endswith("UAH")


def test_the_waterfall_goes_down_from_stakes_to_ggr(desk: Desk) -> None:
    answer = desk.answer("R09", "operator")
    (picture,) = charts.own(answer)
    stake, ggr = shapes(picture, "rect", "one")
    refund, win = shapes(picture, "rect", "two")
    heights = [bar[3] for bar in (stake, refund, win, ggr)]
    sums = [abs(float(answer.total[c] or 0)) for c in ("stake", "refund", "win", "ggr")]  # type: ignore[arg-type]
    unit = max(heights) / max(sums)
    assert heights == pytest.approx([one * unit for one in sums], abs=1.0)
    assert refund[1] == pytest.approx(stake[1], abs=ROUNDED)  # each begins where one ended
    assert win[1] == pytest.approx(refund[1] + refund[3], abs=1.0)
    ends = win[1] + win[3]
    assert min(abs(ends - ggr[1]), abs(ends - ggr[1] - ggr[3])) < 1.0


def test_areas_are_in_proportion_and_fill_the_field() -> None:
    values = [50, 20, 12, 9, 5, 3, 1]
    found = areas(values, (0, 0, 720, 300))
    for value, (x, y, width, height) in zip(values, found, strict=True):
        assert width * height == pytest.approx(720 * 300 * value / 100)
        assert 0 <= x <= x + width <= 720.001
        assert 0 <= y <= y + height <= 300.001


def test_the_treemap_has_gains_by_their_size_and_tells_of_losses(desk: Desk) -> None:
    answer = invented(desk.answer("R08", "operator"), 60)
    (picture,) = charts.own(answer)
    ggr = [figures(line, "ggr")[0] for line in answer.lines]
    gains = sorted((one for one in ggr if one > 0), reverse=True)
    wanted = [*gains[:24], sum(gains[24:])]
    drawn = [shape.at[2] * shape.at[3] for shape in picture.shapes if shape.kind == "rect"]
    field = WIDTH * picture.height
    for area, value in zip(drawn, wanted, strict=True):
        assert area / field == pytest.approx(value / sum(wanted), abs=0.003)
    losses = [one for one in ggr if one < 0]
    assert losses
    assert f" {len(losses)} with −" in picture.left_out


def test_the_most_frequent_add_up_to_all(desk: Desk) -> None:
    answer = invented(desk.answer("R06", "rule"), 40)
    records, batches = charts.own(answer)
    for picture, code in ((records, "record_count"), (batches, "batch_count")):
        counts = sorted((n for line in answer.lines for n in figures(line, code) if n > 0),
                        reverse=True)  # fmt: skip
        bars = [*counts[:12], sum(counts[12:])]
        nothing = axis_at(picture)
        ticks = shapes(picture, "line", "grid")
        whole = max(one[0] for one in ticks) - nothing
        drawn = [s.at[2] / whole for s in picture.shapes if s.kind == "rect"]
        assert drawn == pytest.approx([n / sum(bars) for n in bars], abs=0.003)
        running = [(at[0] - nothing) / whole for at in shapes(picture, "circle", "mark")]
        shares = [sum(bars[: n + 1]) / sum(bars) for n in range(len(bars))]
        assert running == pytest.approx(shares, abs=0.003)


@pytest.mark.parametrize("by_rounds", [True, False])
def test_points_of_the_funnel_stand_at_what_was_played_and_its_difference(
    desk: Desk, by_rounds: bool
) -> None:
    """Of paid rounds with their bands, or, where no row has any, of bets and money."""
    answer = invented(desk.answer("R05", "game"), 200)
    if not by_rounds:
        for line in answer.lines:
            line.figures["band_points"] = None
    (picture,) = charts.own(answer)
    told = []
    for line in answer.lines:
        rounds, bets, off, z, band = figures(
            line, "round_count", "bet_count", "rtp_difference", "z_score", "band_points"
        )
        needed = ("z_score", "band_points") if by_rounds else ("rtp_difference",)
        if (rounds if by_rounds else bets) > 0 and None not in map(line.figures.get, needed):
            told.append((line, *((rounds, z * band / 2.576) if by_rounds else (bets, off)), band))
    told.sort(key=lambda one: -one[1])
    drawn = [s for s in picture.shapes if s.kind in ("rect", "circle")]
    assert len(drawn) == 60 == len(picture.entries)
    assert f" {len(told) - 60} more" in picture.left_out
    lacking = sum(
        1
        for line in answer.lines
        if None in map(line.figures.get, ("z_score", "band_points")) and line.figures["bet_count"]
    )
    assert lacking > 0
    assert (f"of theirs: {lacking}." in picture.left_out) == by_rounds
    # Where whole powers of ten and round differences stand.
    (zero,) = {one[1] for one in shapes(picture, "line", "axis")}
    scales = {s.text: s.at for s in picture.shapes if s.look == "scale"}
    unit = (zero - (scales["+100 pp"][1] - 4)) / 100
    powers = {
        math.log10(int(s.text.replace(",", ""))): s.at[0]
        for s in picture.shapes
        if s.look == "name"
    }
    least, most = min(powers), max(powers)
    decade = (powers[most] - powers[least]) / (most - least)
    bands = shapes(picture, "line", "guide")
    assert len(bands) == (60 if by_rounds else 0)
    for shape, (_, bets, off, _) in zip(drawn, told, strict=False):
        half = 4 if shape.kind == "rect" else 0
        assert (shape.kind == "rect") == (off < 0)
        x, y = shape.at[0] + half, shape.at[1] + half
        assert x == pytest.approx(powers[least] + decade * (math.log10(bets) - least), abs=0.3)
        assert y == pytest.approx(zero - unit * max(min(off, 100), -100), abs=0.3)
    for (left, high, right, low), (_, rounds, _, band) in zip(bands, told, strict=False):
        assert left == right
        assert left == pytest.approx(powers[least] + decade * (math.log10(rounds) - least), abs=0.3)
        assert (zero - high, low - zero) == pytest.approx([unit * min(band, 100)] * 2, abs=0.3)


def test_the_lorenz_curve_goes_through_what_is_known(desk: Desk) -> None:
    answer = desk.answer("R07", "gambling_type")
    shares = {"top1_share_percent": Decimal("22.75"), "top10_share_percent": Decimal("66.5")}
    (picture,) = charts.own(replace(answer, total=answer.total | shares))
    alike = next(iter(shapes(picture, "line", "guide")))
    left, low, right, high = alike
    points = sorted(
        (100 * (x - left) / (right - left), 100 * (low - y) / (low - high))
        for x, y in shapes(picture, "circle", "running")
    )
    for point, known in zip(points, ((90, 33.5), (99, 77.25)), strict=True):
        assert point == pytest.approx(known, abs=0.1)
    assert [row.cells for row in picture.entries] == [["22.75%"], ["66.50%"]]


def test_of_taxes_each_figure_has_its_bar_and_nothing_is_a_dash(desk: Desk) -> None:
    answer = desk.answer("R11", "operator")
    key = Key(answer.asked.report.dimensions["operator"], "1", "C1", "One", 1)
    rows = [(50_000, 40_000), (30_000, None), (20_000, -10_000)]
    codes = [one.code for one in answer.measures() if one.series == "up"]
    others = dict.fromkeys(codes[2:])
    lines = [
        Line(partial(tuple, [key]), answer.total | {codes[0]: a, codes[1]: b} | others)
        for a, b in rows
    ]
    (picture,) = charts.own(replace(answer, lines=lines))
    nothing = axis_at(picture)
    estimated, declared = (
        [signed(bar, nothing) for bar in shapes(picture, "rect", look)] for look in ("one", "two")
    )
    unit = estimated[0] / 50_000
    assert estimated == pytest.approx([50_000 * unit, 30_000 * unit, 20_000 * unit], abs=0.3)
    assert declared == pytest.approx([40_000 * unit, -10_000 * unit], abs=0.3)
    assert [row.cells[1] for row in picture.entries] == ["400.00\u00a0UAH", "—", "−100.00\u00a0UAH"]


def test_licences_stand_where_their_terms_are(pages: Pages, desk: Desk) -> None:
    page = desk.get(f"/reports/R04?by=licence&{MONTH}")
    section = page.split('id="own-chart"')[1].split("</section>")[0]
    bars = re.findall(r'<rect class="draw-one" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', section)
    said = desk.json(f"/reports/R04?by=licence&{MONTH}")
    assert len(bars) == min(12, len(said["rows"])) > 0
    # Those of the world began years ago: they reach from the left end to theirs.
    assert {float(x) for x, _ in bars} == {250.0}
    assert all(0 < float(width) <= WIDTH - 250 + ROUNDED for _, width in bars)
    assert 'class="draw-period"' in section


def grid_of(client: FlaskClient, page: str) -> str:
    """The grid that a page fetches once it stands."""
    address = html.unescape(re.findall(r'hx-get="([^"]+only=grid)"', page)[0])
    return client.get(address, headers={"HX-Request": "true"}).get_data(as_text=True)


def test_a_grid_comes_once_the_page_stands_or_with_it_where_no_script_runs(pages: Pages) -> None:
    client = pages.visit("regulator")
    for code in ("R01", "R02"):
        page = client.get(f"/reports/{code}?by=operator&{MONTH}").get_data(as_text=True)
        outline = page.split('id="own-chart"')[1].split("</section>")[0]
        part = grid_of(client, page)
        assert part.strip().startswith("<section")
        assert part.count("<section") == 1
        assert "only=grid" not in part
        # What is there at once is all but the rows, for which there is room.
        for one in (
            "<h2.*?</h2>",
            "<thead>.*?</thead>",
            "<ul.*?</ul>",
            'class="table-scroll" .*?>',
        ):
            assert re.findall(one, outline, re.S) == re.findall(one, part, re.S)
        assert 0 < outline.count("<tr>") <= part.count("<tr>")
        (link,) = re.findall(r'<a href="([^"]+only=grid)#own-chart"', outline)
        whole = client.get(html.unescape(link)).get_data(as_text=True)
        assert part.strip() in whole
        assert "hx-get" not in whole.split('id="own-chart"')[1].split("</section>")[0]


def test_every_day_of_an_operator_has_its_cell(pages: Pages) -> None:
    client = pages.visit("regulator")
    for code, shares in (("R02", ("on_time", "valid", "unique", "matched")), ("R01", ())):
        page = client.get(f"/reports/{code}?by=operator&{MONTH}").get_data(as_text=True)
        table = grid_of(client, page).split('class="status-grid"')[1].split("</table>")[0]
        rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.S)
        said = client.get(f"/reports/{code}?by=operator,day&{MONTH}&format=json").get_json()
        days = {(row["operator_name"], row["day"]): row for row in said["rows"]}
        assert 0 < len(rows) <= 16
        for named, cells in rows:
            name = html.unescape(re.sub("<.*?>", "", named))
            looks = re.findall(r'<td class="grid-([\w-]+)">([^<]*)</td>', cells)
            for day, (look, text) in enumerate(looks[-TODAY.day :], start=1):
                row = days.get((name, str(TODAY.replace(day=day))))
                if code == "R01":
                    late, any_at_all = row and row["late_count"], row and row["row_count"]
                    assert look == ("late" if late else "received" if any_at_all else "silent")
                    continue
                told = [row[f"{one}_percent"] for one in shares] if row else []
                lowest = min((float(one) for one in told if one is not None), default=None)
                if lowest is None:
                    assert (look, text) == ("none", "—")
                else:
                    assert float(text) == pytest.approx(lowest, abs=0.1)
                    level = sum(lowest < one for one in (99.9, 99.0, 95.0))
                    assert look == f"level-{level}"


def test_the_same_over_time_comes_alone_and_says_what_the_report_says(pages: Pages) -> None:
    """What a page fetches to stand beside its rows: one chart, with nothing that is there twice."""
    client = pages.visit("regulator")
    page = client.get(f"/reports/R10?by=operator&{MONTH}").get_data(as_text=True)
    address = html.unescape(re.findall(r'hx-get="([^"]+only=chart)"', page)[0])
    part = client.get(address, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert part.strip().startswith("<section")
    assert part.count("<section") == 1
    assert "popover" not in part
    data = json.loads(re.findall(r"<script[^>]*>(.*?)</script>", part, re.S)[0])
    plain = address.replace("&only=chart", "")
    rows = client.get(f"{plain}&format=json").get_json()["rows"]
    rows.sort(key=lambda row: row["day"])
    deposits = next(one for one in data["series"] if one["name"] == "Deposits")
    told = [Decimal(str(row["deposit"])) * 100 for row in rows]
    assert [Decimal(one) for one in deposits["values"]] == told
    head, *body = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.S)
                   for one in re.findall(r"<tr>(.*?)</tr>", part, re.S)]  # fmt: skip
    assert head[1:] == [one["name"] for one in data["series"]]
    column = head.index("Deposits")
    shown = [html.unescape(row[column]).replace("−", "-") for row in body]
    assert [int(re.sub(r"[^0-9-]", "", one)) for one in shown] == told
    whole = client.get(address).get_data(as_text=True)  # without a script it is the page itself
    assert "<html" in whole


def test_a_chart_has_a_table_where_the_rows_below_do_not_tell_its_points(desk: Desk) -> None:
    """Beside other pages of its rows, and of days that hours are joined into; else none."""
    first = TODAY - timedelta(days=80)
    for query, heading, points in (
        (f"by=day&from={TODAY - timedelta(days=20)}&to={TODAY}", None, 0),
        (f"by=day&from={first}&to={TODAY}", "Day", 81),
        (f"by=hour&from={TODAY - timedelta(days=29)}&to={TODAY}", "Day", 30),
    ):
        page = desk.get(f"/reports/R03?{query}")
        section = page.split('id="over-time"')[1].split("</section>")[0]
        found = re.findall(r'<thead><tr><th scope="col">([^<]+)</th>', section)
        assert found == ([heading] if heading else []), query
        assert section.count("<tr>") == (points + 1 if heading else 0), query
        assert len(section) < MOST_BYTES, query


def test_a_ratio_of_what_still_goes_on_is_not_drawn(desk: Desk) -> None:
    page = desk.get(f"/reports/R03?by=day&{MONTH}")
    data = json.loads(re.findall(r'type="application/json"[^>]*>(.*?)</script>', page, re.S)[0])
    rtp = data["series"][-1]
    assert (rtp["name"], rtp["sign"], rtp["lane"]) == ("RTP", "%", 1)
    rows = desk.json(f"/reports/R03?by=day&{MONTH}")["rows"]
    rows.sort(key=lambda row: row["day"])
    told = [row["rtp_percent"] and round(Decimal(str(row["rtp_percent"])) * 100) for row in rows]
    told[data["unfinished"]] = None
    assert rtp["values"] == told


def test_an_axis_ends_at_round_figures_and_holds_nothing() -> None:
    for values, ticks in (
        ((), [0, 1]),
        ((7,), [0, 2, 4, 6, 8]),
        ((-3, 90), [-50, 0, 50, 100]),
        ((-40,), [-40, -30, -20, -10, 0]),
    ):
        scale = Scale(values, 100, 500)
        assert (scale.at(scale.ticks[0]), scale.at(scale.ticks[-1])) == (100, 500)
        assert scale.ticks == ticks


def test_an_operator_is_drawn_alone(pages: Pages) -> None:
    own, *foreign = pages.operators
    with pages.database.connect() as conn:
        names = dict(rows(conn, "select code, name_en from registry.operator"))
    client = pages.visit("operator", own)
    drawn = 0
    for code, by in (*EACH.items(), ("R01", "operator"), ("R02", "operator"), ("R04", "licence")):
        text = client.get(f"/reports/{code}?by={by}&{MONTH}").get_data(as_text=True)
        if "only=grid" in text:
            text = grid_of(client, text)
        parts = text.split('id="own-chart"')[1:]
        drawn += len(parts)
        for one in foreign:
            assert html.escape(names[one.code]) not in "".join(parts), code
    assert drawn > 4
