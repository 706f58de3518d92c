"""The code of the guides as somebody who follows them would run it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from portal.config import ROOT
from portal.docs.guides import ERRORS, GUIDES, source

LANGUAGES = ("en", "uk")
ALL = (*GUIDES, ERRORS)
VIRTUAL_ENVIRONMENT = ROOT / ".venv" / "bin"


@dataclass(frozen=True)
class Block:
    """A block of code: its language, its text."""

    language: str
    text: str

    @property
    def name(self) -> str:
        """The file that a program says it is to be saved as; "" for none."""
        first = self.text.partition("\n")[0]
        return first.removeprefix("# ") if first.endswith(".py") else ""


def blocks(name: str, language: str) -> list[Block]:
    """Every block of a guide, in order."""
    found = []
    for token in MarkdownIt("commonmark").parse(source(name, language)):
        if token.type == "fence":
            found.append(Block(token.info, token.content))
    return found


def follow(folder: Path, language: str, **environment: str) -> None:
    """Go through all guides in their order, in one shell and one folder."""
    commands = ["set -euo pipefail"]
    for name in GUIDES:
        for block in blocks(name, language):
            if block.language == "python":
                assert f"`{block.name}`" in source(name, language), "the page names the file"
                (folder / block.name).write_text(block.text)
            elif block.language == "sh":
                commands += [f": guide {name}", block.text]
    path = f"{VIRTUAL_ENVIRONMENT}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-xc", "\n".join(commands)],
        cwd=folder,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
