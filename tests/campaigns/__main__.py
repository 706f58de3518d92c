"""``scripts/campaign NAME``: a long run in a throw-away installation, by its seed.

The exit code is 0 when every promise held, 1 when one was broken, 2 when it could not be run.
Standard output has the summary, standard error the progress, and the command that plays a failure
again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Sequence
from typing import Any, get_args

from tests.campaigns.campaign import Broken, Campaign, Refused, Task, Unit, campaigns, say
from tests.support import databases, home


def _arguments(known: dict[str, Campaign]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/campaign", description=__doc__)
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        type=lambda text: text.replace("-", "_"),
        choices=known,
        help=", ".join(known),
    )
    parser.add_argument("--list", action="store_true", help="say what there is and what it proves")
    parser.add_argument("--seed", type=int, help="play a run again; without it another each time")
    parser.add_argument("--rounds", type=float, help="how many rounds, instead of the usual number")
    parser.add_argument("--minutes", type=float, help="how long, instead of the usual time")
    parser.add_argument(
        "--requests", type=float, help="how many requests, of those that count them"
    )
    parser.add_argument(
        "--only",
        type=lambda text: tuple(text.split(",")),
        default=(),
        metavar="KIND[:NUMBER],...",
        help="of a campaign that does things of many kinds, these alone",
    )
    parser.add_argument("--processes", type=int, default=1, help="of such a campaign")
    parser.add_argument(
        "--transactions", type=float, help="how many to generate, of those that generate them"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="leave the installation, and go on in it the next time; dozir db remove ends it",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    told = parser.parse_args()
    if told.name is None and not told.list:
        parser.error("name a campaign, or --list")
    if told.name is not None:
        unit = known[told.name].unit
        for other in set(get_args(Unit)) - {unit}:
            if getattr(told, other) is not None:
                parser.error(f"{told.name} is measured in {unit}")
        told.length = getattr(told, unit)
        if told.keep and not known[told.name].keeps:
            parser.error(f"{told.name} keeps nothing")
        kinds = known[told.name].kinds
        if not kinds and (told.only or told.processes != 1):
            parser.error(f"{told.name} runs whole and in one process")
        if unknown := {one.partition(":")[0] for one in told.only} - kinds:
            parser.error(f"{told.name} does nothing of the name {', '.join(sorted(unknown))}")
        if told.processes < 1:
            parser.error("--processes must be above 0")
        if told.length is not None and told.length <= 0:
            parser.error(f"--{unit} must be above 0")
    return told


def main() -> int:
    """The exit code."""
    known = campaigns()
    told = _arguments(known)
    if told.list:
        _list(known, as_json=told.json)
        return 0
    if told.keep:
        say(f"kept in {home.make_kept(told.name)}")
    else:
        home.make()
    try:
        summary = play(
            known[told.name], told.length, told.seed, only=told.only, processes=told.processes
        )
    except Refused as reason:
        say(f"scripts/campaign {told.name}: {reason}")
        return 2
    finally:
        home.remove()
    _print(summary, as_json=told.json)
    return 0 if summary["held"] else 1


def play(
    campaign: Campaign,
    length: float | None,
    seed: int | None,
    *,
    only: Sequence[str] = (),
    processes: int = 1,
) -> dict[str, Any]:
    """Run one campaign; the summary."""
    length = length or campaign.length
    seed = time.time_ns() % 2**32 if seed is None else seed
    say(f"campaign {campaign.name}: {length:g} {campaign.unit}, seed {seed}")
    begun = time.monotonic()
    summary: dict[str, Any] = {
        "campaign": campaign.name,
        "proves": campaign.proves,
        campaign.unit: length,
        "seed": seed,
    }
    try:
        with databases.running_cluster() as cluster:
            summary["seen"] = campaign.run(
                Task(cluster, cluster.main(), length, seed, only, processes)
            )
        summary["held"] = True
    except Refused:
        raise
    except Exception as problem:
        traceback.print_exc()
        if isinstance(problem, Broken):
            summary["seen"] = problem.seen
        summary |= {
            "held": False,
            "problem": f"{type(problem).__name__}: {problem}",
            "again": f"scripts/campaign {campaign.name} --{campaign.unit} {length:g} --seed {seed}"
            + (f" --only {','.join(only)}" if only else ""),
        }
    summary["seconds"] = round(time.monotonic() - begun, 1)
    return summary


def _list(known: dict[str, Campaign], *, as_json: bool) -> None:
    if as_json:
        found = [
            {"campaign": one.name, "proves": one.proves, one.unit: one.length}
            for one in known.values()
        ]
        print(json.dumps(found, indent=1))  # noqa: T201 - the answer
        return
    width = max(map(len, known))
    for one in known.values():
        print(f"{one.name:{width}}  {one.length:g} {one.unit}: {one.proves}")  # noqa: T201


def _print(summary: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary, indent=1))  # noqa: T201 - the answer
        return
    if not summary["held"]:
        print(f"BROKEN: {summary['problem']}\nagain: {summary['again']}")  # noqa: T201
        return
    print(f"held, in {summary['seconds']} s, seed {summary['seed']}")  # noqa: T201
    seen = summary["seen"]
    for name, value in seen.items() if isinstance(seen, dict) else (("seen", seen),):
        print(f"  {name}: {json.dumps(value)}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
