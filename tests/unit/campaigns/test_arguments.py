"""Some kinds of a campaign alone, in several processes: only where a campaign has kinds."""

from __future__ import annotations

import pytest

from tests.campaigns.__main__ import _arguments
from tests.campaigns.campaign import campaigns


@pytest.mark.parametrize(
    "line",
    [
        "tamper --only no_such_attack",
        "tamper --only altered_id,no_such_attack:3",
        "tamper --processes 0",
        "fuzz --only altered_id",
        "races --processes 2",
    ],
)
def test_what_no_campaign_does_is_refused(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["campaign", *line.split()])
    with pytest.raises(SystemExit):
        _arguments(campaigns())
    assert "error: " in capsys.readouterr().err


def test_one_attack_of_a_number_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["campaign", "tamper", "--only", "altered_id:37,clean"])
    assert _arguments(campaigns()).only == ("altered_id:37", "clean")
