"""The process that `dozir serve` becomes: gunicorn's master, and our companions beside workers.

It imports as little as possible: what it has loaded, workers that it forks later have loaded too.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any

import click
import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from portal import config
from portal.server import companions, gunicorn_conf
from portal.server.stopping import STOPPING

log = structlog.get_logger(__name__)


class Master(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's master, which also keeps the companions alive."""

    def __init__(self, app: Server) -> None:
        super().__init__(app)
        self._companions = companions.Companions(app.companions)

    def spawn_worker(self) -> int:
        """Fork a worker; a signal to stop waits until that worker knows what to do with it.

        Until then it would reach the handler that the worker has from us, and be lost: the worker
        would take requests until it is killed in the midst of them.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            pid: int = super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        return pid

    def manage_workers(self) -> None:
        """Called each second: as many workers as there should be, and all companions."""
        super().manage_workers()
        self._companions.look()

    def reload(self) -> None:
        """SIGHUP: fresh workers, then the old ones finish; fresh companions as well."""
        log.info("reloading")
        self._companions.renew()
        super().reload()

    def stop(self, graceful: bool = True) -> None:
        """End companions and workers at the same time."""
        log.info("stopping")
        self._companions.terminate()
        super().stop(graceful)
        self._companions.end()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings."""

    def __init__(self, bind: str, workers: int, commands: Sequence[Sequence[str]]) -> None:
        self._told = {"bind": bind, "workers": workers, "chdir": str(config.ROOT)}
        self.companions = commands
        super().__init__()

    def load_config(self) -> None:
        """Take the settings of ``gunicorn_conf`` and what the command line said."""
        for name in self.cfg.settings:
            if hasattr(gunicorn_conf, name):
                self.cfg.set(name, getattr(gunicorn_conf, name))
        for name, value in self._told.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application; in a worker, after gevent has patched what it rests on."""
        from portal import create_app  # noqa: PLC0415

        return create_app()

    def run(self) -> None:
        """Serve until told to stop."""
        Master(self).run()


@click.command()
@click.option("--bind", required=True)
@click.option("--workers", required=True, type=int)
@click.option("--no-jobs", is_flag=True)
@click.option("--no-log", is_flag=True)
def main(bind: str, workers: int, no_jobs: bool, no_log: bool) -> None:
    """Serve; `dozir serve` calls this with the right environment."""
    beside = (() if no_jobs else companions.JOBS) + (() if no_log else companions.LOG)
    if not no_log and (config.settings().log_policy or config.settings().tsa):
        beside += companions.ATTEST
    Server(bind, workers, beside).run()


if __name__ == "__main__":
    main()
