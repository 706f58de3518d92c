"""A second verifier, from docs/ledger.md alone: plain, slow, and without a line of Dozir.

``findings(folder, policy)`` gives what is wrong with an export as pairs (subject, number): a
batch's id, a leaf's index, a checkpoint's size. It knows nothing of which row or column, and looks
at neither witnesses nor receipts and journals.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

MINUTE = 60_000_000
SINCE_2000 = 946_684_800_000_000
TYPES = ["", "bet", "win", "refund", "deposit", "withdrawal"]
WIDTHS = [8, 4, 16, 8, 4, 2, 8, 2, 4, 4, 4, 4, 16, 16, 2, 2, 2, 16, 2, 16]


def sha(data):
    return hashlib.sha256(data).digest()


def tree(leaves):
    """RFC 6962, 2.1, word for word; ``leaves`` are data."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\0" + leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b"\1" + tree(leaves[:k]) + tree(leaves[k:]))


def tree_of_hashes(hashes):
    """The same from leaf hashes, at least one."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha(b"\1" + tree_of_hashes(hashes[:k]) + tree_of_hashes(hashes[k:]))


def integer(data):
    return int.from_bytes(data, "big", signed=True)


def table(path):
    data = path.read_bytes()
    assert data[:19] == b"PGCOPY\n\xff\r\n\0" + bytes(8)
    place, found = 19, []
    while (count := integer(data[place : place + 2])) >= 0:
        place += 2
        fields = []
        for _ in range(count):
            length = integer(data[place : place + 4])
            place += 4
            if place + max(length, 0) + 2 > len(data):
                raise ValueError("the stream is cut off")
            fields.append(None if length < 0 else data[place : place + length])
            place += max(length, 0)
        found.append(fields)
    return found


def packed(fields):
    """A tuple as it stood in its stream."""
    data = len(fields).to_bytes(2, "big")
    for one in fields:
        data += (-1 if one is None else len(one)).to_bytes(4, "big", signed=True) + (one or b"")
    return data


class Bytes:
    def __init__(self, data):
        self.data = data

    def take(self, count):
        if len(self.data) < count:
            raise ValueError("too short")
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def number(self, count):
        return integer(self.take(count))

    def text(self):
        return self.take(self.take(1)[0]).decode()


def read_entry(raw):
    """The fields of an entry by the names of docs/ledger.md. Raises ValueError."""
    r = Bytes(raw)
    if r.take(15) != b"dozir-entry/v1\n":
        raise ValueError("magic")
    e = {"kind": r.take(1)[0], "origin": r.text(), "entered at": r.number(8), "operator": r.text()}
    e["previous"] = r.take(32)
    if not 1 <= e["kind"] <= 7:
        raise ValueError("kind")
    if e["kind"] > 2:
        e["document"] = r.data
        return e
    for name, how in (
        ("schema version", 2), ("batch id", 8), ("operator sequence", 8), ("operator id", 4),
        ("stream", "text"), ("stream sequence", 8), ("idempotency key", "16"),
        ("access key id", 4), ("body SHA-256", "32"), ("row count", 4), ("batch root", "32"),
        ("occurred from", 8), ("occurred until", 8), ("received at", 8), ("late count", 4),
    ):  # fmt: skip
        if how == "text":
            e[name] = r.text()
        elif isinstance(how, str):
            e[name] = r.take(int(how))
        else:
            e[name] = r.number(how)
    e["totals"] = [[r.number(n) for n in (2, 2, 4, 8, 4, 8)] for _ in range(r.number(2))]
    r.take(r.number(2))
    if r.data:
        raise ValueError("too long")
    return e


def canonical(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base 64")
    return data


def log_keys(policy):
    """Name, id, type and key of each log of a policy."""
    found = []
    for line in policy.splitlines():
        words = line.split()
        if words[:1] == ["log"]:
            name, id_, material = words[1].split("+", 2)
            raw = canonical(material)
            assert sha(name.encode() + b"\n" + raw)[:4].hex() == id_
            found.append((name, bytes.fromhex(id_), raw[0], raw[1:]))
    return found


def check_note(note, keys, origin):
    """Size, root and signed time (0: none) of a checkpoint. Raises ValueError, InvalidSignature."""
    text, between, signatures = note.rpartition("\n\n")
    if not between or not signatures.endswith("\n") or any(c < " " and c != "\n" for c in note):
        raise ValueError("no note")
    text += "\n"
    lines = text.split("\n")
    if len(lines) < 4 or "" in lines[:-1] or lines[0] != origin or str(int(lines[1])) != lines[1]:
        raise ValueError("no checkpoint of this log")
    size, root = int(lines[1]), canonical(lines[2])
    if not 0 <= size < 10**19 or len(root) != 32:
        raise ValueError("size or root")
    signed, at = 0, 0
    found = []
    for line in signatures[:-1].split("\n"):
        dash, name, data = line.split(" ")
        if dash != "—":
            raise ValueError("no signature line")
        found.append((name, canonical(data)))
    for name, id_, kind, key in keys:
        own = [data[4:] for other, data in found if other == name and data[:4] == id_]
        if len(own) > 1:
            raise ValueError("one key twice")
        for signature in own:
            if kind == 1:
                Ed25519PublicKey.from_public_bytes(key).verify(signature, text.encode())
            else:
                stamp = signature[:8]
                message = b"subtree/v1\n\0" + bytes([len(name)]) + name.encode() + stamp
                message += bytes([len(origin)]) + origin.encode()
                message += bytes(8) + size.to_bytes(8, "big") + root
                MLDSA44PublicKey.from_public_bytes(key).verify(signature[8:], message)
                at = integer(stamp)
            signed += 1
    if not signed:
        raise ValueError("not signed")
    return size, root, at * 1_000_000


def when(us):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def money(minor, digits):
    if not digits:
        return str(minor)
    text = str(minor).rjust(digits + 1, "0")
    return text[:-digits] + "." + text[-digits:]


def receipt_of(e, raw, currencies):
    key = e["idempotency key"].hex()
    totals = []
    for currency, type_, count, total, taken, taken_total in e["totals"]:
        code, digits = currencies.get(str(currency), ("?", 0))
        totals.append(
            {
                "type": TYPES[type_] if 0 < type_ < 6 else None, "currency": code, "count": count,
                "sum": money(total, digits), "cancelled_count": taken,
                "cancelled_sum": money(taken_total, digits),
            }
        )  # fmt: skip
    members = {
        "receipt_version": 1 if raw else 0, "batch_id": e["batch id"], "operator": e["operator"],
        "operator_sequence": e["operator sequence"], "stream": e["stream"],
        "stream_sequence": e["stream sequence"] or None,
        "idempotency_key": "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:])),
        "rows": e["row count"], "totals": totals, "occurred_from": when(e["occurred from"]),
        "occurred_until": when(e["occurred until"]), "received_at": when(e["received at"]),
        "body_sha256": e["body SHA-256"].hex(),
    }  # fmt: skip
    if raw:
        members |= {
            "origin": e["origin"], "batch_root": e["batch root"].hex(),
            "entry_hash": sha(raw).hex(), "entry": base64.b64encode(raw).decode(),
            "merge_by": when(e["received at"] + 10_000_000),
        }  # fmt: skip
    return json.dumps(members, ensure_ascii=False, separators=(", ", " : ")).encode()


def record_holds(e, raw, fields, manifest):
    """Whether a batch's record is what its entry gives."""
    i = [None if one is None else integer(one) for one in fields]
    told = b"".join(
        b"".join(
            n.to_bytes(w, "big", signed=True) for n, w in zip(one, (2, 2, 4, 8, 4, 8), strict=True)
        )
        for one in e["totals"]
    )
    root = [e["batch root"]] if raw else [e["batch root"], None]
    return (
        i[2:4] == [e["batch id"], e["schema version"]]
        and i[4:6] == [manifest["shard"], e["operator id"]]
        and i[6:8] == [e["operator sequence"], e["access key id"]]
        and fields[8:10] == [e["idempotency key"], e["stream"].encode()]
        and (i[10] or 0, i[11]) == (e["stream sequence"], e["row count"])
        and fields[12] == told
        and [n + SINCE_2000 for n in i[13:16]]
        == [e["occurred from"], e["occurred until"], e["received at"]]
        and i[16] == e["late count"]
        and fields[18] == e["body SHA-256"]
        and i[19] == (1 if raw else 0)
        and fields[20] == receipt_of(e, raw, manifest["currencies"])
        and fields[21] in root
    )  # fmt: skip


