"""The 64 greenlets of the campaign ``isolation``, in a process that gevent has patched.

Standard input says who there is and how often to ask, standard output what was seen, as JSON.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import gevent
import psycopg
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, UUIDConverter

from portal import create_app, db
from portal.errors import DatabaseUnavailable
from tests.campaigns.campaign import say
from tests.support.streams import Reader

GREENLETS = 64
OVER_HTTP = 0.4  # of the requests; the others are asked of the pools
TOLD_EACH = 1_000
TRIES = 60
TIMEOUT_S = 60
ABSENT = 10**9
KEPT_BROKEN = 10
MARK = re.compile(rb"zq([0-9a-f]{6})qz", re.IGNORECASE)
PLAYER = re.compile(rb"5e([0-9a-f]{6})-?5eed", re.IGNORECASE)
SEES_PLAYERS = {"regulator", "operator"}
SEES_ALL = {"regulator", "tax_service", "registrar", "auditor"}
REPORTS = tuple(f"R{number:02}" for number in range(1, 12))
# What asks the crowd itself to fail is not an answer.
LOST = (OSError, http.client.HTTPException)
# Answers that do not depend on who asks: the request was cancelled, timed out, or came too often.
DISTURBED = {422, 429, 503}
PUBLIC = "public"
IDENTITY = (
    "select current_user::text as who, nullif(current_setting('dozir.operator_id', true), '')"
    " as operator, nullif(current_setting('dozir.person_id', true), '') as person,"
    " nullif(current_setting('dozir.actor', true), '') as actor,"
    " current_setting('transaction_isolation') as isolation"
)
OWNED = {
    "batch": "select distinct operator_id from api.batch",
    "licence": "select distinct operator_id from api.licence",
    "game": "select distinct operator_id from api.game",
    "operator": "select id as operator_id from api.operator",
    "transaction": (
        "select distinct operator_id from api.transaction"
        " where occurred_at >= %(day)s::date and occurred_at < %(day)s::date + 1"
    ),
}


@dataclass(frozen=True)
class Visitor:
    """Somebody of the campaign's world; ``mark`` is that of an operator's people, else ''."""

    role: str
    person: int
    name: str
    mark: str = ""
    operator: int | None = None
    key: str = ""
    batches: tuple[int, ...] = ()


@dataclass
class Seen:
    """What happened, and each promise that was broken, with what shows it."""

    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    foreign_rows: int = 0

    def broke(self, text: str) -> None:
        self.broken.append(text)
        say(f"BROKEN: {text}")

    def hold_marks(self, visitor: Visitor, what: str, body: bytes) -> None:
        """Nothing of another operator, and no player's pseudonym where the role sees none."""
        told = {one.decode().lower() for one in MARK.findall(body)}
        players = {one.decode().lower() for one in PLAYER.findall(body)}
        foreign = set() if visitor.role in SEES_ALL else (told | players) - {visitor.mark}
        if visitor.role not in SEES_PLAYERS:
            foreign |= players
        if foreign:
            self.foreign_rows += len(foreign)
            self.broke(f"{visitor.role} {visitor.name} was shown {foreign} by {what}")
        self.outcomes["answers with marked rows"] += bool(told)


