"""Officials and roles: who holds which role, by whose decision, and what each role may.

Roles and permissions are tables (``sql/identity/catalogue``); appointments are proposed by one
official and decided by another (``sql/api/functions/propose_appointment.sql``,
``decide_appointment.sql``).
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from portal.officials import views  # noqa: PLC0415

    views.init_app(app)
