"""Static files: vendored as recorded, compressed, nothing missing, nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import re

import pytest

from portal.config import ROOT, versions

STATIC = ROOT / "static"
RECORDS = [STATIC / "vendor" / "manifest.json", ROOT / "tests" / "vendor" / "manifest.json"]


def recorded() -> list[tuple[str, dict[str, str]]]:
    return [
        (str(manifest.parent / entry["file"]), entry)
        for manifest in RECORDS
        for entry in json.loads(manifest.read_text())
    ]


def test_every_vendored_file_is_the_recorded_one_and_no_other_is_there():
    for manifest in RECORDS:
        entries = {entry["file"]: entry for entry in json.loads(manifest.read_text())}
        files = {
            path.relative_to(manifest.parent).as_posix(): path
            for path in manifest.parent.rglob("*")
            if path.is_file() and path != manifest
        }
        assert files.keys() == entries.keys()
        for name, path in files.items():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == entries[name]["sha256"], name


def test_vendored_versions_are_the_pinned_ones():
    pinned = versions()["vendor"]
    assert {(entry["package"], entry["version"]) for _, entry in recorded()} == set(pinned.items())


def test_each_package_keeps_its_licence():
    folders = {path.parent for manifest in RECORDS for path in manifest.parent.glob("*/*")}
    assert all((folder / "LICENSE").is_file() for folder in folders)
    assert all(entry["licence"] for _, entry in recorded())


def test_the_vendored_files_stay_small():
    """The renderer of the API reference counts alone: one public page loads it."""
    files = [path for path in (STATIC / "vendor").rglob("*") if path.is_file()]
    renderer = {path for path in files if path.parent.name == "swagger-ui"}
    assert sum(path.stat().st_size for path in files if path not in renderer) < 3_000_000
    assert sum(path.stat().st_size for path in renderer) < 2_200_000
    assert (STATIC / "app.js").stat().st_size < 4096


def test_what_the_stylesheets_name_is_there():
    for sheet in (STATIC / "app.css", STATIC / "vendor" / "inter" / "inter.css"):
        text = sheet.read_text()
        assert "http" not in text
        for name, version in re.findall(r'url\("([^"?]+)\?v=([0-9a-f]+)"\)', text):
            content = (sheet.parent / name).read_bytes()
            assert hashlib.sha256(content).hexdigest().startswith(version)


def test_every_sign_used_is_drawn():
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text()))
    used = set()
    for path in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'\bicon\("([a-z-]+)"', path.read_text()))
    for path in (ROOT / "portal").rglob("*.py"):
        used |= set(re.findall(r'\bicon="([a-z-]+)"', path.read_text()))
    assert used <= drawn


def test_text_is_sent_compressed_and_fonts_as_they_are(client):
    packed = client.get("/static/app.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == (STATIC / "app.css").read_bytes()
    assert "Accept-Encoding" in packed.vary
    plain = client.get("/static/app.css")
    assert "Content-Encoding" not in plain.headers
    assert plain.data == (STATIC / "app.css").read_bytes()
    font = client.get("/static/vendor/inter/inter-latin.woff2", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in font.headers


def test_an_unchanged_file_is_not_sent_again(client):
    for encoding in ("gzip", ""):
        asked = {"Accept-Encoding": encoding}
        first = client.get("/static/app.css", headers=asked)
        again = client.get(
            "/static/app.css", headers={**asked, "If-None-Match": first.headers["ETag"]}
        )
        assert again.status_code == 304
        assert again.data == b""


@pytest.mark.parametrize("path", ["nothing.css", "../pyproject.toml", "vendor", "", "%00"])
def test_nothing_else_is_served(client, path):
    assert client.get(f"/static/{path}").status_code == 404
