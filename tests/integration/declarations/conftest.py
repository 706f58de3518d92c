"""The same scene, portal and visitors as the tests of other pages have."""

from __future__ import annotations

from tests.integration.pages.conftest import app, scene, visitor

__all__ = ["app", "scene", "visitor"]
