"""The whole chain: `dozir serve` with signer, sequencer and attester, and a stranger's witness."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from pathlib import Path

from portal import config
from portal.runtime.instance import free_port
from portal.transparency import policy
from portal.transparency.policy import Policy, Verdict, Witness
from portal.witness.state import State
from tests.integration.witness.conftest import running_witness
from tests.support.api import Client, Inspector
from tests.support.databases import Cluster
from tests.support.market import alpha, register
from tests.support.servers import Server, serving

PATIENCE_S = 40


def _get(server: Server, name: str) -> bytes | None:
    try:
        with urllib.request.urlopen(f"{server.url}/log/{name}", timeout=20) as answer:
            return answer.read()
    except urllib.error.HTTPError as problem:
        problem.close()
        return None


def _cosigned(server: Server) -> Verdict | None:
    """What somebody learns who has the log's policy and nothing else."""
    note, text = _get(server, "cosigned"), _get(server, "policy")
    if note is None or text is None:
        return None
    read = policy.parse(text)
    return policy.judge(read, note.decode(), read.logs[0].key.name)


def test_a_batch_is_soon_in_a_checkpoint_that_a_stranger_cosigned(
    cluster: Cluster, tmp_path: Path
) -> None:
    folder = config.settings().home / "attested"  # the signer's account can pass through
    folder.mkdir(mode=0o755)
    state, port = State(tmp_path / "w", "court.example/w1"), free_port()
    one = Witness("court", state.keys[1].public, f"http://127.0.0.1:{port}")
    state.close()
    (tmp_path / "policy").write_bytes(policy.write(Policy((), (one,), (), "court")))
    with cluster.fresh() as database:
        with database.connect() as conn:
            operator = register(conn, alpha())
        settings = {
            "DOZIR_DATABASE_URL": database.url(),
            "DOZIR_SIGNER": str(folder / "signer"),
            "DOZIR_TILES": str(folder / "tiles"),
            "DOZIR_JOURNAL": str(folder / "journal"),
            "DOZIR_LOG_POLICY": str(tmp_path / "policy"),
        }
        with serving(database, log=True, **settings) as server:
            deadline = time.monotonic() + PATIENCE_S
            while (text := _get(server, "policy")) is None:
                assert time.monotonic() < deadline, server.log()
                time.sleep(0.1)
            published = policy.parse(text)
            assert published.witnesses == (one,)
            keys = [log.key for log in published.logs]
            with running_witness(tmp_path / "w", keys, port=port):
                inspector = Inspector(database)
                Client(server.port, operator, inspector).accepted()
                inspector.close()
                while (verdict := _cosigned(server)) is None or verdict.checkpoint.size < 1:
                    assert time.monotonic() < deadline, server.log()
                    time.sleep(0.1)
    assert verdict.met
    assert verdict.cosigned.keys() == {"court"}
