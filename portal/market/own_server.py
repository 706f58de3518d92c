"""A server for the time of one simulation, where none is running."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from portal import runtime
from portal.runtime.instance import free_port

_HOST = "127.0.0.1"
_START_S = 60
_STOP_S = 35  # gunicorn gives its workers 30


class ServerProblem(Exception):
    """The server did not start; what it said is on standard error."""


@contextmanager
def own_server() -> Iterator[str]:
    """The address of a `dozir serve` of our own. Raises ServerProblem, RuntimeProblem."""
    runtime.ensure_running(make_absent=True)
    port = free_port()
    # A session of its own: Ctrl-C is for the simulator, which still has batches to send.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "portal.cli", "serve", "--host", _HOST, "--port", str(port)],
        start_new_session=True,
    )
    try:
        _await(process, port)
        yield f"http://{_HOST}:{port}"
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(_HOST, port, timeout=5)
        try:
            connection.request("GET", "/api/v1/openapi.yaml")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise ServerProblem("the server did not start; see its messages above")
