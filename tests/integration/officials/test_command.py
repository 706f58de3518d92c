"""``dozir official appoint-first``: before there is anybody who could appoint."""

from __future__ import annotations

from click.testing import CliRunner

from portal.cli import main
from tests.support.databases import rows, value

NUMBERS = ("3456789020", "3456789014", "3456789037")


def appoint(number, role="supervisor"):
    given = {
        "role": role,
        "name-uk": "Олена Іваненко",
        "name-en": "Olena Ivanenko",
        "organisation-uk": "Регулятор",
        "organisation-en": "Regulator",
        "tax-number": number,
        "reason": "наказ № 1",
    }
    words = [part for name, text in given.items() for part in (f"--{name}", text)]
    return CliRunner().invoke(main, ["official", "appoint-first", *words])


def test_two_are_appointed_at_the_command_line_and_no_third(fresh_database):
    with fresh_database.as_settings():
        first, second, third = NUMBERS
        assert appoint("3456789029").exit_code == 1
        assert appoint(first).exit_code == 0
        again = appoint(first)
        assert again.exit_code == 1
        assert "--tax-number" in again.output
        assert appoint(second).exit_code == 0
        refused = appoint(third)
        assert refused.exit_code == 1
        assert "are in force" in refused.output
        # The tax service's are others.
        assert appoint(third, "tax_supervisor").exit_code == 0
    with fresh_database.connect() as conn:
        held = rows(
            conn,
            "select p.tax_number, a.role from identity.appointment as a"
            " join identity.person as p on p.id = a.person_id where a.state = 'in_force'"
            " order by a.id",
        )
        assert held == [
            (first, "supervisor"),
            (second, "supervisor"),
            (third, "tax_supervisor"),
        ]
        told = rows(conn, "select deed, actor, reason from identity.appointment_event order by id")
        assert [deed for deed, _, _ in told] == ["appointed_first"] * 3
        assert all(actor.startswith("command line, ") for _, actor, _ in told)
        assert value(conn, "select count(*) from ledger.entry where kind = 4") == 3
