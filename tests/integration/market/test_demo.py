"""``dozir demo``: loads a market once, never beside real data."""

from __future__ import annotations

import json

from tests.integration.market.conftest import Town

EVERYTHING = (
    "operator", "licence", "licence_suspension", "channel", "venue", "website",
    "mobile_application", "equipment", "game", "access_key", "history",
)  # fmt: skip


def contents(town: Town) -> dict[str, int]:
    return {table: town.value(f"select count(*) from registry.{table}") for table in EVERYTHING} | {
        "person": town.value("select count(*) from identity.person where demo")
    }


def test_default_market_is_loaded_whole(town: Town) -> None:
    town.dozir("demo")
    loaded = contents(town)
    assert loaded["operator"] == 45
    assert loaded["licence"] == 45 + 2  # one revoked, one to come
    assert loaded["access_key"] == 45 + 1 + 2  # one replaced, one revoked
    assert loaded["venue"] == 60 + 4 + 4 * 3 + 3 * 4
    assert loaded["website"] == 20 + 4 + 2 + 3
    assert loaded["mobile_application"] == 2 * loaded["website"]
    assert loaded["person"] == 45 + 13
    types = dict(
        town.rows(
            "select t.code, count(*) from registry.licence as l"
            " join registry.gambling_type as t on t.id = l.gambling_type_id group by 1"
        )
    )
    assert types == {
        "online_casino": 20, "bookmaker": 4 + 2, "online_poker": 2, "slot_hall": 12,
        "land_casino": 4, "lottery": 3,
    }  # fmt: skip
    assert town.value("select demo from identity.mode")
    states = "select workflow, state from registry.workflow_state"
    shown = (
        "select k.state_by, e.state from registry.entry as e"
        " join registry.record_kind as k on k.kind = e.kind where e.recorded_until = 'infinity'"
        " union select 'change', c.state from registry.change as c"
    )
    assert town.rows(f"({states}) except ({shown})") == [], "a state that nobody can look at"


def test_what_came_through_the_pages_of_a_demonstration_stays(town: Town) -> None:
    """Somebody applies, is approved, and the market is loaded again at the next start."""
    town.dozir("demo", "--operators", "1")
    with town.database.connect("dozir_migrator") as conn:
        conn.execute(
            "insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)"
            " values ('OWN', 'Власний', 'Own', '12345678', now())"
        )
        conn.execute("update registry.operator set name_en = 'Renamed' where code = 'OC-0001'")
    assert "(2 operators)" in town.dozir("demo", "--operators", "1").stderr


def test_a_second_time_changes_nothing_and_says_so(town: Town) -> None:
    first = town.dozir("demo", "--operators", "8")
    assert "8 operators, 8 of them new; 9 new access keys" in first.stderr
    before, keys = contents(town), town.keys_file.read_bytes()
    again = town.dozir("demo", "--operators", "8")
    assert "nothing changed" in again.stderr
    assert contents(town) == before
    assert town.keys_file.read_bytes() == keys


def test_a_market_grows_and_does_not_shrink(town: Town) -> None:
    town.dozir("demo", "--operators", "6")
    keys = json.loads(town.keys_file.read_text())
    grown = town.dozir("demo", "--operators", "9")
    assert "9 operators, 3 of them new; 3 new access keys" in grown.stderr
    assert json.loads(town.keys_file.read_text()).items() >= keys.items()
    smaller = town.dozir("demo", "--operators", "6")
    assert "already (9 operators)" in smaller.stderr


def test_a_lost_key_is_replaced(town: Town) -> None:
    town.dozir("demo", "--operators", "3")
    keys = json.loads(town.keys_file.read_text())
    lost, *_ = keys
    town.keys_file.write_text(json.dumps({**keys, lost: "dz_live_broken"}))
    town.dozir("demo", "--operators", "3")
    live = town.value("select count(*) from registry.access_key where mode = 'live'")
    assert live == 3 + 1 + 2  # one made anew, and the two that cases are about
    assert json.loads(town.keys_file.read_text())[lost] != keys[lost]


def test_the_first_operator_has_a_test_key(town: Town) -> None:
    town.dozir("demo", "--operators", "3")
    file = town.keys_file.with_name("demo-test-keys.json")
    [(code, key)] = json.loads(file.read_text()).items()
    assert code == next(iter(json.loads(town.keys_file.read_text())))
    query = "select key_id from registry.access_key where mode = 'test'"
    assert town.rows(query) == [(key.split("_")[2],)]
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()  # as in an instance that was loaded before there were test keys
    assert "1 new access keys" in town.dozir("demo", "--operators", "3").stderr
    assert json.loads(file.read_text()).keys() == {code}


def test_beside_real_data_it_refuses_and_changes_nothing(town: Town) -> None:
    with town.database.connect("dozir_migrator") as conn:
        conn.execute(
            "insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)"
            " values ('REAL', 'Справжній', 'Real', '12345678', now())"
        )
    before = contents(town)
    refused = town.dozir("demo", code=1)
    assert "REAL" in refused.stderr
    assert contents(town) == before
    assert not town.value("select demo from identity.mode")


def test_secrets_of_keys_are_in_a_private_file_and_nowhere_else(town: Town) -> None:
    shown = town.dozir("demo", "--operators", "2")
    assert town.keys_file.stat().st_mode & 0o777 == 0o600
    for key in json.loads(town.keys_file.read_text()).values():
        secret = key.rpartition("_")[2][:43]
        assert secret not in shown.stdout + shown.stderr
        stored = town.rows("select h.after::text from registry.history as h")
        assert not any(secret in text for (text,) in stored)


def test_each_role_can_sign_by_each_algorithm(new_town: Town) -> None:
    new_town.dozir("demo", "--operators", "1")
    [folder] = new_town.home.glob("instances/*/demo-authority")
    assert folder.stat().st_mode & 0o777 == 0o700
    file = new_town.home / "file.txt"
    file.write_text("Підписано\n")
    seen = {}
    for role in ("regulator", "tax_service", "registrar", "auditor", "operator"):
        for kind in ("ecdsa", "rsa", "dstu"):
            own = folder / "identities" / f"{role}-{kind}.pem"
            assert own.stat().st_mode & 0o777 == 0o600
            assert own.with_suffix(".cer").exists()
    for role, kind in (("regulator", "ecdsa"), ("auditor", "rsa"), ("operator", "dstu")):
        own = folder / "identities" / f"{role}-{kind}.pem"
        new_town.dozir(
            "signature", "sign", str(file), "--key", str(own),
            "--certificate", str(own.with_suffix(".cer")),
        )  # fmt: skip
        told = new_town.dozir(
            "signature", "verify", f"{file}.p7s", "--content", str(file),
            "--trust", str(folder / "trust"), "--json",
        )  # fmt: skip
        seen[role] = json.loads(told.stdout)
    assert {one["verdict"] for one in seen.values()} == {"valid"}
    assert seen["regulator"]["signer"]["names"]["common_name"] == "Коваль Оксана"
    assert len({one["signer"]["rnokpp"] for one in seen.values()}) == 3
    [code] = new_town.rows("select taxpayer_code from registry.operator")
    assert (seen["operator"]["signer"]["edrpou"],) == code
    before = sorted(path.read_bytes() for path in folder.glob("identities/*"))
    new_town.dozir("demo", "--operators", "1")
    assert sorted(path.read_bytes() for path in folder.glob("identities/*")) == before
