"""Logs: one JSON object a line on standard error, or text for a terminal; never a value.

What a request held (bodies, queries, headers, cookies, keys) is never handed to a log. The messages
of exceptions quote such values, those of PostgreSQL most of all, so that of an exception only its
kind, its SQLSTATE and the places in the code are written, whoever logged it.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import traceback
from collections.abc import MutableMapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import structlog

from portal.config import settings

Event = MutableMapping[str, Any]


def configure() -> None:
    """Set up structlog and the standard library's loggers alike; may be called again."""
    level = logging.getLevelName(settings().log_level.upper())
    common: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_process,
        _without_messages,
    ]
    renderer = _renderer()
    structlog.configure(
        processors=[*common, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_without_exceptions)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # What libraries tell of their inner life is for whoever looks for a fault.
    root.setLevel(max(level, logging.WARNING) if level > logging.DEBUG else logging.INFO)


class RequestLine(msgspec.Struct, omit_defaults=True, gc=False):
    """One request in the access log; ``ms`` it took, bytes ``received`` and ``sent``."""

    method: str
    route: str
    status: int
    ms: float
    received: int | None
    sent: int
    request_id: str = ""
    role: str = ""
    key: int | None = None


class _WholeLine(RequestLine, omit_defaults=True, gc=False, kw_only=True):
    event: str
    level: str
    timestamp: str
    pid: int


def request(*facts: Any) -> None:
    """One line of the access log from the fields of ``RequestLine``; what is empty is left out.

    As JSON it is written right away: a line for each request must not cost more than the request.
    """
    if settings().log_format == "text":
        told = msgspec.to_builtins(RequestLine(*facts))
        structlog.get_logger("portal.request").info("request", **told)
        return
    now = time.time()
    moment = f"{_second(int(now))}.{int(now % 1 * 1e6):06}Z"
    line = _WholeLine(*facts, event="request", level="info", timestamp=moment, pid=os.getpid())
    sys.stderr.write(msgspec.json.encode(line).decode() + "\n")


@lru_cache(maxsize=1)
def _second(unix: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(unix))


def close() -> None:
    """Write out what is left and let go of all handlers, as this process ends.

    The library would do so when the interpreter is half gone, with locks that gevent made and whose
    module is no more.
    """
    logging.shutdown()
    logging._handlerList.clear()  # type: ignore[attr-defined]


def describe(error: BaseException) -> str:
    """The kinds and SQLSTATEs of an error and its causes, without their messages."""
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        sqlstate = getattr(cause, "sqlstate", None)
        chain.append(type(cause).__name__ + (f" {sqlstate}" if sqlstate else ""))
        cause = cause.__cause__
    return " < ".join(chain)


def places(trace: TracebackType | None) -> list[str]:
    """Where in the code an error came by."""
    frames = traceback.extract_tb(trace)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _renderer() -> structlog.typing.Processor:
    if settings().log_format == "text":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return _as_json


def _as_json(_logger: Any, _method: str, event: Event) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def _add_process(_logger: Any, _method: str, event: Event) -> Event:
    event["pid"] = os.getpid()
    return event


def _without_messages(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its kind and its places."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = describe(error)
        event["where"] = places(error.__traceback__)
    return event


def _without_exceptions(record: logging.LogRecord) -> bool:
    """Libraries put exceptions into their messages: leave the kind."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            describe(value) if isinstance(value, BaseException) else value for value in record.args
        )
    return True
