"""The portal behind nginx as deploy/nginx/dozir.conf has it: TLS, limits, and whom to believe."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import time
import warnings
from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest

from portal.ingest.problems import MEDIA_TYPE
from tests.support.proxy import Proxy, proxying

from .conftest import Answer, Place, ask


@pytest.fixture(scope="module")
def proxy(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    shorter = {
        "client_header_timeout 15s": "client_header_timeout 2s",
        "client_body_timeout 15s": "client_body_timeout 2s",
        "limit_conn dozir_address 64": "limit_conn dozir_address 8",
    }
    with proxying(place.port, tmp_path_factory.mktemp("nginx"), replace=shorter) as made:
        yield made


def over_tls(
    proxy: Proxy,
    path: str,
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
    body: bytes | None = None,
) -> Answer:
    """One request over HTTPS."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", proxy.https, timeout=60, context=proxy.tls
    )
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()


def batch_headers(place: Place) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {place.operator.keys['manual'].text}",
        "Idempotency-Key": str(uuid4()),
        "Content-Type": "application/json",
    }


def test_a_page_over_tls_has_hsts_and_a_cookie_for_tls_alone(proxy: Proxy, place: Place) -> None:
    page = over_tls(proxy, "/login")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "; Secure" in page.headers["Set-Cookie"]
    plain = ask(place.port, "/login")
    assert "Strict-Transport-Security" not in plain.headers
    assert "Secure" not in plain.headers["Set-Cookie"]


def test_signing_in_over_tls_works(proxy: Proxy) -> None:
    """The check against forged forms compares the Referer, which needs the scheme to be right."""
    page = over_tls(proxy, "/login")
    form = re.search(r'action="(/login/demo/\d+)"', page.text)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert form
    assert token
    here = f"127.0.0.1:{proxy.https}"
    headers = {
        "Cookie": page.headers["Set-Cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"https://{here}/login",
    }
    body = f"csrf_token={token[1]}".encode()
    entered = over_tls(proxy, form[1], headers, "POST", body)
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    assert "; Secure" in entered.headers["Set-Cookie"]
    session = {"Cookie": entered.headers["Set-Cookie"].partition(";")[0]}
    assert over_tls(proxy, "/", session).status == 200
    elsewhere = headers | {"Referer": "https://evil.example/login"}
    assert over_tls(proxy, form[1], elsewhere, "POST", body).status == 400


def test_another_hosts_name_is_refused(proxy: Proxy) -> None:
    """A redirect of ours would lead whoever follows it, or a cache, to the name that was asked."""
    for name in ("evil.example", "127.0.0.1.evil.example", "localhost"):
        for path in ("/docs", "/login"):
            answer = over_tls(proxy, path, {"Host": name})
            assert (answer.status, name in str(answer.headers)) == (421, False)
        assert name not in ask(proxy.http, "/docs", {"Host": name}).headers["Location"]


def test_old_tls_is_refused(proxy: Proxy) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", proxy.https), timeout=30) as plain,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(plain)


@pytest.mark.parametrize("suite", ["AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "NULL-SHA256"])
def test_weak_suites_are_refused(proxy: Proxy, suite: str) -> None:
    """Without forward secrecy, without authenticated encryption, without any."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{suite}:@SECLEVEL=0")
    with (
        socket.create_connection(("127.0.0.1", proxy.https), timeout=30) as plain,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(plain)


def test_in_the_clear_pages_are_sent_to_tls_and_keys_are_refused(
    proxy: Proxy, place: Place
) -> None:
    answer = ask(proxy.http, "/reports?from=1")
    assert answer.status == 308
    assert answer.headers["Location"].startswith("https://")
    refused = ask(proxy.http, "/api/v1/batches", batch_headers(place), "POST", b"[]")
    assert refused.status == 403


def test_a_batch_over_tls_is_stored_and_its_limits_come_through(proxy: Proxy, place: Place) -> None:
    body = json.dumps(place.client.records(100)).encode()
    answer = over_tls(proxy, "/api/v1/batches", batch_headers(place), "POST", body)
    assert answer.status == 201, answer.text
    assert answer.document["rows"] == 100 if "rows" in answer.document else True
    direct = place.client.post(body=body, headers=batch_headers(place))
    passed = {name for name in direct.headers if name.startswith("ratelimit")}
    again = over_tls(proxy, "/api/v1/batches", batch_headers(place), "POST", body)
    assert passed <= {name.lower() for name in again.headers}


def test_a_body_too_large_is_answered_by_us_and_a_huge_one_by_nginx(
    proxy: Proxy, place: Place
) -> None:
    ours = over_tls(
        proxy, "/api/v1/batches", batch_headers(place), "POST", b" " * (8 * 1024 * 1024 + 1)
    )
    assert (ours.status, ours.headers["Content-Type"]) == (413, MEDIA_TYPE)
    connection = http.client.HTTPSConnection("127.0.0.1", proxy.https, context=proxy.tls)
    connection.putrequest("POST", "/api/v1/batches")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_figures_and_readiness_stay_inside(proxy: Proxy) -> None:
    from portal import config

    right = {"Authorization": f"Bearer {config.secret('metrics-token')}"}
    for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/readyz", "/METRICS"):
        answer = over_tls(proxy, path, right)
        assert answer.status in (404, 308), path
        assert "dozir_" not in answer.text
    assert over_tls(proxy, "/healthz").status == 200


def test_a_stranger_cannot_forge_scheme_or_address(place: Place, proxy: Proxy) -> None:
    forged = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "for=203.0.113.9;proto=https;host=evil.example",
        "X-Forwarded-Ssl": "on",
        "X-Forwarded-Protocol": "ssl",
    }
    # Through nginx what he sends is replaced; its answer stays one over TLS.
    answer = over_tls(proxy, "/login", forged | {"X-Forwarded-Proto": "http"})
    assert "Strict-Transport-Security" in answer.headers
    assert "evil" not in answer.text + str(answer.headers)


def test_a_client_that_stalls_holds_no_worker(proxy: Proxy, place: Place) -> None:
    stalling = []
    for _ in range(6):
        conn = proxy.tls.wrap_socket(
            socket.create_connection(("127.0.0.1", proxy.https), timeout=30),
            server_hostname="127.0.0.1",
        )
        conn.sendall(
            b"POST /api/v1/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/json\r\n\r\n["
        )
        stalling.append(conn)
    time.sleep(0.3)
    # The portal has not heard of any of them.
    from .conftest import figures

    assert figures(place.port)["dozir_http_in_flight"] == 1
    for conn in stalling:
        assert conn.recv(1000).startswith(b"HTTP/1.1 408") or conn.recv(1) == b""
        conn.close()


def test_one_address_cannot_take_all_connections(proxy: Proxy) -> None:
    held = []
    for _ in range(8):
        conn = proxy.tls.wrap_socket(
            socket.create_connection(("127.0.0.1", proxy.https), timeout=30),
            server_hostname="127.0.0.1",
        )
        conn.sendall(b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n")
        held.append(conn)
    time.sleep(0.3)
    assert over_tls(proxy, "/healthz").status == 429
    for conn in held:
        conn.close()
