"""Exports by themselves: tables that ask for trouble, written and read back without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask

from portal.exports.certificate import Taker
from portal.exports.rendering import Bounds, Written, render
from portal.exports.table import Column, Table
from portal.web import i18n

TAKER = Taker("Оксана «Тест» Іваненко", "auditor", "=Служба; перевірки")
COLUMNS = (
    Column("name", "Назва; «Name»"),
    Column("bets", "Ставки", "count"),
    Column("stake", "Сума", "money", 2, "UAH"),
    Column("whole", "Єни", "money", 0, "JPY"),
    Column("seats", "Площа", "decimal", 3, unit="м²"),
    Column("rtp", "RTP", "percent", 4),
    Column("day", "День", "date"),
    Column("at", "Час", "moment"),
    Column("fine", "Точний час", "moment", precision="millisecond"),
)
ROWS = [
    (
        "=2+5",
        5,
        123456,
        7,
        Decimal("1.5"),
        Fraction(1, 3),
        date(2026, 3, 29),
        datetime(2026, 3, 29, 1, 30, 15, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, 15, 651987, tzinfo=UTC),
    ),
    # The hour that comes twice: both of it.
    ("+1", 0, 0, 0, 0, 0, date(2025, 10, 26), datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
     datetime(2025, 10, 26, 0, 30, 0, 1000, tzinfo=UTC)),
    ("-1", -5, -123456, -7, Decimal("-0.0005"), Fraction(-1, 7), date(2025, 10, 26),
     datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
     datetime(2025, 10, 26, 1, 30, 59, 999999, tzinfo=UTC)),
    ("@SUM(A1)", 10**14, 10**14 + 1, 10**15 + 7, Decimal("123456789012345.678"), Decimal("0.97"),
     date(1899, 12, 31), datetime(1895, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)),
    ("'=кома, \"лапки\"; крапка", 1, 10**17 + 1, 1, Decimal("0.1"), Decimal("1.005"),
     date(2024, 2, 29), datetime(2024, 2, 29, 22, tzinfo=UTC), None),
    ("\tтаб\r\nрядок\rще\nодин", None, None, None, None, None, None, None, None),
    ("_x0041_ \x00\x07 <b>&amp;", 1, 1, 1, 1, 1, date(2026, 1, 1),
     datetime(2026, 1, 1, tzinfo=UTC), None),
    ("''@ \u00a0🂡 їжак ", 1, 1, 1, 1, 1, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), None),
    ("007", 1, 1, 1, 1, 1, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), None),
    (None, None, None, None, None, None, None, None, None),
    ("＝cmd", 3, 3, 3, 3, 1, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), None),
]  # fmt: skip


def table(rows=ROWS, columns=COLUMNS, **changes) -> Table:
    """A table of these rows."""
    given = {
        "name": "test-table",
        "title": "Таблиця; тест",
        "facts": [("Період", "1–7 листопада"), ("Фільтр", '=HYPERLINK("x")')],
        "parameters": {"from": "2026-11-01", "state": ["a", "b"]},
        "as_of": datetime(2026, 11, 20, 12, 0, 5, 123456, tzinfo=UTC),
        "columns": columns,
        "rows": rows,
        "file_parts": ("2026-11-01",),
    }
    return Table(**(given | changes))


@pytest.fixture(scope="session")
def application() -> Flask:
    app = Flask(__name__)
    i18n.init_app(app)
    return app


@pytest.fixture
def write(application, tmp_path):
    """Writes a table; the path and what was told of it."""

    def written(form: str, language: str = "uk", **changes) -> tuple[object, Written]:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.{form}"
        with application.test_request_context(), i18n.speaking(language):
            bind = render(
                table(**changes),
                form,
                TAKER,
                path,
                Bounds(10**7, "https://dozir.example/v"),
            )
            return path, bind()

    return written
