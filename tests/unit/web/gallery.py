"""A tiny application around the shell: every component on pages like those of the portal.

Used by the tests of the shell and by whoever wants to look at the components.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask_login import LoginManager, UserMixin, login_user, logout_user
from jinja2 import ChoiceLoader, FileSystemLoader

from portal.web import navigation, periods, shell, urls
from portal.web.charts import Chart, Series
from portal.web.navigation import NavItem
from portal.web.paging import listing, read_cursor
from portal.web.rendering import render

NOW = datetime(2026, 11, 20, 12, 5, 31, tzinfo=UTC)
OPERATORS = [(7, "ТОВ «Вересневий лев»"), (12, "ТОВ «Дніпрова зірка»"), (31, "АТ «Синій кит»")]
TYPES = [(2, "Online casino"), (3, "Bookmaker"), (4, "Slot-machine hall")]
EVERYBODY = navigation.ROLES


@dataclass
class Person(UserMixin):
    """A demo identity, as the portal's sign-in gives it."""

    id: str
    role: str
    display_name: str
    organisation_name: str
    operator_id: int | None = None
    permissions: frozenset[str] = frozenset()


PEOPLE = {
    "1": Person("1", "regulator", "Олена Ковальчук", "Державний регулятор азартних ігор"),
    "2": Person("2", "operator", "Jean O'Neil <b>", "ТОВ «Вересневий лев»", 7),
}
pages = Blueprint("gallery", __name__, template_folder="templates")


def daily_rows(period: periods.Period) -> list[dict[str, Any]]:
    """Invented but steady figures for each day of a period."""
    rows = []
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        stake = int(
            3_456_789_012 * (1 + 0.25 * math.sin(number * 2 * math.pi / 7))
            + day.toordinal() * 9_973 % 70_000_123
        )
        wins = stake * 915 // 1000 + number * 7_013
        refunds = stake * 6 // 1000
        count = stake // 12_345
        rows.append({"day": day, "stake": stake, "wins": wins, "refunds": refunds, "count": count})
    return rows


def flows(rows: list[dict[str, Any]]) -> Chart:
    """Stakes up, what goes back down, and what remains as a line."""
    return Chart(
        id="flows",
        title="Ставки, виграші та повернення за днями",
        description="Стовпчики вгору — ставки, вниз — виграші й повернення; нижче — валовий дохід.",
        heading="День",
        labels=[f"{row['day']:%d.%m}" for row in rows],
        links=[f"/batches?day={row['day']}" for row in rows],
        series=[
            Series("Ставки", [row["stake"] for row in rows], stack="flow"),
            Series("Виграші", [row["wins"] for row in rows], below=True, stack="flow"),
            Series("Повернення", [row["refunds"] for row in rows], below=True, stack="flow"),
            Series(
                "Валовий дохід",
                [row["stake"] - row["wins"] - row["refunds"] for row in rows],
                lane=1,
            ),
        ],
    )


@pages.get("/")
def home() -> Any:
    return render("gallery/home.html")


@pages.get("/report")
def report() -> Any:
    errors = {}
    try:
        period = periods.read_period(request.args, "30-days", date(2026, 11, 20))
    except periods.PeriodError as error:
        errors = {error.field: error.message}
        period = periods.preset_period("7-days", date(2026, 11, 20))
    rows = daily_rows(period)
    total = {key: sum(row[key] for row in rows) for key in ("stake", "wins", "refunds", "count")}
    chosen = []
    for name, label, options in (("operator", "Operator", OPERATORS), ("type", "Type", TYPES)):
        value = dict(options).get(request.args.get(name, type=int))
        if value:
            chosen.append((label, value, urls.here(**{name: None})))
    return render(
        "gallery/report.html",
        "report",
        period=period,
        errors=errors,
        rows=rows,
        total=total,
        chart=flows(rows),
        chosen=chosen,
        clear=urls.here(operator=None, type=None),
        operators=OPERATORS,
        types=TYPES,
        now=NOW,
    )


@pages.get("/batches")
def batches() -> Any:
    before = read_cursor(request.args, int)
    rows = [{"number": number} for number in range((before or 1001) - 1, 0, -1)]
    page = listing(rows[:26], 25, "number", before is not None)
    return render("gallery/batches.html", "list", page=page, now=NOW, empty="empty" in request.args)


@pages.get("/batch")
def batch() -> Any:
    return render("gallery/batch.html", now=NOW, trail=[("/batches", "Отримані пакети")])


@pages.get("/sign-in")
def sign_in() -> Any:
    return render("gallery/sign_in.html", people=PEOPLE)


@pages.post("/sign-in")
def sign_in_as() -> Any:
    login_user(PEOPLE[request.form["person"]])
    flash("Ви увійшли.", "success")
    return redirect(urls.safe_next(request.args.get("next")))


@pages.post("/sign-out")
def sign_out() -> Any:
    logout_user()
    return redirect(url_for("gallery.home"))


@pages.get("/fail/<int:code>")
def fail(code: int) -> Any:
    if code == 500:
        raise RuntimeError("secret inside")
    abort(code)


@pages.get("/private")
def private() -> Any:
    abort(401)


def create_app() -> Flask:
    """The application; sign in as ``1`` (regulator) or ``2`` (operator)."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY="for tests only",
        LOGIN_ENDPOINT="gallery.sign_in",
        LOGOUT_ENDPOINT="gallery.sign_out",
    )
    shell.init_app(app)
    # the gallery's pages stand beside the portal's, its words need no translation
    here = FileSystemLoader(Path(__file__).parent / "templates")
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, here])
    manager = LoginManager(app)
    manager.user_loader(PEOPLE.get)
    navigation.register(
        app,
        NavItem("gallery.home", "Огляд", "home", EVERYBODY, "Робоче місце", 10),
        NavItem("gallery.report", "Ставки та виграші", "chart", EVERYBODY, "Звіти", 20),
        NavItem(
            "gallery.batches",
            "Отримані пакети",
            "batches",
            EVERYBODY,
            "Надходження",
            30,
            frozenset({"gallery.batch"}),
        ),
        NavItem("gallery.sign_in", "Лише регулятор", "shield", {"regulator"}, "Надходження", 40),
    )
    app.register_blueprint(pages)
    return app


if __name__ == "__main__":
    create_app().run(port=8123, threaded=True)
