"""Static files: content hash in the address, cached for a year, compressed once.

``asset_url("app.css")`` gives ``/static/app.css?v=<12 hex digits of its SHA-256>``. With the right
``v`` an answer is immutable; without one, or with a stale one, it lives an hour and revalidates.
All of ``static/`` is under 5 MB, so what was asked for is kept in memory.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, g, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from portal.config import ROOT

STATIC = ROOT / "static"
COMPRESSIBLE = {".css", ".js", ".svg", ".json"}
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
IMMUTABLE = "public, max-age=31536000, immutable"
SHORT = "public, max-age=3600"


@dataclass(frozen=True)
class Asset:
    """A static file: its type, its bytes, the same compressed if worth it, its hash."""

    mimetype: str
    content: bytes
    compressed: bytes | None
    version: str


@lru_cache(maxsize=256)
def load(path: Path, _modified_ns: int, _size: int) -> Asset:
    """Reads a file once per change."""
    content = path.read_bytes()
    worth = path.suffix in COMPRESSIBLE and len(content) > 512
    return Asset(
        TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain",
        content,
        gzip.compress(content, compresslevel=9, mtime=0) if worth else None,
        hashlib.sha256(content).hexdigest()[:12],
    )


def asset(filename: str) -> Asset:
    """The file ``filename`` under ``static/``; NotFound when there is none."""
    name = safe_join(str(STATIC), filename)
    path = Path(name) if name else None
    if path is None or not path.is_file():
        raise NotFound
    stat = path.stat()
    return load(path, stat.st_mtime_ns, stat.st_size)


def asset_url(filename: str) -> str:
    """The address of a static file; a missing file fails the page rather than the browser.

    Found once for a page, which has the icons' a hundred times.
    """
    known: dict[str, str] = g.setdefault("asset_urls", {})
    if filename not in known:
        known[filename] = url_for("static", filename=filename, v=asset(filename).version)
    return known[filename]


def serve(filename: str) -> Response:
    """Answers ``/static/<filename>``."""
    found = asset(filename)
    packed = found.compressed if request.accept_encodings["gzip"] > 0 else None
    response = Response(packed or found.content, mimetype=found.mimetype)
    fresh = request.args.get("v") == found.version
    response.headers["Cache-Control"] = IMMUTABLE if fresh else SHORT
    response.set_etag(f"{found.version}-gzip" if packed else found.version)
    if found.compressed:
        response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Serves ``static/`` of the checkout under the endpoint ``static``."""
    app.static_folder = str(STATIC)
    if "static" not in app.view_functions:
        app.add_url_rule("/static/<path:filename>", endpoint="static")
    app.view_functions["static"] = serve
    app.jinja_env.globals["asset_url"] = asset_url
