"""Records that were registered before there was a catalogue are in it after the upgrade."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

from portal import config
from portal.schema import migrate
from tests.migrations import builds
from tests.support.databases import Cluster, rows, value

migrations = import_module("portal.schema.migrate")  # its package gives the function that name

EARLIER = """
insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)
values ('OLD', 'Давній', 'Old', '14360570', '2024-01-01');
insert into registry.licence (operator_id, number, gambling_type_id, valid_from, valid_until)
values (1, 'L-1', 6, '2024-01-01', '2030-01-01'), (1, 'L-2', 2, '2024-01-01', '2030-01-01');
insert into registry.channel (operator_id, code, kind, name_uk, name_en, active_from)
values (1, 'V', 'venue', 'Зал', 'Hall', '2024-01-01'), (1, 'W', 'website', 'С', 'S', '2024-01-01'),
  (1, 'X', 'website', 'С', 'S', '2024-01-01');
insert into registry.venue (channel_id, operator_id, region, address) values (1, 1, 'UA-30', '-');
insert into registry.website (channel_id, operator_id, domain)
values (2, 1, 'old.example'), (3, 1, '-bad-.example');
insert into registry.equipment
  (operator_id, code, kind, channel_id, serial_number, model, active_from, active_until)
values (1, 'M', 'slot_machine', 1, 's', 'm', '2024-01-01', 'infinity'),
  (1, 'G', 'slot_machine', 1, 's', 'm', '2024-01-01', '2025-01-01');
insert into registry.access_key (operator_id, key_id, secret_hmac, label, scopes, revoked_at)
values (1, 'KeyOfBefore1', sha256('1'), 'Ключ', '{submit}', null),
  (1, 'KeyOfBefore2', sha256('2'), 'Ключ', '{submit}', '2025-01-01');
"""


def test_earlier_records_get_their_first_version(cluster: Cluster, tmp_path: Path) -> None:
    for path in (config.ROOT / "migrations").glob("000*.sql"):
        shutil.copy(path, tmp_path)
    with cluster.empty() as database, database.as_settings():
        builds.roles(database, config.ROOT)
        migrations._apply_versioned(tmp_path, lambda _: None)
        with database.connect("dozir_migrator") as conn:
            conn.execute(EARLIER.encode())
        migrate()
        with database.connect() as conn:
            assert rows(
                conn, "select kind, code, state, version from registry.entry order by 1, 2"
            ) == [
                ("access_key", "KeyOfBefore1", "live", 1),
                ("access_key", "KeyOfBefore2", "revoked", 1),
                ("equipment", "G", "retired", 1),
                ("equipment", "M", "installed", 1),
                ("licence", "L-1", "active", 1),
                ("licence", "L-2", "active", 1),
                ("organiser", "OLD", "active", 1),
                ("venue", "V", "active", 1),
                ("website", "W", "active", 1),
                ("website", "X", "active", 1),
            ]
            assert rows(
                conn,
                "select l.number, k.code from registry.licence as l"
                " join registry.licence_kind as k on k.id = l.licence_kind_id order by 1",
            ) == [("L-1", "lottery"), ("L-2", "online_casino")]
            assert rows(
                conn,
                "select kind, state, record_count from registry.operator_count"
                " where record_count <> 0 order by 1, 2",
            ) == [
                ("access_key", "live", 1),
                ("access_key", "revoked", 1),
                ("equipment", "installed", 1),
                ("equipment", "retired", 1),
                ("licence", "active", 2),
                ("organiser", "active", 1),
                ("venue", "active", 1),
                ("website", "active", 2),
            ]
            assert value(conn, "select count(*) from registry.equipment_place") == 2
            assert value(conn, "select skeleton from registry.website where channel_id = 2")
        migrate()
        with database.connect() as conn:
            assert value(conn, "select count(*) from registry.entry") == 10


COUNTED = """
insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)
values ('OLD', 'Давній', 'Old', '14360570', '2024-01-01');
insert into registry.entry_count (operator_id, kind, state, facet_a, facet_b, record_count)
values (1, 'game', 'active', '1', 'A', 3), (1, 'game', 'active', '2', 'B', 2),
  (1, 'game', 'ended', '1', 'A', 4);
insert into registry.change (kind, action, operator_id, begun_by, proposed, state)
values ('game', 'create', 1, 'operator', '{}', 'submitted'),
  ('game', 'create', 1, 'operator', '{}', 'returned'),
  ('game', 'create', 1, 'operator', '{}', 'approved');
"""


def test_what_was_counted_is_summed_up_by_operator(cluster: Cluster, tmp_path: Path) -> None:
    for path in (config.ROOT / "migrations").glob("*.sql"):
        if path.stem < "0016":
            shutil.copy(path, tmp_path)
    with cluster.empty() as database, database.as_settings():
        builds.roles(database, config.ROOT)
        migrations._apply_versioned(tmp_path, lambda _: None)
        with database.connect("dozir_migrator") as conn:
            conn.execute(COUNTED.encode())
        migrate()
        with database.connect() as conn:
            assert rows(
                conn,
                "select kind, state, record_count from registry.operator_count order by 1, 2",
            ) == [
                ("change", "open", 2),
                ("equipment", "installed", 0),
                ("game", "active", 5),
                ("game", "ended", 4),
                ("licence", "active", 0),
                ("mobile_application", "active", 0),
                ("organiser", "active", 1),
                ("venue", "active", 0),
                ("website", "active", 0),
            ]
