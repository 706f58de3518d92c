"""What an invented operator consists of, and the document by which the registry takes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Suspension:
    """A period without the right to take bets; ``until`` None: not lifted yet."""

    since: datetime
    until: datetime | None
    grounds: str

    def document(self) -> Document:
        return {"from": _moment(self.since), "until": _moment(self.until), "grounds": self.grounds}


@dataclass(frozen=True, slots=True)
class Licence:
    """``type`` is a gambling type's code; aware moments, ``valid_until`` exclusive."""

    number: str
    type: str
    valid_from: datetime
    valid_until: datetime
    suspensions: tuple[Suspension, ...] = ()

    def document(self) -> Document:
        return {
            "number": self.number,
            "type": self.type,
            "valid_from": _moment(self.valid_from),
            "valid_until": _moment(self.valid_until),
            "suspensions": [suspension.document() for suspension in self.suspensions],
        }


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand under which an operator works."""

    code: str
    name_uk: str
    name_en: str
    trademark: str
    active_from: datetime

    def document(self) -> Document:
        return asdict(self) | {"active_from": _moment(self.active_from)}


@dataclass(frozen=True, slots=True)
class Representative:
    """Who may act for an operator; ``powers``: of portal, propose, sign, keys."""

    code: str
    name_uk: str
    name_en: str
    position: str
    powers: tuple[str, ...]
    document: str
    taxpayer_number: str
    email: str
    phone: str
    active_from: datetime

    def as_document(self) -> Document:
        return asdict(self) | {"active_from": _moment(self.active_from)}


@dataclass(frozen=True, slots=True)
class Channel:
    """``kind``: venue, website or mobile_application; ``details``: what that kind has besides."""

    code: str
    kind: str
    name_uk: str
    name_en: str
    active_from: datetime
    details: Document = field(default_factory=dict)

    def document(self) -> Document:
        return {
            "code": self.code,
            "kind": self.kind,
            "name_uk": self.name_uk,
            "name_en": self.name_en,
            "active_from": _moment(self.active_from),
            **self.details,
        }


@dataclass(frozen=True, slots=True)
class Equipment:
    """A machine or table; ``kind``: slot_machine, gaming_table or terminal; ``channel``: a code."""

    code: str
    kind: str
    channel: str
    serial_number: str
    model: str
    active_from: datetime
    details: Document = field(default_factory=dict)

    def document(self) -> Document:
        return {
            "code": self.code,
            "kind": self.kind,
            "channel": self.channel,
            "serial_number": self.serial_number,
            "model": self.model,
            "active_from": _moment(self.active_from),
            **self.details,
        }


@dataclass(frozen=True, slots=True)
class Game:
    """``table`` names the pay table it is played by and ``rtp`` the return it is scaled to."""

    code: str
    title: str
    provider: str
    type: str
    table: str
    rtp: float
    sigma: float
    active_from: datetime
    details: Document = field(default_factory=dict)

    def document(self) -> Document:
        return {
            "code": self.code,
            "title": self.title,
            "provider": self.provider,
            "type": self.type,
            "declared_rtp_ppm": round(self.rtp * 1e6),
            "declared_sigma_ppm": round(self.sigma * 1e6),
            "active_from": _moment(self.active_from),
            **self.details,
        }


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator with all that is registered of it; ``rank`` from 0 within its type."""

    code: str
    type: str
    rank: int
    name_uk: str
    name_en: str
    taxpayer_code: str
    active_from: datetime
    licences: tuple[Licence, ...]
    channels: tuple[Channel, ...]
    equipment: tuple[Equipment, ...]
    games: tuple[Game, ...]
    brands: tuple[Brand, ...] = ()
    representatives: tuple[Representative, ...] = ()

    def document(self) -> Document:
        """The argument of ``api.import_operator``."""
        return {
            "code": self.code,
            "name_uk": self.name_uk,
            "name_en": self.name_en,
            "taxpayer_code": self.taxpayer_code,
            "active_from": _moment(self.active_from),
            "licences": [licence.document() for licence in self.licences],
            "channels": [channel.document() for channel in self.channels],
            "equipment": [equipment.document() for equipment in self.equipment],
            "games": [game.document() for game in self.games],
            "brands": [brand.document() for brand in self.brands],
            "representatives": [one.as_document() for one in self.representatives],
        }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
