"""What single reports can be narrowed to besides what most can: rules (R06), tax classes (R11).

Pages and programs name these by the same codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal import db
from portal.registry.names import Named
from portal.web.i18n import gettext

# Filters whose things an address names by code, not by id.
BY_CODE = frozenset({"type", "channel_kind", "rule", "tax_class"})
# Report -> the filter that its function takes after all others.
OWN = {"R06": "rule", "R11": "tax_class"}
RULE = re.compile(r"breach:[1248]|refusal:[a-z_]{1,50}")


@dataclass(slots=True, unsafe_hash=True)
class TaxClass(Named):
    """What tax acts set rates for; ``kinds`` are the kinds of gambling in it, by code."""

    kinds: tuple[str, ...] = ()


@dataclass(slots=True, unsafe_hash=True)
class Rule(Named):
    """A rule of R06 by its key; it has no other id."""

    @property
    def name(self) -> str:
        return rule_name(self.code)


def rules(texts: Iterable[str]) -> list[Rule | None]:
    """The rules with these keys; None for what is none."""
    return [Rule(0, text, "", "") if RULE.fullmatch(text) else None for text in texts]


def tax_classes(conn: db.Connection) -> list[TaxClass]:
    """All tax classes; the id is the position, which is their key in rows."""
    rows = conn.execute(
        "select c.position, c.code, c.name_uk, c.name_en, array("
        " select g.code from api.tax_class_type as t"
        " join api.gambling_type as g on g.id = t.gambling_type_id"
        " where t.tax_class = c.code order by g.id) as kinds"
        " from api.tax_class as c order by c.position"
    )
    return [
        TaxClass(
            row["position"], row["code"], row["name_uk"], row["name_en"], None, tuple(row["kinds"])
        )
        for row in rows
    ]


def ids(field: str, things: Iterable[Named]) -> list[str]:
    """The things of a filter as an address names them."""
    return [one.code if field in BY_CODE else str(one.id) for one in things]


def rule_name(key: str) -> str:
    """A rule of R06 in words: a mark of breach, or the code of a refusal."""
    marks = {
        "breach:1": gettext("licence not in force"),
        "breach:2": gettext("licence of another kind of gambling"),
        "breach:4": gettext("place, equipment or game not active"),
        "breach:8": gettext("came late"),
    }
    return marks.get(key) or gettext("refusal: %(code)s", code=key.partition(":")[2])
