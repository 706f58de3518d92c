"""The scene of other pages."""

from __future__ import annotations

from tests.integration.pages.conftest import app, scene, visitor

__all__ = ["app", "scene", "visitor"]
