"""docs/witness.md: its commands do what it says, its policy and its files can be used."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from portal import config
from portal.attest import doctor
from portal.runtime.instance import free_port
from portal.transparency import policy
from portal.transparency.checkpoints import PrivateKey
from portal.transparency.notes import Kind, PublicKey
from tests.integration.witness.conftest import DOZIR, LOGS
from tests.support.authority import TestAuthority
from tests.support.databases import Database

TEXT = (config.ROOT / "docs" / "witness.md").read_text()
COMMANDS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
PLAIN = re.findall(r"\n\n((?:    .*\n)+)", TEXT)


def test_who_follows_it_has_a_witness(tmp_path: Path) -> None:
    log, port = LOGS[9], free_port()
    environment = {
        **os.environ,
        "PATH": f"{DOZIR.parent}{os.pathsep}{os.environ['PATH']}",
        "LOG_KEY": log.public.vkey(),
    }

    def command(number: int) -> list[str]:
        text = (
            COMMANDS[number]
            .replace("8007", str(port))
            .replace("dozir witness", "exec dozir witness")
        )
        return ["bash", "-c", text]

    def run(number: int) -> str:
        done = subprocess.run(
            command(number), cwd=tmp_path, env=environment, capture_output=True, text=True,
            check=True, timeout=60,
        )  # fmt: skip
        return done.stdout

    assert len(COMMANDS) == 4
    keys = [PublicKey.parse(line) for line in run(1).splitlines()]
    assert [key.kind for key in keys] == [Kind.ED25519_COSIGNATURE, Kind.ML_DSA_44_COSIGNATURE]
    with subprocess.Popen(
        command(2), cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stderr
            assert "witness ready" in process.stderr.readline()
            posted = subprocess.run(
                ["curl", "-sf", "--data-binary", "@-", f"http://127.0.0.1:{port}/add-checkpoint"],
                input=log.request(0, 8), capture_output=True, check=True, timeout=60,
            )  # fmt: skip
            assert posted.stdout.decode().startswith("— court.example/w1 ")
            said = run(3)
        finally:
            process.kill()
    assert said.startswith(keys[0].vkey())
    assert f"\n{log.origin}\n8\n" in said
    assert said.endswith(posted.stdout.decode())


def test_its_policy_and_its_authorities_are_read() -> None:
    [example] = [one for one in PLAIN if "quorum" in one]
    numbers = iter(range(1, 100))

    def key(match: re.Match[str]) -> str:
        seed = bytes([next(numbers)]) * 32
        return PrivateKey.from_seed(match[1], Kind.ED25519_COSIGNATURE, seed).public.vkey()

    read = policy.parse(re.sub(r"(\S+)\+…", key, example).encode())
    assert read.is_met({"court", "alpha-2"})
    assert not read.is_met({"alpha-1", "alpha-2"}), "two keys are one witness"
    assert all(policy.is_submission_url(one.url) for one in read.witnesses)
    [authorities] = [one for one in PLAIN if "[[authority]]" in one]
    [table] = tomllib.loads(authorities.replace("\n    ", "\n").strip())["authority"]
    assert table.keys() == {"name", "url", "roots"}


def test_doctor_says_who_has_been_silent(
    fresh_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def examined() -> set[tuple[str, str]]:
        config.settings.cache_clear()
        checks = (doctor.check_witnesses, doctor.check_authorities)
        return {(one.name, one.state) for check in checks for one in check()}

    file, tsa = tmp_path / "policy", tmp_path / "tsa.toml"
    with fresh_database.as_settings():
        assert examined() == {("witnesses", "warning")}
        monkeypatch.setenv("DOZIR_LOG_POLICY", str(file))
        monkeypatch.setenv("DOZIR_TSA", str(tsa))
        assert examined() == {("witnesses", "broken"), ("time-stamps", "broken")}
        keys = [
            PrivateKey.from_seed("w", Kind.ED25519_COSIGNATURE, bytes([n]) * 32).public.vkey()
            for n in (1, 2)
        ]
        file.write_text(
            f"witness court {keys[0]} http://127.0.0.1:9\nwitness alpha {keys[1]} http://127.0.0.1:9\n"
            "group both all court alpha\nquorum both\n"
        )
        authority = TestAuthority(tmp_path / "authority")
        tsa.write_text(
            f'[[authority]]\nname = "clock"\nurl = "http://a"\nroots = "{authority.root_file}"\n'
        )
        assert examined() == {("witnesses", "ok"), ("time-stamps", "ok")}
        with fresh_database.connect() as conn:
            conn.execute(
                "insert into ledger.trust_policy (adopted_at, policy)"
                " values (now() - '9h'::interval, '');"
                " insert into ledger.checkpoint select n, '', now() - (3 - n) * '3h'::interval, ''"
                " from generate_series(1, 3) as n;"
                " insert into ledger.cosignature values (2, 'court', now(), '')"
            )
        assert examined() == {
            ("witness", "warning"), ("witnesses", "broken"), ("time-stamps", "warning"),
        }  # fmt: skip
        with fresh_database.connect() as conn:
            conn.execute(
                "insert into ledger.cosignature values (3, 'alpha', now(), '');"
                " insert into ledger.quorum (size, policy_id) values (3, 1);"
                " insert into ledger.timestamp_token values (3, 'clock', now(), '')"
            )
        assert examined() == {("witnesses", "ok"), ("time-stamps", "ok")}
    config.settings.cache_clear()
