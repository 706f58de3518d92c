"""The server's settings, written anew at each start, and the file an administrator may keep.

``postgresql.conf`` only includes ``dozir.conf`` (ours, rewritten) and ``conf.d/*.conf`` (the
administrator's, never touched), in that order, so that a person has the last word; but see
``checks``: what keeps acknowledged batches safe is asserted at start, whoever set it.
"""

from __future__ import annotations

from pathlib import Path

from portal.runtime import account, machine
from portal.runtime.machine import GIB, MIB

MAIN = """\
# Written by dozir when the cluster was made. Your own settings belong into conf.d/local.conf.
include 'dozir.conf'
include_dir 'conf.d'
"""
# Passwords for everyone: whoever reaches the socket or the port is still nobody.
HOST_ACCESS = """\
# TYPE  DATABASE  USER  ADDRESS       METHOD
local   all       all                 scram-sha-256
host    all       all   127.0.0.1/32  scram-sha-256
"""
# Ours, before the administrator's pg_hba.conf: base backups come through a replication connection.
BACKUP_ACCESS = """\
# Written by dozir at each start; changes here are lost. Use pg_hba.conf, which is included.
# TYPE  DATABASE     USER      METHOD
local   replication  postgres  scram-sha-256
include pg_hba.conf
"""
FIXED = """\
# Written by dozir at each start; changes here are lost. Use conf.d/local.conf.

# Who may reach it
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
hba_file = '{data}/dozir_hba.conf'
password_encryption = 'scram-sha-256'
max_connections = 200
idle_in_transaction_session_timeout = '60s'

# An acknowledged batch survives a crash (asserted at start)
fsync = on
synchronous_commit = on
full_page_writes = on

# TimescaleDB: the Apache edition's features only, whatever edition is installed
shared_preload_libraries = 'timescaledb,pg_stat_statements'
timescaledb.telemetry_level = off
timescaledb.license = 'apache'
timescaledb.max_background_workers = 4
max_worker_processes = 20
max_locks_per_transaction = 1024    # a query may lock each of a few hundred chunks

# Memory, from the machine
shared_buffers = '{shared_buffers}MB'
effective_cache_size = '{effective_cache_size}MB'
maintenance_work_mem = '{maintenance_work_mem}MB'
work_mem = '{work_mem}MB'
wal_buffers = '{wal_buffers}MB'
dynamic_shared_memory_type = {shared_memory}

# The log of changes: few checkpoints, since after each one whole pages are written again
wal_compression = lz4
max_wal_size = '{max_wal_size}MB'
min_wal_size = '{min_wal_size}MB'
checkpoint_timeout = '15min'

# Planning
jit = off
random_page_cost = 1.1
effective_io_concurrency = 200
max_parallel_workers = {cores}
max_parallel_workers_per_gather = {workers_per_query}

# Ledger chunks only grow: let inserts trigger freezing; rollup rows are updated often: vacuum early
autovacuum_naptime = '20s'
autovacuum_max_workers = 3
autovacuum_vacuum_scale_factor = 0.05
autovacuum_vacuum_insert_scale_factor = 0.1
autovacuum_analyze_scale_factor = 0.05
autovacuum_vacuum_cost_limit = 2000
default_toast_compression = lz4

# Which statement is slow: texts without values; no utility statement, which might hold a password
pg_stat_statements.max = 5000
pg_stat_statements.track_utility = off

# Its log holds no value of any row: no statement, no parameter, no detail, and no error at all,
# since even an error's first line quotes what it did not like. Callers report errors by code.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_statement = none
log_line_prefix = '%m [%p] %q%u@%d '
logging_collector = off

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
"""


def write_first(data: Path) -> None:
    """The files that are written once, when the cluster is made."""
    account.install(MAIN, data / "postgresql.conf", 0o600)
    account.install(HOST_ACCESS, data / "pg_hba.conf", 0o600)
    account.private_folder(data.parent / "conf.d").rename(data / "conf.d")


def write(data: Path, port: int, socket: Path, more: str = "") -> None:
    """The files that are written anew at each start; ``more`` are settings of this start."""
    account.install(BACKUP_ACCESS, data / "dozir_hba.conf", 0o600)
    account.install(settings_text(port, socket, data) + more, data / "dozir.conf", 0o600)


def settings_text(port: int, socket: Path, data: Path) -> str:
    """The text of ``dozir.conf`` for this machine."""
    memory = machine.memory()
    # At most a tenth of the free disk: a full disk stops the server
    max_wal = max(256 * MIB, min(16 * GIB, machine.free_disk(data) // 10))
    shared_buffers = max(32 * MIB, min(4 * GIB, memory // 6))
    return FIXED.format(
        port=port,
        socket=quoted(socket),
        data=quoted(data),
        shared_buffers=shared_buffers // MIB,
        effective_cache_size=max(64, memory // 2 // MIB),
        maintenance_work_mem=max(64, min(GIB, memory // 16) // MIB),
        work_mem=max(4, min(32 * MIB, memory // 512) // MIB),
        wal_buffers=max(1, min(64 * MIB, shared_buffers // 16) // MIB),
        shared_memory="posix" if machine.roomy_shared_memory() else "sysv",
        max_wal_size=max_wal // MIB,
        min_wal_size=max(80, max_wal // 8 // MIB),
        cores=machine.cores(),
        workers_per_query=max(1, machine.cores() // 2),
    )


def quoted(value: object) -> str:
    """A value as it stands between the quotes of a setting."""
    return str(value).replace("'", "''")
