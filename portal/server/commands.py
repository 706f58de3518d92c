"""``dozir serve``."""

from __future__ import annotations

import os
import sys

import click

from portal import config, runtime
from portal.server import metrics_files

# Bodies and COPY streams are 1 to 3 MB: give them back to the heap, not to the kernel each time.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "134217728"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
@click.option(
    "--no-jobs",
    is_flag=True,
    help="Leave `dozir jobs run`, `dozir exports run` and `dozir notify run` to services.",
)
@click.option(
    "--no-log",
    is_flag=True,
    help="Leave `dozir sign` and `dozir sequence` to services of their own.",
)
def serve(host: str, port: int, workers: int, no_jobs: bool, no_log: bool) -> None:
    """Serve the portal and the operators' API.

    SIGHUP replaces the workers, SIGTERM finishes what is under way and stops. A socket that systemd
    hands over is taken instead of --host and --port.
    """
    try:
        runtime.ensure_running(make_absent=True)
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    counted = {"PROMETHEUS_MULTIPROC_DIR": str(metrics_files.fresh_folder())}
    # exec: a supervisor that started `dozir serve` signals gunicorn's master itself.
    os.execve(  # noqa: S606
        sys.executable,
        [
            sys.executable,
            "-m",
            "portal.server.master",
            "--bind",
            f"{host}:{port}",
            "--workers",
            str(workers),
            *(["--no-jobs"] if no_jobs else []),
            *(["--no-log"] if no_log else []),
        ],
        {**os.environ, "PYTHONPATH": str(config.ROOT), **MALLOC, **counted},
    )
