"""Tables on paper: how small one must be written for its figures to fit on a sheet of A4."""

from __future__ import annotations

from collections.abc import Iterable

SHEET_PT = 527  # A4 between the margins that static/app.css leaves
NAME_PT = 70  # the least that the names of the rows are left, which break into lines
CELL_PT = 5.7  # what a cell keeps free at its sides
DIGIT_EM, SIGN_EM = 0.66, 0.36  # digits, spaces and points in bold Inter
# From the usual size down, as app.css has them; the last may break a figure that is still wider.
SIZES = (("", 7.5), ("paper-fine", 6.25), ("paper-finest", 5.25))


def size_class(figures: Iterable[str]) -> str:
    """The class of a table that prints ``figures``, the widest of each column, beside names."""
    texts = list(figures)
    digits = sum(letter.isdigit() for text in texts for letter in text)
    ems = DIGIT_EM * digits + SIGN_EM * (sum(map(len, texts)) - digits)
    room = SHEET_PT - NAME_PT - CELL_PT * (len(texts) + 1)
    return next((name for name, points in SIZES if ems * points <= room), SIZES[-1][0])
