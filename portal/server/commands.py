"""``dozir serve``."""

from __future__ import annotations

import os
import sys

import click

from portal import config, runtime

# Bodies and COPY streams are 1 to 3 MB: give them back to the heap, not to the kernel each time.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "134217728"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the portal and the operators' API."""
    try:
        runtime.ensure_running()
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    # exec: a supervisor that started `dozir serve` signals gunicorn itself.
    os.execve(  # noqa: S606
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:portal.server.gunicorn_conf",
            "--bind",
            f"{host}:{port}",
            "--workers",
            str(workers),
            "--chdir",
            str(config.ROOT),
            "portal:create_app()",
        ],
        {**os.environ, **MALLOC},
    )
