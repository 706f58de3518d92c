"""gunicorn's settings; `dozir serve` passes address and number of workers."""

from __future__ import annotations

from typing import Any

worker_class = "portal.server.worker.Worker"
worker_connections = 1000
# A gevent worker's heartbeat, not a limit on requests.
timeout = 60
graceful_timeout = 30
# Whether, not how long: see portal/server/patience.py.
keepalive = 1
# The shell's own limits: a request line and headers beyond these are no client of ours.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "dozir"
control_socket_disable = True
logger_class = "portal.server.access.Logger"
# Whom to believe about the client, portal.web.proxies decides; gunicorn believes nobody.
forwarded_allow_ips = ""


def post_worker_init(worker: Any) -> None:  # noqa: ARG001
    """Everything is imported."""
    # Not on top, as below.
    from portal.web import litter  # noqa: PLC0415

    litter.settle()


def worker_exit(_server: Any, _worker: Any) -> None:
    """Hand the connections back while the event loop still runs, and in what was counted."""
    # Not on top: this file is read before gevent patches the locks that the pools are made of.
    from portal import db, logs, metrics  # noqa: PLC0415
    from portal.ingest import answered  # noqa: PLC0415

    answered.flush()
    db.close()
    metrics.settle()
    logs.close()


def child_exit(_server: Any, worker: Any) -> None:
    """What a worker that is gone had open is open no more; what it counted stays counted."""
    from prometheus_client import multiprocess  # noqa: PLC0415

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
