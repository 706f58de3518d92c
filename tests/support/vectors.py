"""Real signatures and certificates that are not part of this repository.

They lie in the folder that ``DOZIR_SIGNATURE_VECTORS`` names, or beside the checkout. Tests that
need them are skipped where they are absent, and say so.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal.config import ROOT

VARIABLE = "DOZIR_SIGNATURE_VECTORS"
_BESIDE = ("shared/vectors/signatures", "vectors/signatures")


def folder() -> Path | None:
    """Where they are, if they are anywhere."""
    if told := os.environ.get(VARIABLE):
        return Path(told)
    near = [ROOT.parent, ROOT.parent.parent]
    return next((one / name for one in near for name in _BESIDE if (one / name).is_dir()), None)


def real(name: str) -> bytes:
    """The bytes of a file; skips the test where there are none."""
    place = folder()
    if place is None or not (place / name).exists():
        pytest.skip(f"the real signatures are not here: {VARIABLE} names their folder")
    return (place / name).read_bytes()
