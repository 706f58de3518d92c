"""Addresses of the database: derived, and shown without their password."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from portal.runtime.commands import psql_environment, without_password
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import replace_login


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql://a:b@h:5/d", "postgresql://r:p%3A%40@h:5/d"),
        ("postgres://h/d?sslmode=require", "postgres://r:p%3A%40@h/d?sslmode=require"),
        ("postgresql:///d?host=/run&user=a&password=b", "postgresql://r:p%3A%40@/d?host=/run"),
        ("postgresql://a@h1:1,h2:2/d", "postgresql://r:p%3A%40@h1:1,h2:2/d"),
        ("postgresql://a:b@[::1]:5/d", "postgresql://r:p%3A%40@[::1]:5/d"),
        ("postgresql:///?host=/run", "postgresql://r:p%3A%40@/?host=/run"),
    ],
)
def test_login_is_replaced_and_all_else_kept(given: str, expected: str) -> None:
    made = replace_login(given, "r", "p:@")
    assert made == expected
    assert conninfo_to_dict(made)["password"] == "p:@"


def test_address_that_is_no_url_is_refused() -> None:
    with pytest.raises(RuntimeProblem, match="DOZIR_DATABASE_URL"):
        replace_login("host=h dbname=d", "r", "p")


@pytest.mark.parametrize(
    ("given", "address", "password"),
    [
        ("postgresql://a:b%40c@h/d", "postgresql://a@h/d", "b@c"),
        ("postgresql://a@h/d", "postgresql://a@h/d", ""),
        ("postgresql:///d?host=/run", "postgresql:///d?host=/run", ""),
        ("postgresql://a@/d?host=/run&password=b", "postgresql://a@/d?host=/run", "b"),
        ("host=h password=b dbname=d", "dbname=d host=h", "b"),
    ],
)
def test_password_is_kept_apart(given: str, address: str, password: str) -> None:
    shown, kept = without_password(given)
    assert conninfo_to_dict(shown) == conninfo_to_dict(address)
    assert kept == password
    assert "b" not in conninfo_to_dict(shown).values()


def test_callers_variables_do_not_send_psql_elsewhere() -> None:
    env = psql_environment({"PGHOST": "elsewhere", "TERM": "xterm"}, None, "secret")
    assert env == {"TERM": "xterm", "PGPASSWORD": "secret", "PGCLIENTENCODING": "UTF8"}
