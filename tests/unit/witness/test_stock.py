# ruff: noqa: E501 - signatures as they were found
"""What other implementations made: a log's requests, and a checkpoint with real cosignatures.

The requests are those of a test log in litewitness (filippo.io/torchwood), the checkpoint is one of
a public log, cosigned by a public witness.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.transparency import policy
from portal.transparency.notes import Kind, NoteInvalid, PublicKey
from portal.witness.cosigning import Witness
from portal.witness.state import State

ORIGIN = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
KEY = PublicKey(
    ORIGIN,
    Kind.ED25519,
    bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"),
)
ONE = f"""old 0

{ORIGIN}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— {ORIGIN} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
"""
THREE = f"""old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

{ORIGIN}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— {ORIGIN} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
"""
FIVE = f"""old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

{ORIGIN}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— {ORIGIN} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
"""
PUBLIC_LOG = "arche2025h1.staging.ct.transparency.dev"
PUBLIC = f"""{PUBLIC_LOG}
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— {PUBLIC_LOG} zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— {PUBLIC_LOG} ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""
PUBLIC_POLICY = f"""
log {PUBLIC_LOG}+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f
witness remora remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2
quorum remora
"""


@pytest.mark.parametrize(("first", "second", "size"), [(FIVE, THREE, 5), (THREE, FIVE, 3)])
def test_requests_of_another_log_are_answered(
    tmp_path: Path, first: str, second: str, size: int
) -> None:
    state = State(tmp_path / "w", "example.com")
    witness = Witness(state, [KEY])
    assert witness.add_checkpoint(THREE.encode()).status == 409
    assert witness.add_checkpoint(ONE.encode()).status == 200
    assert witness.add_checkpoint(first.encode()).status == 200
    answer = witness.add_checkpoint(second.encode())
    assert (answer.status, answer.body) == (409, b"%d\n" % size)
    swapped = second.replace("old 1\n", f"old {size}\n").encode()
    assert witness.add_checkpoint(swapped).status == (400 if size == 5 else 422)
    state.close()


def test_a_checkpoint_that_a_public_witness_cosigned_meets_its_policy() -> None:
    trusted = policy.parse(PUBLIC_POLICY.encode())
    verdict = policy.judge(trusted, PUBLIC, PUBLIC_LOG)
    assert verdict.met
    assert verdict.cosigned == {"remora": 0x6A122120}
    with pytest.raises(NoteInvalid, match="does not hold"):
        policy.judge(trusted, PUBLIC.replace("\n1432088532\n", "\n1432088533\n"), PUBLIC_LOG)
