"""Security headers of every answer: a strict content policy, no third party, no caching of pages.

The nonce is for ``hx-csp``: htmx acts only on elements whose ``hx-nonce`` equals the page's nonce,
so that markup smuggled into a page cannot make requests. Scripts still come from this origin only.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from portal.web.urls import API_PREFIX

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # same-origin, not no-referrer: over https the CSRF check compares the Referer
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), "
        "screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
    ),
}
TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"
PRIVATE = "private, no-store"
_BY_TLS = ("Strict-Transport-Security", TRANSPORT_SECURITY)


# What programs read shows nothing and runs nothing; the rest of HEADERS is about documents.
_FOR_MACHINES = [
    *((name, HEADERS[name]) for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", PRIVATE),
]
_FOR_MACHINES_BY_TLS = [*_FOR_MACHINES, _BY_TLS]


def for_machines(*, secure: bool) -> list[tuple[str, str]]:
    """The headers of an answer that no person looks at; ``secure``: it goes over TLS."""
    return _FOR_MACHINES_BY_TLS if secure else _FOR_MACHINES


def csp_nonce() -> str:
    """The nonce of the current answer (128 random bits, URL-safe)."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def init_app(app: Flask) -> None:
    """Puts the headers on every answer; an answer that names its own caching keeps it."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        if request.path.startswith(API_PREFIX):
            wanted = for_machines(secure=request.is_secure)
        else:
            wanted = [
                *HEADERS.items(),
                ("Content-Security-Policy", CONTENT_POLICY.format(nonce=csp_nonce())),
                ("Cache-Control", PRIVATE),
            ]
            if request.is_secure:
                wanted.append(_BY_TLS)
        named = {name.lower() for name, _ in response.headers}
        response.headers.extend(pair for pair in wanted if pair[0].lower() not in named)
        return response
