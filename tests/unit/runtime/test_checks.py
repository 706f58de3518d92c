"""Which servers are fit: each rule once, broken alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.runtime.checks import Server, problems_of, require_fit
from portal.runtime.errors import RuntimeProblem

FIT = Server(
    version_number=170011,
    version="17.11",
    extensions={"timescaledb": "2.19.3"},
    settings={
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "server_encoding": "UTF8",
        "shared_preload_libraries": "timescaledb",
        "synchronous_commit": "on",
    },
    embedded=True,
)


def with_setting(name: str, value: str) -> Server:
    return replace(FIT, settings={**FIT.settings, name: value})


def test_fit_server_passes() -> None:
    require_fit(FIT)


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (replace(FIT, version_number=150000, version="15.0"), "16 or newer"),
        (replace(FIT, extensions={}), "not installed"),
        (replace(FIT, extensions={"timescaledb": "2.17.2"}), "2.18 or newer"),
        (with_setting("shared_preload_libraries", "pg_cron"), "not loaded"),
        (with_setting("fsync", "off"), "fsync is off"),
        (with_setting("full_page_writes", "off"), "full_page_writes is off"),
        (with_setting("synchronous_commit", "off"), "synchronous_commit is off"),
        (with_setting("synchronous_commit", "local"), "synchronous_commit is local"),
        (with_setting("synchronous_commit", "remote_write"), "synchronous_commit is remote_write"),
        (with_setting("data_checksums", "off"), "data_checksums is off"),
        (with_setting("server_encoding", "SQL_ASCII"), "not UTF8"),
    ],
)
def test_unfit_server_is_refused_with_the_reason(server: Server, said: str) -> None:
    assert len(problems_of(server)) == 1
    with pytest.raises(RuntimeProblem, match=said):
        require_fit(server)


@pytest.mark.parametrize(
    "server",
    [
        replace(FIT, version_number=160004, version="16.4"),
        replace(FIT, extensions={"timescaledb": "2.18.0"}),
        replace(FIT, extensions={"timescaledb": "3.0.0-dev"}),
        with_setting("synchronous_commit", "remote_apply"),
        replace(with_setting("data_checksums", "off"), embedded=False),
    ],
)
def test_what_is_allowed(server: Server) -> None:
    assert problems_of(server) == []
