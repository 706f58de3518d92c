"""How small a table is written so that its figures fit on a sheet."""

from __future__ import annotations

import pytest

from portal.web.paper import size_class

BILLIONS = "123 456 789 012,00"


@pytest.mark.parametrize(
    ("figures", "size"),
    [
        ([], ""),
        (["1 234", *["1 234 567,89"] * 6, "95,12%", "4,88%"], ""),
        (["1 234 567", *["12 345 678,90"] * 5, "95,12%", "4,88%", "12 345,67"], "paper-fine"),
        (["1 234 567 890", *[BILLIONS] * 5, "95,12%", "4,88%", "12 345,67"], "paper-finest"),
        ([BILLIONS] * 100, "paper-finest"),
    ],
)
def test_longer_figures_are_written_smaller(figures: list[str], size: str) -> None:
    assert size_class(figures) == size