def rows_hold(e, rows, histogram, dropped):
    """Whether a batch's rows are those of its entry, and add up to what it says."""
    if any([len(f) if f is not None else -1 for f in row] != WIDTHS for row in rows):
        return False
    rows = sorted(rows, key=lambda row: integer(row[4]))
    if dropped:
        leaves = dropped | {integer(row[4]): sha(b"\0" + packed(row)) for row in rows}
        if len(rows) + len(dropped) != e["row count"] or sorted(leaves) != [
            *range(1, len(leaves) + 1)
        ]:
            return False
        return tree_of_hashes([leaves[no] for no in sorted(leaves)]) == e["batch root"]
    if len(rows) != e["row count"] or tree([packed(row) for row in rows]) != e["batch root"]:
        return False
    sums, lags = {}, {}
    for row in rows:
        own = sums.setdefault((integer(row[7]), integer(row[5])), [0, 0, 0, 0])
        place = 2 if integer(row[18]) else 0
        own[place] += 1
        own[place + 1] += integer(row[6])
        lag = (e["received at"] - integer(row[0]) - SINCE_2000) // 1000
        bucket = math.floor(4 * math.log2(max(lag, 1)))
        lags[bucket] = lags.get(bucket, 0) + 1
    moments = [integer(row[0]) + SINCE_2000 for row in rows]
    counted = b"".join(lags.get(n, 0).to_bytes(4, "big") for n in range(max(lags) + 1))
    return (
        e["totals"] == [[*key, *sums[key]] for key in sorted(sums)]
        and (e["occurred from"], e["occurred until"]) == (min(moments), max(moments))
        and histogram in (None, counted)
    )


