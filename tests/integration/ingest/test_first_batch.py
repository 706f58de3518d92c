"""``docs/first-batch.md`` works as it stands: its blocks, run in order against the real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from portal.config import ROOT
from tests.support.api import Client

PAGE = (ROOT / "docs/first-batch.md").read_text("utf-8")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def follow(folder: Path, **environment: str) -> None:
    """Save each block of Python under the name in its first line; run those of shell as one."""
    commands = ["set -euo pipefail"]
    for language, text in BLOCK.findall(PAGE):
        if language == "sh":
            commands.append(text)
        else:
            name = text.splitlines()[0].removeprefix("# ")
            assert f"`{name}`" in PAGE, "the page says under which name to save it"
            (folder / name).write_text(text)
    done = subprocess.run(
        ["bash", "-c", "\n".join(commands)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_who_follows_the_page_gets_what_it_promises(api: Client, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(json.dumps({api.operator.code: api.operator.key.text}))
    before = api.figures()
    follow(tmp_path, DOZIR=f"http://127.0.0.1:{api.port}", KEYS="keys")

    def answered(name: str) -> Any:
        return json.loads((tmp_path / name).read_bytes())

    first, corrected = answered("receipt.json"), answered("corrected.json")
    assert first["rows"] == 1
    assert first["totals"][0]["sum"] == "250.00"
    [total] = corrected["totals"]
    assert (total["count"], total["sum"]) == (1, "25.00")
    assert (total["cancelled_count"], total["cancelled_sum"]) == (1, "250.00")
    assert answered("received.json")["batches"] == [first, corrected]
    assert answered("checked.json")["code"] == "duplicate_id"
    problem = answered("problem.json")
    assert problem["code"] == "amount_too_precise"
    assert [error["pointer"] for error in problem["errors"]] == ["/0/amount"]
    after = api.figures()
    assert (after.batches - before.batches, after.transactions - before.transactions) == (2, 3)
