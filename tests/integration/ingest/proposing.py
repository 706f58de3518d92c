"""New records as an operator's system proposes them."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.support.api import Answer, Client, encoded

_brands = count(1)


def brand(**other: str) -> dict[str, str]:
    """A brand that may be registered."""
    names = {"code": f"BRAND-{next(_brands)}", "name_uk": "Зірка", "name_en": "Star"}
    return names | {"active_from": "2027-01-31"} | other


def proposed(api: Client, *records: Any, register: str = "brand", query: str = "") -> Answer:
    """Propose records."""
    path = f"/registry/{register}/records{query}"
    key = (api.key or api.operator.key).text
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return api.request("POST", path, encoded(list(records)), headers)