class World:
    """Whom the crowd plays, and what each may see."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.port: int = told["port"]
        self.day: str = told["day"]
        self.superuser: str = told["superuser"]
        self.visitors = [Visitor(role, id_, name) for role, id_, name in told["officials"]] + [
            Visitor(
                "operator",
                one["person"],
                f"ZQ{one['mark'].upper()}QZ",
                one["mark"],
                one["id"],
                one["key"],
                tuple(one["batches"]),
            )
            for one in told["operators"]
        ]
        self.operators = [one for one in self.visitors if one.operator is not None]
        self.batches = [id_ for one in self.operators for id_ in one.batches]
        self.app = create_app()
        self.rules = [
            (rule, audience)
            for rule in self.app.url_map.iter_rules()
            if (audience := getattr(self.app.view_functions[rule.endpoint], "audience", None))
            and PUBLIC not in audience
            and "GET" in (rule.methods or ())
        ]
        # What each operator's reports say of a day that is over: it never changes.
        self.reports: dict[tuple[str, str], Any] = {}

    def address(self, rng: random.Random, app: Flask, rule: Any) -> str:
        """An address of the rule: known, foreign or absent things, chosen at random."""
        ids = [*self.batches, *range(1, 40), ABSENT]
        values: dict[str, Any] = {}
        for name in rule.arguments:
            converter = rule._converters[name]
            if isinstance(converter, AnyConverter):
                values[name] = rng.choice(sorted(converter.items))
            elif isinstance(converter, IntegerConverter):
                values[name] = rng.choice(self.batches if name == "batch_id" else ids)
            elif isinstance(converter, UUIDConverter):
                values[name] = UUID(int=rng.randrange(2))
            else:
                values[name] = "x"
        with app.test_request_context():
            made: str = app.url_for(rule.endpoint, **values)
        return made


def _get(
    port: int, path: str, headers: dict[str, str], method: str = "GET", body: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


class Asker:
    """One greenlet that asks over HTTP: signed in as one visitor after another."""

    def __init__(self, world: World, seen: Seen, rng: random.Random) -> None:
        self.world, self.seen, self.rng = world, seen, rng
        self.visitor = world.visitors[0]
        self.reader: Reader | None = None
        self.acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (60, self.page),
            (10, self.batch),
            (10, self.search),
            (12, self.api_report),
            (8, self.api),
            (10, self.hang_up),
            (2, self.stream),
            (4, self.nobody),
            (4, self.without_token),
            (2, self.someone_else),
        )

    def once(self) -> None:
        """One request."""
        if self.reader is None:
            self.someone_else()
        act = self.rng.choices([a for _, a in self.acts], [w for w, _ in self.acts])[0]
        try:
            act()
        except LOST as problem:
            self.seen.outcomes[f"lost: {type(problem).__name__}"] += 1

    def someone_else(self) -> None:
        """Leave, and enter as another; while backends are killed that may take several tries."""
        self.visitor = self.rng.choice(self.world.visitors)
        for _ in range(TRIES):
            with suppress(AssertionError, *LOST):
                self.reader = Reader(self.world.port, self.visitor.person)
                self.seen.outcomes["signed in"] += 1
                return
            gevent.sleep(0.05)
        raise AssertionError("nobody can sign in any more")

    def _show(self, path: str, may: bool = True) -> None:
        assert self.reader
        status, headers, body = _get(self.world.port, path, {"Cookie": self.reader.cookie})
        self.seen.outcomes[f"page {status}"] += 1
        self.seen.hold_marks(self.visitor, path, body)
        if status == 500 or (status != 403 and status not in DISTURBED and not may):
            self.seen.broke(f"{self.visitor.role} got {status} by {path}")
        if status == 303 and headers.get("location", "").startswith("/login"):
            self.seen.broke(f"the session of {self.visitor.name} was lost by {path}")
        framed = status == 200 and b'<div class="side">' in body
        if framed and self.visitor.name.encode() not in body:
            self.seen.broke(f"{self.visitor.name} got the page of somebody else by {path}")
        self.seen.outcomes["pages with the own name"] += framed

    def page(self) -> None:
        """Any address of the route table, whoever it is for."""
        rule, audience = self.rng.choice(self.world.rules)
        if rule.endpoint == "live.events":
            return
        path = self.world.address(self.rng, self.world.app, rule)
        if self.rng.random() < 0.1:
            path += "?" + urlencode({"from": "nonsense", "cursor": "\0", "page": -1})
        elif self.rng.random() < 0.5:
            path += "?" + urlencode({"from": self.world.day, "to": self.world.day})
        self._show(path, self.visitor.role in audience)

    def batch(self) -> None:
        """A batch by its number, and one of its rows: mostly somebody else's."""
        path = f"/ledger/batches/{self.rng.choice([*self.world.batches, ABSENT])}"
        self._show(path + self.rng.choice(("", "/receipt", "/transactions/1")), True)

    def search(self) -> None:
        """Search for what is somebody else's; the words come back in the page, so not the mark."""
        self._show("/registry/search?" + urlencode({"q": self.rng.choice(("ZQ", "HALL", "BOOK"))}))

    def api_report(self) -> None:
        """A report of a day that is over: always the same rows, the operator's own."""
        one = self.rng.choice(self.world.operators)
        code = self.rng.choice(REPORTS)
        status, body = self._api(one, f"reports/{code}?from={self.world.day}&to={self.world.day}")
        if status != 200:
            return
        told = json.loads(body)["rows"]
        if self.world.reports.setdefault((one.mark, code), told) != told:
            self.seen.foreign_rows += 1
            self.seen.broke(f"report {code} of {one.name} says {told} now")

    def api(self) -> None:
        """Batches, one batch, the register, by key."""
        one = self.rng.choice(self.world.operators)
        number = self.rng.choice([*self.world.batches, ABSENT])
        path = self.rng.choice(("batches", "registry", f"batches/{number}"))
        status, _ = self._api(one, path)
        own = number in one.batches
        if path.startswith("batches/") and status == 200 and not own:
            self.seen.broke(f"{one.name} was shown {path}")

    def _api(self, one: Visitor, path: str) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {one.key}"}
        status, _, body = _get(self.world.port, f"/api/v1/{path}", headers)
        self.seen.outcomes[f"api {status}"] += 1
        self.seen.hold_marks(one, path, body)
        if status == 500 or status == 401:
            self.seen.broke(f"{one.name} got {status} by {path}")
        return status, body

    def hang_up(self) -> None:
        """Ask, and leave at once or with the first bytes."""
        assert self.reader
        rule, _ = self.rng.choice(self.world.rules)
        path = self.world.address(self.rng, self.world.app, rule)
        with socket.create_connection(("127.0.0.1", self.world.port), TIMEOUT_S) as line:
            line.sendall(
                f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {self.reader.cookie}\r\n\r\n".encode()
            )
            gevent.sleep(self.rng.choice((0, 0, 0.002, 0.02)))
        self.seen.outcomes["hung up"] += 1

    def stream(self) -> None:
        """The first event of a live page, then leave."""
        if self.visitor.role == "registrar":
            return
        assert self.reader
        connection = http.client.HTTPConnection("127.0.0.1", self.world.port, timeout=TIMEOUT_S)
        try:
            headers = {"Cookie": self.reader.cookie, "Accept": "text/event-stream"}
            connection.request("GET", "/live/events", headers=headers)
            answer = connection.getresponse()
            self.seen.outcomes[f"stream {answer.status}"] += 1
            self.seen.hold_marks(self.visitor, "/live/events", answer.read1(200_000))
        finally:
            connection.close()

    def nobody(self) -> None:
        """Without a session, or with one that nobody gave: led to sign in, and told nothing."""
        rule, _ = self.rng.choice(self.world.rules)
        path = self.world.address(self.rng, self.world.app, rule)
        cookie = self.rng.choice(({}, {"Cookie": "dozir=eyJ0b2tlbiI6IngifQ.aAAAAA.forged"}))
        status, _, body = _get(self.world.port, path, cookie)
        self.seen.outcomes[f"nobody {status}"] += 1
        if status not in {303, 401, 503} or MARK.search(body) or PLAYER.search(body):
            self.seen.broke(f"nobody got {status} by {path}")

    def without_token(self) -> None:
        """A change without the token against forged forms."""
        assert self.reader
        headers = {
            "Cookie": self.reader.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        status, _, body = _get(self.world.port, "/views", headers, "POST", "name=x&target=/")
        self.seen.outcomes[f"without token {status}"] += 1
        self.seen.hold_marks(self.visitor, "POST /views", body)
        if status not in {400, 503}:
            self.seen.broke(f"a form without a token was answered {status}")


class Direct:
    """One greenlet on the pools themselves."""

    def __init__(self, world: World, seen: Seen, rng: random.Random) -> None:
        self.world, self.seen, self.rng = world, seen, rng
        self.faults: tuple[tuple[int, Callable[[Any], None]], ...] = (
            (60, self.nothing),
            (5, self.fail),
            (5, self.divide),
            (5, self.time_out),
            (5, self.close),
            (3, self.terminated),
            (3, self.cancelled),
            (8, self.left),
        )

    def once(self) -> None:
        """One transaction."""
        what = self.rng.choice((self.act, self.act, self.act, self.act, self.itself, self.ingest))
        try:
            what()
        except (psycopg.Error, DatabaseUnavailable, ZeroDivisionError, gevent.Timeout) as problem:
            self.seen.outcomes[f"direct: {type(problem).__name__}"] += 1

    def act(self) -> None:
        """Become a role, look who one is, read something; then perhaps come to grief."""
        visitor = self.rng.choice(self.world.visitors)
        snapshot = self.rng.random() < 0.2
        wanted = self.rng.choice(sorted(OWNED))
        fault = self.rng.choices([f for _, f in self.faults], [w for w, _ in self.faults])[0]
        with db.acting_as(
            visitor.role,
            operator_id=visitor.operator,
            actor=f"person {visitor.person}",
            person_id=visitor.person,
            snapshot=snapshot,
        ) as conn:
            self._hold_identity(
                conn,
                visitor.role,
                visitor.operator,
                visitor.person,
                "repeatable read" if snapshot else "read committed",
            )
            if self.rng.random() < 0.5:
                fault(conn)
            found = {
                row["operator_id"] for row in conn.execute(OWNED[wanted], {"day": self.world.day})
            }
            everyone = {one.operator for one in self.world.operators}
            may = everyone if visitor.operator is None else {visitor.operator}
            if found != may:
                self.seen.foreign_rows += len(found - may)
                self.seen.broke(f"{visitor.role} {visitor.operator} was given {wanted} of {found}")
            fault(conn)
        self.seen.outcomes["direct: rows held"] += 1

    def itself(self) -> None:
        """The portal as itself, who is nobody's and sees nothing of the market."""
        with db.portal() as conn:
            self._hold_identity(conn, "dozir_portal", None, None, "read committed")
            with suppress(psycopg.errors.InsufficientPrivilege):
                rows = conn.execute(OWNED["batch"]).fetchall()
                self.seen.broke(f"the portal itself was given batches of {rows}")
        self.seen.outcomes["direct: itself"] += 1

    def ingest(self) -> None:
        """A connection of ingest: nobody's either."""
        name = self.rng.choice(("dozir_ingest", db.MOMENT))
        with db.connection(name) as conn:
            self._hold_identity(conn, "dozir_ingest", None, None, "read committed")
        self.seen.outcomes["direct: ingest"] += 1

    def _hold_identity(
        self, conn: Any, who: str, operator: int | None, person: int | None, isolation: str
    ) -> None:
        told = conn.execute(IDENTITY).fetchone()
        wanted = {
            "who": who,
            "operator": operator and str(operator),
            "person": person and str(person),
            "actor": f"person {person}" if person else None,
            "isolation": isolation,
        }
        if told != wanted:
            self.seen.foreign_rows += 1
            self.seen.broke(f"acting as {wanted}, the database knows {told}")

    def nothing(self, conn: Any) -> None:
        pass

    def fail(self, conn: Any) -> None:
        raise ZeroDivisionError

    def divide(self, conn: Any) -> None:
        conn.execute("select 1 / 0")

    def time_out(self, conn: Any) -> None:
        conn.execute("set local statement_timeout = '5ms'")
        conn.execute("select pg_sleep(1)")

    def left(self, conn: Any) -> None:
        """Cut off in the middle of a statement, as gevent does; nobody waits for its end."""
        with gevent.Timeout(self.rng.random() * 0.01):
            conn.execute("select pg_sleep(0.3)")

    def close(self, conn: Any) -> None:
        conn.close()

    def terminated(self, conn: Any) -> None:
        with _looking(self.world) as superuser:
            superuser.execute("select pg_terminate_backend(%s)", (conn.info.backend_pid,))

    def cancelled(self, conn: Any) -> None:
        with _looking(self.world) as superuser:
            superuser.execute("select pg_cancel_backend(%s)", (conn.info.backend_pid,))


@contextmanager
def _looking(world: World) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(world.superuser, autocommit=True) as conn:
        yield conn


def _disturb(world: World, seen: Seen, rng: random.Random) -> None:
    """Cancel, kill and hold up what the server does, until killed."""
    ours = (
        "pg_stat_activity where datname = current_database() and usename like 'dozir%'"
        " and pid <> pg_backend_pid()"
    )
    with psycopg.connect(world.superuser, autocommit=True) as conn:
        while True:
            gevent.sleep(rng.random() * 0.1)
            act = rng.random()
            if act < 0.6:
                conn.execute(
                    "select pg_cancel_backend(pid) from (select pid from "
                    f"{ours} and state = 'active' order by random() limit 1) as one"
                )
                seen.outcomes["cancels sent"] += 1
            elif act < 0.85:
                conn.execute(
                    "select pg_terminate_backend(pid) from (select pid from "
                    f"{ours} order by random() limit 1) as one"
                )
                seen.outcomes["backends killed"] += 1
            else:
                with suppress(psycopg.errors.LockNotAvailable), conn.transaction():
                    conn.execute("set local lock_timeout = '200ms'")
                    conn.execute("lock table ledger.batch in access exclusive mode")
                    gevent.sleep(0.45)
                seen.outcomes["held up"] += 1


@dataclass
class Share:
    """How many requests are left to those who share them."""

    of: int
    done: int = 0

    def take(self) -> bool:
        """Whether there is one more; it is then taken."""
        self.done += 1
        return self.done <= self.of


def _share(name: str, share: Share, work: Callable[[], None]) -> None:
    """Do the work until nothing is left to do."""
    while share.take():
        if share.done % TOLD_EACH == 0:
            say(f"{name}: {share.done} of {share.of}")
        work()


def main() -> None:
    told = json.load(sys.stdin)
    world, seen = World(told), Seen()
    seed, requests = told["seed"], told["requests"]
    over_http = round(requests * OVER_HTTP)
    begun = time.monotonic()
    crowd = [
        gevent.spawn(
            _share,
            kind.__name__,
            share,
            kind(world, seen, random.Random(seed * 1000 + number)).once,
        )
        for kind, share, first in (
            (Asker, Share(over_http), 0),
            (Direct, Share(requests - over_http), GREENLETS // 2),
        )
        for number in range(first, first + GREENLETS // 2)
    ]
    disturber = gevent.spawn(_disturb, world, seen, random.Random(seed))
    gevent.joinall(crowd)
    disturber.kill()
    disturber.join()
    for one in crowd:
        if one.exception is not None:
            seen.broke(f"{type(one.exception).__name__}: {one.exception}")
    seen.outcomes["requests"] = requests
    _hold_pools(seen)
    print(  # noqa: T201 - the answer
        json.dumps(
            {
                "requests": requests,
                "foreign_rows": seen.foreign_rows,
                "broken": seen.broken[:KEPT_BROKEN],
                "outcomes": dict(seen.outcomes.most_common()),
                "seconds": round(time.monotonic() - begun, 1),
            }
        )
    )


def _hold_pools(seen: Seen) -> None:
    """Nothing was lost: as many connections can be had at once as there were before."""
    for name, size in db.POOL_SIZE.items():
        holding = [gevent.spawn(_hold, name) for _ in range(size)]
        gevent.joinall(holding, timeout=30)
        if not all(one.ready() and one.successful() for one in holding):
            seen.broke(f"the pool {name} has lost connections: {dict(db.pools())}")


def _hold(name: str) -> None:
    for _ in range(3):  # one that the last kill has hit is replaced
        try:
            with db.connection(name) as conn:
                conn.execute("select pg_sleep(0.3)")
                return
        except DatabaseUnavailable:
            gevent.sleep(0.1)
    raise AssertionError(name)
