"""What is typed in a form becomes the value that was meant, and what stands there stays."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal import create_app
from portal.registry.catalogue import Attribute, Reference, Title, number_text
from portal.registry.forms import given, shown, unresolved

TITLES = {Reference("venue", 7): Title("HALL", "Зал", "Hall")}


def attribute(data_type, **other):
    return Attribute(
        **{
            "kind": "venue", "name": "x", "position": 1, "step": 1, "data_type": data_type,
            "label_uk": "х", "label_en": "x", "hint_uk": "", "hint_en": "", "required": False,
            "editable": "always", "listed": False, "searchable": False, "private": False,
            "choice_list": None, "reference_kind": None, "unit": None, "pattern": None,
            "minimum": None, "maximum": Decimal(1), "longest": 500, "validator": None,
        }
        | other
    )  # fmt: skip


def typed(one, text, present=None):
    codes = {("venue", "HALL"): 7}
    return given(one, text, present, TITLES, lambda kind, code: codes.get((kind, code)))


@pytest.mark.parametrize(
    ("stored", "field"),
    [
        ("2026-10-24T21:00:00+00:00", "2026-10-25"),  # midnight in Kyiv, before the clocks change
        ("2026-10-25T22:00:00+00:00", "2026-10-26"),
        ("2026-10-26T10:30:00+00:00", "2026-10-26T12:30"),
        ("2026-10-26", "2026-10-26"),
        ("infinity", ""),
        ("no moment", "no moment"),
        (None, ""),
    ],
)
def test_a_moment_is_shown_as_kyiv_has_it_and_stays_as_it_was(stored, field):
    one = attribute("moment")
    assert shown(one, stored, TITLES) == field
    assert typed(one, field, stored) == stored


def test_seconds_that_no_field_shows_are_not_lost():
    stored = "2026-10-26T10:30:59.123+00:00"
    assert typed(attribute("moment"), shown(attribute("moment"), stored, {}), stored) == stored


def test_a_clock_that_was_typed_is_that_of_kyiv():
    assert typed(attribute("moment"), "2026-07-01T12:00") == "2026-07-01T12:00:00+03:00"
    assert typed(attribute("moment"), "2026-12-01T12:00") == "2026-12-01T12:00:00+02:00"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("96,5", 965_000),
        ("96.5 %", 965_000),
        ("0.0001", 1),
        ("0.00001", "0.00001"),
        ("abc", "abc"),
        ("NaN", "NaN"),
        ("1e999999", "1e999999"),
        ("-Infinity", "-Infinity"),
    ],
)
def test_per_cent_become_parts_per_million_or_stay_for_the_rules_to_refuse(text, value):
    assert typed(attribute("integer", unit="ppm"), text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6", 6_000_000),
        ("6,00", 6_000_000),
        ("6.25", 6_250_000),
        ("0,000001", 1),
        ("0.0000001", "0.0000001"),
        ("600 %", "600 %"),  # it is no share
        ("NaN", "NaN"),
    ],
)
def test_multiples_of_the_stake_become_millionths_or_stay_for_the_rules_to_refuse(text, value):
    assert typed(attribute("integer", unit="stakes"), text) == value


@pytest.mark.parametrize(
    ("unit", "stored", "field"),
    [
        ("ppm", 965_000, "96.5"),
        ("ppm", 1_000_000, "100"),
        ("ppm", 1, "0.0001"),
        ("stakes", 6_000_000, "6"),
        ("stakes", 12_500_001, "12.500001"),
        ("stakes", 10_000_000, "10"),
    ],
)
def test_what_stands_in_a_field_of_a_figure_is_what_was_typed(unit, stored, field):
    one = attribute("integer", unit=unit)
    assert shown(one, stored, TITLES) == field
    assert typed(one, field) == stored


@pytest.mark.parametrize(
    ("unit", "stored", "text"),
    [("ppm", 965_000, "96,5%"), ("stakes", 6_000_000, "6,00"), ("stakes", 6_250_001, "6,250001")],
)
def test_a_figure_is_read_in_its_unit(unit, stored, text):
    with create_app().test_request_context(headers={"Cookie": "lang=uk"}):
        assert number_text(stored, unit) == text


def test_a_reference_is_its_code_and_an_unknown_one_is_kept_as_typed():
    one = attribute("reference", reference_kind="venue")
    assert shown(one, 7, TITLES) == "HALL"
    assert typed(one, "HALL") == 7
    lost = typed(one, "7")  # an id is no code
    assert unresolved(lost)
    assert shown(one, lost, TITLES) == "7"


def test_a_domain_is_kept_in_ascii_and_shown_as_people_write_it():
    one = attribute("text", validator="domain")
    assert typed(one, "HTTPS://Приклад.укр./") == "xn--80aikifvh.xn--j1amh"
    assert shown(one, "xn--80aikifvh.xn--j1amh", {}) == "приклад.укр"


def test_nothing_typed_is_no_value():
    assert typed(attribute("text"), "", "before") is None
    assert typed(attribute("choices", choice_list="power"), (), ["portal"]) is None
