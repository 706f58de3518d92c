"""Every reason stands in the documentation as people read it, in both languages and in order."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po

from portal.config import ROOT
from portal.identity.signatures.reasons import REASONS
from portal.web.i18n import TRANSLATIONS

ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_the_documentation_has_every_reason() -> None:
    with (TRANSLATIONS / "uk" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        ukrainian = read_po(file, locale="uk")
    told = ROW.findall((ROOT / "docs" / "signatures.md").read_text())
    words = {code: str(reason.text) for code, reason in REASONS.items()}
    assert told == [
        (code, reason.verdict, ukrainian.get(words[code]).string, words[code])  # type: ignore[union-attr]
        for code, reason in REASONS.items()
    ]


def test_every_reason_is_given_somewhere() -> None:
    folder = ROOT / "portal" / "identity" / "signatures"
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "reasons.py")
    unused = [name for name in REASONS if f'"{name}"' not in code]
    assert unused == []
