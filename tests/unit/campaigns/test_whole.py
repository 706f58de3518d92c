"""What takes samples is run over everything by a campaign, which fails when one test does."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import ROOT
from tests.campaigns import accessibility, attacks, ways
from tests.campaigns.whole import outcomes

ABOUT_SAMPLES = {
    Path(__file__),
    *(ROOT / "tests" / "unit" / name for name in ("test_sample.py", "test_turns.py")),
}
ASKS = """
import os

def test_is_asked_for_everything():
    assert os.environ["DOZIR_WHOLE"] == "1"
"""


def test_every_file_that_takes_samples_is_run_by_a_campaign() -> None:
    sampling = {
        str(path.relative_to(ROOT))
        for folder in ("journeys", "integration", "guards", "unit")
        for path in (ROOT / "tests" / folder).rglob("test_*.py")
        if "from tests.support.sample import" in path.read_text() and path not in ABOUT_SAMPLES
    }
    known = (accessibility, attacks, ways)
    assert sampling == {file for one in known for file in one.FILES.values()}


def test_everything_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(ASKS)
    assert outcomes([str(tmp_path / "test_it.py")]) == {"passed": 1}


@pytest.mark.parametrize("line", ["assert not 'a fault'", "import pytest; pytest.skip('no')"])
def test_a_fault_or_nothing_examined_breaks_the_promise(tmp_path: Path, line: str) -> None:
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    {line}\n")
    with pytest.raises(AssertionError, match=r"fault|skipped"):
        outcomes([str(tmp_path / "test_it.py")])
