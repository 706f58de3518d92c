"""`dozir bench signatures`: every figure is there, and none is made up."""

from __future__ import annotations

import json

from click.testing import CliRunner

from portal.bench.commands import bench
from portal.identity.signatures.crypto.curves import CURVES


def test_every_figure_is_there() -> None:
    done = CliRunner().invoke(bench, ["signatures", "--json", "--repeat", "1"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert set(told["dstu4145_verify_ms"]) == {f"m{curve.m}" for curve in CURVES}
    assert set(told["hash_kb_per_s"]) == {"gost34311", "kupyna256", "kupyna512"}
    kinds = {"ecdsa", "rsa", "dstu", "dstu_kupyna"}
    assert set(told["whole_first_ms"]) == set(told["whole_again_ms"]) == kinds
    assert all(figure > 0 for figures in told.values() for figure in figures.values())
