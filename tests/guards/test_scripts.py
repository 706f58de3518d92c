"""Our scripts do nothing by which a text could become code, or leave the page."""

from __future__ import annotations

import re

from portal.config import ROOT

DANGEROUS = re.compile(
    r"\beval\(|new Function|document\.write|insertAdjacentHTML|outerHTML|setTimeout\(['\"]"
    r"|postMessage|['\"]message['\"]|localStorage|sessionStorage|indexedDB|__proto__"
    r"|document\.cookie\s*=|\bwith\s*\("
)
# Parts of the page as the server wrote them, values escaped, within a policy that runs no script
# of theirs.
PARTS_OF_THE_SERVER = {"live.js": 2}


def test_no_script_of_ours_uses_what_is_dangerous() -> None:
    scripts = sorted((ROOT / "static").glob("*.js"))
    assert len(scripts) > 5
    for path in scripts:
        text = path.read_text()
        assert not DANGEROUS.findall(text), path.name
        assert text.count("innerHTML") == PARTS_OF_THE_SERVER.get(path.name, 0), path.name
