"""What the registers hold of an invented operator besides what transactions refer to.

From a source of its own, so that what is played with stays the same.
"""

from __future__ import annotations

import hashlib
import random
from datetime import datetime
from typing import Any

from portal.market.model import Brand, Equipment, Game, Representative
from portal.market.names import Name

BRAND_CODE = "BRAND"
_MANUFACTURERS = ("Завод «Кобза»", "Майстерня «Рута»", "Ігрові системи «Дуб»")
_PEOPLE = (
    ("Олена Гриценко", "Olena Hrytsenko"), ("Максим Лисенко", "Maksym Lysenko"),
    ("Софія Романюк", "Sofiia Romaniuk"), ("Дмитро Кравець", "Dmytro Kravets"),
    ("Ганна Ткачук", "Hanna Tkachuk"), ("Юрій Поліщук", "Yurii Polishchuk"),
    ("Марія Савчук", "Mariia Savchuk"), ("Богдан Олійник", "Bohdan Oliinyk"),
)  # fmt: skip
_OFFICES = (
    ("Директор", ("portal", "propose", "sign", "keys")),
    ("Керівник відділу звітності", ("portal", "propose")),
    ("Інженер з інтеграції", ("portal", "keys")),
)
_RNOKPP_WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)


class Registers:
    """Invents the details of one operator, the same for the same seed and code."""

    def __init__(self, code: str, name: Name, since: datetime, seed: int) -> None:
        self._source = random.Random(f"registers/{seed}/{code}")  # noqa: S311 - a demo repeats itself
        self._name = name
        self._since = since

    def brand(self) -> Brand:
        """The brand that its website carries."""
        return Brand(
            BRAND_CODE,
            self._name.uk,
            self._name.en,
            f"UA-{self._source.randrange(100_000, 400_000)}",
            self._since,
        )

    def representatives(self) -> tuple[Representative, ...]:
        """Three people with different powers."""
        people = self._source.sample(_PEOPLE, len(_OFFICES))
        return tuple(
            Representative(
                code=f"R-{number}",
                name_uk=uk,
                name_en=en,
                position=position,
                powers=powers,
                document=f"Довіреність № {self._source.randrange(1, 400)}",
                taxpayer_number=self._rnokpp(),
                email=f"{en.split()[0].lower()}@{self._name.slug}.example",
                phone=f"+38050{self._source.randrange(10**7):07d}",
                active_from=self._since,
            )
            for number, ((uk, en), (position, powers)) in enumerate(
                zip(people, _OFFICES, strict=True), 1
            )
        )

    def of_equipment(self, machine: Equipment) -> dict[str, Any]:
        """Maker and software; what it returns, for machines."""
        version = f"{self._source.randint(1, 4)}.{self._source.randint(0, 20)}"
        details: dict[str, Any] = {
            "manufacturer": self._source.choice(_MANUFACTURERS),
            "software_version": version,
            "software_sha256": _sha256(machine.model, version),
        }
        if machine.kind == "gaming_table":
            details["table_game"] = self._source.choice(("roulette", "cards"))
        if machine.kind == "slot_machine":
            details["declared_rtp_ppm"] = self._source.randrange(900_000, 960_001, 5_000)
            details["declared_sigma_ppm"] = self._source.randrange(4_000_000, 12_000_001, 500_000)
        return details

    def of_game(self, game: Game) -> dict[str, Any]:
        """Version, certificate and software of a game."""
        version = f"{self._source.randint(1, 9)}.{self._source.randint(0, 9)}"
        return {
            "version": version,
            "certificate": f"UA.TR.{self._source.randrange(1000, 9999)}",
            "software_sha256": _sha256(game.code, version),
        }

    def _rnokpp(self) -> str:
        """Ten digits with a right check digit, of a person born after everybody who may play."""
        digits = [9, *(self._source.randrange(10) for _ in range(8))]
        total = sum(d * w for d, w in zip(digits, _RNOKPP_WEIGHTS, strict=True))
        return "".join(map(str, digits)) + str(total % 11 % 10)


def _sha256(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()
