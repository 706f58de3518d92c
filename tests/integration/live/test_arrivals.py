"""What is new since a snapshot: every batch and refusal once, whatever the order of commits."""

from __future__ import annotations

import random
from contextlib import ExitStack
from uuid import uuid4

import pytest

from portal import db
from portal.live import gateway, state
from portal.live.gateway import Position
from portal.live.state import Scope
from tests.support.batches import (
    BET,
    WIN,
    accept_batch,
    cancellation,
    copy_rows,
    open_batch,
    row,
    store,
)
from tests.support.databases import rows
from tests.support.market import register_alone
from tests.support.pages import refuse

ALL = Scope("regulator")


def look(scope, before=None):
    with db.acting_as(scope.role, operator_id=scope.operator_id) as conn:
        return state.first(conn, scope) if before is None else state.following(conn, scope, before)


def ids(listed, number):
    return [one["id"] for one in listed[:number]]


class Open:
    """A transaction of ingest that has stored a batch and has not yet committed."""

    def __init__(self, stack, database, operator):
        self.conn = stack.enter_context(database.connect("dozir_ingest"))
        key, own = uuid4(), [row(operator)]
        sequence = next(operator.sequences)
        opened = open_batch(self.conn, operator.key, key, body=key.bytes, sequence=sequence)
        copy_rows(self.conn, operator.id, opened.batch_id, own)
        accept_batch(
            self.conn,
            operator,
            opened.batch_id,
            key,
            own,
            body=key.bytes,
            sequence=sequence,
        )
        self.batch_id = opened.batch_id


def test_a_batch_that_commits_after_later_ones_is_told_once(database, scene):
    with ExitStack() as stack:
        slow = Open(stack, database, scene.first)
        before = look(ALL)
        quick = store(database, scene.second, [row(scene.second)])["batch_id"]
        assert quick > slow.batch_id
        then = look(ALL, before)
        assert ids(then.batches, then.batch_total) == [quick]
        slow.conn.commit()
        last = look(ALL, then)
        assert ids(last.batches, last.batch_total - then.batch_total) == [slow.batch_id]
        with db.acting_as("regulator") as conn:
            missed = state.between(conn, ALL, before.position, last)
            nothing = state.between(conn, ALL, last.position, last)
        assert {one["id"] for one in missed.batches} == {slow.batch_id, quick}
        assert missed.batch_count == 2
        assert (nothing.batch_count, nothing.batches) == (0, [])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_any_order_of_commits_each_batch_is_told_once(database, seed):
    rng = random.Random(seed)
    operators = [register_alone(database) for _ in range(4)]
    seen, stored = [], []
    at = look(ALL)
    with ExitStack() as stack:
        waiting = {}
        for _ in range(40):
            operator = rng.choice(operators)
            if operator.id not in waiting:
                waiting[operator.id] = Open(stack, database, operator)
            elif rng.random() < 0.8:
                done = waiting.pop(operator.id)
                done.conn.commit()
                stored.append(done.batch_id)
            else:
                waiting.pop(operator.id).conn.rollback()
            if rng.random() < 0.5:
                # A reader who reconnects elsewhere, told by a position alone.
                position = Position.read(str(at.position))
                fresh = look(ALL)
                with db.acting_as("regulator") as conn:
                    found = state.between(conn, ALL, position, fresh)
                seen += [one["id"] for one in found.batches]
                assert len(found.batches) == found.batch_count
                at = fresh
            elif rng.random() < 0.5:
                then = look(ALL, at)
                seen += ids(then.batches, then.batch_total - at.batch_total)
                at = then
        for left in waiting.values():
            left.conn.rollback()
    then = look(ALL, at)
    seen += ids(then.batches, then.batch_total - at.batch_total)
    assert sorted(seen) == sorted(stored)


def test_a_state_that_followed_equals_one_read_anew(database, scene):
    at = look(ALL)
    for operator in (scene.first, scene.second):
        sent = [row(operator, type=kind, amount_minor=777) for kind in (BET, WIN)]
        store(database, operator, sent)
        store(database, operator, [cancellation(sent[0])])
    refuse(database, scene.first)
    followed, anew = look(ALL, at), None
    anew = look(ALL)
    assert followed.money == anew.money
    assert followed.batches == anew.batches
    assert followed.refusals == anew.refusals
    assert (followed.batch_total, followed.refusal_total) == (4, 3)
    recent = {n: rows for n, rows in followed.seconds.items() if n in anew.seconds}
    assert recent == anew.seconds


def test_money_of_today_is_net_of_what_was_taken_back(database):
    operator = register_alone(database)
    scope = Scope("operator", operator.id)
    bet = row(operator, type=BET, amount_minor=1_000)
    store(database, operator, [bet, row(operator, type=WIN, amount_minor=300)])
    [money] = look(scope).money
    assert (money["bet_minor"], money["win_minor"], money["bet_count"]) == (1_000, 300, 1)
    store(database, operator, [cancellation(bet)])
    [money] = look(scope).money
    assert (money["bet_minor"], money["win_minor"], money["bet_count"]) == (0, 300, 0)


def test_row_security_decides_whatever_is_asked_for(database, scene):
    """Even a scope that named another's operator would show an operator nothing of it."""
    before = look(ALL)
    store(database, scene.first, [row(scene.first)])
    refuse(database, scene.first)
    with db.acting_as("operator", operator_id=scene.second.id) as conn:
        for asked in (scene.first.id, None):
            found = gateway.arrivals(
                conn, asked, before.as_of - state.LONGEST_OPEN, after=before.position
            )
            assert (found.batch_count, found.refusal_count, found.seconds) == (0, 0, {})
            whole = gateway.arrivals(conn, asked, before.as_of - state.SHOWN)
            owners = {one["operator_id"] for one in whole.batches + whole.refusals}
            assert owners <= {scene.second.id}
        assert gateway.money(conn, before.as_of.date(), scene.first.id) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1-2",
        "1-2:1:",
        "1-0:1:",
        "1-1:2:3",
        "1-1:9:3,2",
        "1-1:9:3,3",
        "1-1:9:3,",
        "1-1:9:\n",
        "1-1:99999999999999999999:",
        "1-9999999999999999999:9999999999999999999:",
        "99999999999999-1:2:",
        "x-1:2:",
        "1-1:2: ",
        "1-1:2000:" + ",".join(map(str, range(1, 1999))),
        "\u0661-1:2:",
    ],
)
def test_positions_that_we_did_not_write_are_none(text):
    assert Position.read(text) is None


def test_a_position_is_read_as_it_was_written(database):
    position = look(ALL).position
    assert str(Position.read(str(position))) == str(position)


def test_what_is_new_is_found_by_index(database):
    """Nothing is read that was seen before: neither batches of old nor any transaction."""
    with database.rolled_back() as conn:
        conn.execute("set enable_seqscan = off")
        for table, moment in (("batch", "received_at"), ("refusal", "refused_at")):
            plan = "\n".join(
                line
                for (line,) in rows(
                    conn,
                    f"explain select 1 from ledger.{table} where stored_xid >= '5'::xid8"
                    f" and stored_xid < '9'::xid8 and {moment} >= '2020-01-01'",
                )
            )
            assert f"{table}_stored_xid" in plan
