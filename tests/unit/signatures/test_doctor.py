"""`dozir doctor` says when no signature counts, or when somebody else decides which do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.config import settings
from portal.identity.signatures import certificates, doctor, issuing
from tests.support import pki
from tests.support.pki import DAY, NOW


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trust folder of an installation that is no demonstration, with a real-looking anchor."""
    made = pki.write(tmp_path / "trust", pki.pki())
    own = pki.key(number=6)
    name = issuing.name((certificates.COMMON_NAME, "Справжній корінь"))
    (made / "anchors" / "root.cer").write_bytes(issuing.certificate(
        key=own, issuer=name, subject=name, spki=own.spki, serial=1, not_before=NOW - DAY,
        not_after=NOW + DAY, extensions=[issuing.authority()],
    ))  # fmt: skip
    monkeypatch.setenv("DOZIR_TRUST", str(made))
    monkeypatch.setenv("DOZIR_DEMO", "")
    settings.cache_clear()
    return made


def states() -> list[str]:
    return [f"{one.state}: {one.found}" for one in doctor.check_signatures()]


def test_anchors_in_order(folder: Path) -> None:
    assert states() == [f"ok: 1 anchors, in {folder}"]


def test_no_anchors(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "anchors" / "root.cer").unlink()
    assert states() == ["broken: no anchors: no signature counts"]
    (folder / "anchors" / "root.cer").write_bytes(b"?")
    [told] = states()
    assert told.startswith("broken")
    assert "root.cer" in told
    monkeypatch.setenv("DOZIR_TRUST", str(folder / "absent"))
    settings.cache_clear()
    [told] = states()
    assert told.startswith("warning")


def test_a_list_that_was_due(folder: Path) -> None:
    for hours, state in ((-1, "ok"), (1, "warning"), (100, "broken")):
        due = datetime.now(UTC) - timedelta(hours=hours)
        (folder / "list.json").write_text(json.dumps({"next_update": due.isoformat()}))
        [told] = states()
        assert told.startswith(state)


def test_a_demo_authority_outside_of_demo_mode(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demonstration = pki.pki().root.certificate.der
    (folder / "anchors" / "root.cer").write_bytes(demonstration)
    [told] = states()
    assert told.startswith("broken: the demo authority")
    monkeypatch.setenv("DOZIR_DEMO", "1")
    settings.cache_clear()
    assert states() == [f"ok: the demo authority, in {folder}"]


def test_what_others_may_write_and_what_cannot_be_read(folder: Path) -> None:
    (folder / "anchors").chmod(0o775)
    (folder / "policy.toml").write_text("[[policy]]")
    [told] = states()
    assert told.startswith("broken")
    (folder / "policy.toml").unlink()
    (folder / "crls" / "odd.crl").write_bytes(b"?")
    assert [told.partition(":")[0] for told in states()] == ["broken", "warning"]
