"""Titles of tasks say no more than their rows do."""

from __future__ import annotations

from portal import create_app
from portal.registry.names import Names
from portal.reports.gateway import TaskRow
from portal.reports.task_kinds import KINDS, Reader
from portal.web.i18n import speaking


def test_one_record_with_two_breach_marks_is_not_told_as_two_records():
    rows = [TaskRow("breaches", 1, 7, bit, 1, None, {}) for bit in ("1", "4")]
    reader = Reader(own=True, names=Names({}, {}, {}))
    title = KINDS["breaches"].title
    with create_app().test_request_context():
        with speaking("en"):
            assert title(rows, reader) == "2 breach marks on the records of today"
        assert title(rows, reader) == "2 позначки порушень на сьогоднішніх записах"
