"""gunicorn's response, whose head goes out together with a body that is whole."""

from __future__ import annotations

from functools import lru_cache
from time import time

from gunicorn import util
from gunicorn.http import wsgi


@lru_cache(maxsize=1)
def _date(_second: int) -> str:
    date: str = util.http_date()
    return date


class Response(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    """One send, and mostly one packet, for an answer; what comes in parts goes in parts."""

    headers_sent: bool

    def write(self, arg: bytes) -> None:
        """Send a part of the body, the head before the first."""
        if self.headers_sent or len(arg) != self.response_length or self._omits_body:
            super().write(arg)
            return
        head = [
            f"HTTP/{self.req.version[0]}.{self.req.version[1]} {self.status}\r\n",
            f"Server: {self.version}\r\nDate: {_date(int(time()))}\r\n",
            f"Connection: {'close' if self.should_close() else 'keep-alive'}\r\n",
        ]
        head += [f"{name}: {value}\r\n" for name, value in self.headers]
        self.headers_sent = True
        self.sent = len(arg)
        util.write(self.sock, ("".join(head) + "\r\n").encode("latin-1") + arg)