def findings(folder: Path, policy: str) -> set[tuple[str, int]]:
    """What is wrong, by subject (``batch``, ``leaf``, ``event``, …) and number."""
    manifest = json.loads((folder / "manifest.json").read_text())
    origin, now, keys = manifest["origin"], manifest["made_at"], log_keys(policy)
    wrong: set[tuple[str, int]] = set()

    signed = []
    for size, root, _, note in table(folder / "checkpoints.copy"):
        try:
            found = check_note(note.decode(), keys, origin)
        except (ValueError, InvalidSignature):
            wrong.add(("checkpoint", integer(size)))
            continue
        if found[:2] != (integer(size), root):
            wrong.add(("checkpoint", integer(size)))
        signed.append(found)
    if (folder / "log" / "checkpoint").exists():
        try:
            signed.append(check_note((folder / "log" / "checkpoint").read_text(), keys, origin))
        except (ValueError, InvalidSignature):
            wrong.add(("checkpoint", -1))
    for size, root, _ in signed:
        if any(other == size and theirs != root for other, theirs, _ in signed):
            wrong.add(("checkpoint", size))

    leaves, by_batch, by_id, last, first, sequences, times = [], {}, {}, {}, {}, {}, {}
    covered = max((size for size, _, _ in signed), default=0)
    lost: set[str] = set()
    vouched = []
    retained = 0
    hashes = {}
    for leaf, leaf_entry, id_, kind, operator, entered, hashed, raw in table(
        folder / "entries.copy"
    ):
        place = -1 if leaf is None else integer(leaf)
        if leaf is not None:
            if place != len(leaves) or leaf_entry in by_id:
                wrong.add(("leaf", place))
            leaves.append(sha(raw) if raw is not None else bytes(32))
            by_id[leaf_entry] = None
        if raw is None:
            wrong.add(("leaf", place))
            continue
        try:
            e = read_entry(raw)
        except ValueError:
            wrong.add(("leaf", place))
            continue
        if (integer(kind), integer(entered) + SINCE_2000, hashed) != (
            e["kind"], e["entered at"], sha(raw),
        ) or e["origin"] != origin:  # fmt: skip
            wrong.add(("leaf", place))
        if 0 <= place < covered:
            if any(size <= place and at > e["entered at"] + MINUTE for size, _, at in signed):
                wrong.add(("leaf", place))
        elif e["entered at"] + MINUTE < now:
            wrong.add(("leaf", place))
        if e["kind"] == 7:
            lost |= {one["entry_hash"] for one in json.loads(e["document"]).get("entries", ())}
        if e["kind"] == 6 and json.loads(e["document"]).get("act") == "retention":
            day = datetime.fromisoformat(json.loads(e["document"])["day"]).replace(tzinfo=UTC)
            retained = max(retained, round(day.timestamp() + 86_400) * 1_000_000)
        if e["kind"] == 5 and json.loads(e["document"]).get("act") == "events":
            vouched.append((sha(raw).hex(), e["entered at"], json.loads(e["document"])))
        if e["kind"] > 2:
            continue
        who, batch = e["operator id"], e["batch id"]
        if integer(operator) != who or e["previous"] != last.get(who, bytes(32)):
            wrong.add(("batch", batch))
        if e["entered at"] < times.get(who, 0) - 2 * MINUTE:
            wrong.add(("batch", batch))
        times[who] = max(times.get(who, 0), e["entered at"])
        last[who] = sha(raw)
        if e["kind"] == 1:
            if who in first and e["operator sequence"] != sequences[who][-1] + 1:
                wrong.add(("batch", batch))
            first.setdefault(who, e["operator sequence"])
            sequences.setdefault(who, []).append(e["operator sequence"])
        by_id[id_] = (e, raw)
        by_batch[batch] = e
        hashes[batch] = sha(raw).hex()

    for size, root, _ in signed:
        if size > len(leaves) or tree(leaves[:size]) != root:
            wrong.add(("checkpoint", size))
    bundles = folder / "log" / "tile" / "entries"
    for path in sorted(bundles.rglob("*")) if bundles.exists() else ():
        if path.is_file():
            name = (
                path.parent.name.removesuffix(".p")
                if path.parent.name.endswith(".p")
                else path.name
            )
            data = path.read_bytes()
            for n in range(len(data) // 34):
                leaf = int(name) * 256 + n  # enough for a thousand bundles
                if leaf < len(leaves) and leaves[leaf] != data[34 * n + 2 : 34 * n + 34]:
                    wrong.add(("leaf", leaf))

    histograms, recorded = {}, set()
    for fields in table(folder / "batches.copy"):
        batch, known = integer(fields[2]), by_id.get(fields[1])
        if known is None and fields[1] is None and by_batch.get(batch, {}).get("kind") == 2:
            known = (by_batch[batch], b"")
        if (
            known is None
            or known[0]["batch id"] in recorded
            or not record_holds(*known, fields, manifest)
        ):
            wrong.add(("batch", batch))
        if known is not None:
            recorded.add(known[0]["batch id"])
        histograms[batch] = fields[17] or b""
    wrong |= {
        ("batch", batch)
        for batch in by_batch
        if batch not in recorded and hashes[batch] not in lost
    }

    for operator, sequence, hashed in table(folder / "heads.copy"):
        who = integer(operator)
        if sequences.get(who) and (integer(sequence), hashed) != (max(sequences[who]), last[who]):
            wrong.add(("operator", who))
        if who not in last and (integer(sequence) or hashed):
            wrong.add(("operator", who))
        last.pop(who, None)
    wrong |= {("operator", who) for who in last}

    dropped: dict[int, dict[int, bytes]] = {}
    for batch, no, leaf in table(folder / "dropped.copy"):
        dropped.setdefault(integer(batch), {})[integer(no)] = leaf
    stored: dict[int, list] = {}
    for path in [*sorted((folder / "rows").glob("*.copy")), folder / "strays.copy"]:
        for row in table(path):
            stored.setdefault(integer(row[3]), []).append(row)
    for batch, e in by_batch.items():
        if hashes[batch] in lost or (batch not in stored and e["occurred until"] < retained):
            continue
        if not rows_hold(e, stored.get(batch, []), histograms.get(batch), dropped.get(batch, {})):
            wrong.add(("batch", batch))
    wrong |= {("batch", batch) for batch in stored if batch not in by_batch}
    return wrong | wrong_events(folder, [one for one in vouched if one[0] not in lost], now)


def wrong_events(folder, vouched, now):
    """Events of the trail that are not what entries say; ``vouched`` in the order of leaves."""
    wrong, leaves, oldest, floor = set(), {}, {}, -(2**63)
    for _, at, document in vouched:
        for number, leaf in document["events"]:
            if leaves.setdefault(number, leaf) != leaf:
                wrong.add(("event", number))
            oldest.setdefault(number, floor)
        if document["complete"]:
            floor = max(floor, at - 10 * MINUTE)
    there = []
    for fields in table(folder / "events.copy"):
        number, at = integer(fields[0]), integer(fields[1]) + SINCE_2000
        if number in there:
            wrong.add(("event", number))
        there.append(number)
        if number not in leaves:
            if not floor <= at <= now + MINUTE:
                wrong.add(("event", number))
        elif leaves[number] != sha(b"\0" + packed(fields)).hex() or at < oldest[number]:
            wrong.add(("event", number))
    return wrong | {("event", number) for number in leaves if number not in there}
