"""``dozir notify``: delivers subscriptions and sends mail, beside the workers."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from typing import Protocol

import click
import structlog

from portal import logs
from portal.lifecycle import Flag

log = structlog.get_logger(__name__)


class Worker(Protocol):
    """What works until it is told to stop."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


@click.group()
def notify() -> None:
    """Notices, subscriptions and mail: what brings them to people."""


@notify.command()
def run() -> None:
    """Deliver what is due, for ever; SIGTERM ends it after what is under way."""
    from portal import create_app, mail  # noqa: PLC0415 - `dozir --help` needs no pages
    from portal.mail.sending import Sender  # noqa: PLC0415
    from portal.mail.server import mail_server  # noqa: PLC0415
    from portal.notices.mailing import Mailer  # noqa: PLC0415
    from portal.subscriptions.running import Deliverer  # noqa: PLC0415

    logs.configure()
    app = create_app()
    workers: list[Worker] = [Deliverer(app)]
    if mail.configured():
        try:
            workers += [Mailer(app), Sender(mail_server())]
        except mail.Misconfigured as problem:
            log.error("mail is not sent", problem=str(problem))
    work(workers)


def work(workers: Sequence[Worker]) -> None:
    """Run each in a thread of its own until a signal; when one fails all end, to be begun anew."""
    ended = Flag()

    def stop(*_: object) -> None:
        for one in workers:
            one.stop()
        ended.set()

    def watched(one: Worker) -> None:
        try:
            one.run()
        finally:
            stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threads = [threading.Thread(target=watched, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    ended.wait()
    for thread in threads:
        thread.join()
