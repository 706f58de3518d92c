"""Names stand in the order of the Ukrainian alphabet."""

from __future__ import annotations

import random

from portal.web.alphabet import alphabetical


def test_letters_that_code_points_misplace_stand_where_the_alphabet_has_them():
    ordered = ["гай", "ґанок", "дім", "єнот", "жук", "зуб", "иній", "іній", "їжак", "йод"]
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert sorted(shuffled, key=alphabetical) == ordered


def test_case_and_quotes_do_not_matter():
    ordered = ["Зали «Азимут»", "зали Берег", "Зали «Вікно»"]
    assert sorted([ordered[2], *ordered[:2]], key=alphabetical) == ordered
