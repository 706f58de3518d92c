"""Writes the vectors: each is a document of what to verify, for any implementation to read."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER = Path(__file__).parent
ORIGIN = "vectors.example/log"
JUNK = sha256(b"junk").digest()
EMPTY = sha256(b"").digest()


def leaf(number: int) -> bytes:
    return sha256(b"\0" + str(number).encode()).digest()


def root(start: int, end: int) -> bytes:
    """RFC 6962, 2.1, over the leaves of these numbers."""
    if end - start < 2:
        return leaf(start) if end > start else EMPTY
    k = 1
    while k * 2 < end - start:
        k *= 2
    return sha256(b"\1" + root(start, start + k) + root(start + k, end)).digest()


def inclusion(index: int, start: int, end: int) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if end - start == 1:
        return []
    k = 1
    while k * 2 < end - start:
        k *= 2
    if index < k:
        return [*inclusion(index, start, start + k), root(start + k, end)]
    return [*inclusion(index - k, start + k, end), root(start, start + k)]


def consistency(old: int, start: int, end: int, whole: bool = True) -> list[bytes]:
    """RFC 6962, 2.1.2."""
    if old == end - start:
        return [] if whole else [root(start, end)]
    k = 1
    while k * 2 < end - start:
        k *= 2
    if old <= k:
        return [*consistency(old, start, start + k, whole), root(start + k, end)]
    return [*consistency(old - k, start + k, end, False), root(start, start + k)]


def inclusions() -> Iterator[tuple[str, dict[str, Any]]]:
    for index, size in ((0, 1), (0, 2), (6, 7), (3, 8), (1, 3), (255, 256)):
        path = inclusion(index, 0, size)
        good = {"leaf": leaf(index), "index": index, "size": size, "proof": path}
        good["root"] = root(0, size)
        yield f"holds-{index}-of-{size}", good
    yield "trailing-hash", good | {"proof": [*path, JUNK]}
    yield "trailing-root", good | {"proof": [*path, good["root"]]}
    yield "hash-in-front", good | {"proof": [JUNK, *path]}
    yield "last-hash-cut", good | {"proof": path[:-1]}
    yield "first-hash-cut", good | {"proof": path[1:]}
    yield "no-hash", good | {"proof": []}
    yield "hashes-reversed", good | {"proof": path[::-1]}
    yield "one-hash-twice", good | {"proof": [path[0], *path]}
    yield "short-hash", good | {"proof": [path[0][:31], *path[1:]]}
    yield "size-one-more", good | {"size": 257}
    yield "size-half", good | {"size": 128, "index": 127}
    yield "index-next", good | {"index": 254}
    yield "index-is-size", good | {"index": 256}
    yield "index-negative", good | {"index": -1}
    yield "empty-tree", {"leaf": leaf(0), "index": 0, "size": 0, "proof": [], "root": EMPTY}
    yield "node-for-leaf", {
        "leaf": root(0, 2), "index": 0, "size": 2, "proof": [root(2, 4)], "root": root(0, 4),
    } | {"size": 4}  # fmt: skip
    yield "other-root", good | {"root": JUNK}
    yield "other-leaf", good | {"leaf": leaf(254)}
    yield "single-leaf-with-hash", {
        "leaf": leaf(0), "index": 0, "size": 1, "proof": [leaf(0)], "root": leaf(0),
    }  # fmt: skip


def consistencies() -> Iterator[tuple[str, dict[str, Any]]]:
    for old, size in ((1, 2), (3, 7), (4, 7), (6, 8), (7, 7), (0, 5), (128, 256)):
        path = consistency(old, 0, size) if old else []
        good = {"old": old, "old_root": root(0, old), "size": size, "proof": path}
        good["root"] = root(0, size)
        yield f"holds-{old}-to-{size}", good
    good = {"old": 6, "old_root": root(0, 6), "size": 8, "proof": consistency(6, 0, 8)}
    good["root"] = root(0, 8)
    path = good["proof"]
    yield "trailing-hash", good | {"proof": [*path, JUNK]}
    yield "hash-cut", good | {"proof": path[:-1]}
    yield "no-hash", good | {"proof": []}
    yield "wrong-old-size", good | {"old": 5}
    yield "wrong-second-size", good | {"size": 9}
    yield "smaller-second-size", good | {"size": 5}
    yield "wrong-old-root", good | {"old_root": JUNK}
    yield "wrong-root", good | {"root": JUNK}
    yield "roots-exchanged", good | {"old_root": root(0, 8), "root": root(0, 6)}
    same = {"old": 8, "old_root": root(0, 8), "size": 8, "proof": [], "root": root(0, 8)}
    yield "fork-of-one-size", same | {"root": JUNK}
    yield "one-size-with-a-hash", same | {"proof": [JUNK]}
    empty = {"old": 0, "old_root": EMPTY, "size": 8, "proof": [], "root": root(0, 8)}
    yield "empty-tree-with-another-root", empty | {"old_root": JUNK}
    yield "empty-tree-with-a-hash", empty | {"proof": [root(0, 8)]}
    yield "negative-size", empty | {"old": -1}


def key(name: str, number: int) -> tuple[str, Ed25519PrivateKey, bytes]:
    """A verifier key, its private one, its id."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    raw = b"\1" + private.public_key().public_bytes_raw()
    id_ = sha256(name.encode() + b"\n" + raw).digest()[:4]
    return f"{name}+{id_.hex()}+{base64.b64encode(raw).decode()}", private, id_


def signature(text: str, name: str, number: int) -> str:
    _, private, id_ = key(name, number)
    return f"— {name} {base64.b64encode(id_ + private.sign(text.encode())).decode()}\n"


def checkpoints() -> Iterator[tuple[str, dict[str, Any]]]:
    vkey = key(ORIGIN, 1)[0]
    line = base64.b64encode(root(0, 8)).decode()
    text = f"{ORIGIN}\n8\n{line}\n"
    own, foreign = signature(text, ORIGIN, 1), signature(text, "other.example", 2)

    def vector(note: str) -> dict[str, Any]:
        return {"note": note, "vkey": vkey, "origin": ORIGIN}

    yield "holds-signed", vector(f"{text}\n{own}")
    yield "holds-beside-unknown-signature", vector(f"{text}\n{foreign}{own}")
    with_line = f"{text}an extension\n"
    yield "holds-with-extension", vector(f"{with_line}\n{signature(with_line, ORIGIN, 1)}")
    yield "one-signature-twice", vector(f"{text}\n{own}{own}")
    good = base64.b64decode(own.split(" ")[2])
    bad = base64.b64encode(good[:4] + bytes(64)).decode()
    yield "second-signature-of-one-key-is-bad", vector(f"{text}\n{own}— {ORIGIN} {bad}\n")
    yield "bad-signature", vector(f"{text}\n— {ORIGIN} {bad}\n")
    yield "not-signed", vector(f"{text}\n")
    yield "signed-by-another-only", vector(f"{text}\n{foreign}")
    yield "name-of-another-key", vector(f"{text}\n{own.replace(ORIGIN, 'other.example')}")
    other = text.replace("vectors", "victims")
    yield "another-log", vector(f"{other}\n{signature(other, ORIGIN, 1)}")
    for name, size in (
        ("leading-zero", "08"), ("negative", "-8"), ("empty", ""), ("hexadecimal", "0x8"),
        ("plus", "+8"), ("space", " 8"), ("arabic-digit", "٨"), ("too-large", "9" * 20),
    ):  # fmt: skip
        wrong = text.replace("\n8\n", f"\n{size}\n")
        yield f"size-{name}", vector(f"{wrong}\n{signature(wrong, ORIGIN, 1)}")
    for name, value in (
        ("short", base64.b64encode(root(0, 8)[:31]).decode()),
        ("not-canonical", line[:-2] + chr(ord(line[-2]) + 1) + "="),
        ("url-safe", line.replace("+", "-").replace("/", "_")[:-1]),
        ("not-base64", "!" * 44),
    ):
        wrong = text.replace(line, value)
        yield f"root-{name}", vector(f"{wrong}\n{signature(wrong, ORIGIN, 1)}")
    yield (
        "two-lines",
        vector(f"{ORIGIN}\n8\n\n{signature(f'{ORIGIN}{chr(10)}8{chr(10)}', ORIGIN, 1)}"),
    )
    yield (
        "control-character",
        vector(f"{text}\r\n\n{signature(text + chr(13) + chr(10), ORIGIN, 1)}"),
    )
    yield "no-newline-at-the-end", vector(f"{text}\n{own}"[:-1])
    yield "text-altered", vector(f"{text.replace(chr(10) + '8', chr(10) + '9')}\n{own}")
    yield "empty", vector("")


def policies() -> Iterator[tuple[str, dict[str, Any]]]:
    log = key(ORIGIN, 1)[0]
    w = [key(f"witness{n}.example", 10 + n)[0] for n in range(3)]
    three = f"log {log}\n" + "".join(f"witness w{n} {one}\n" for n, one in enumerate(w))
    yield "holds-none", {"text": f"# ours\n\tlog {log} https://a.example/\nquorum none\n"}
    yield "holds-two-of-three", {"text": f"{three}group g 2 w0 w1 w2\nquorum g\n"}
    yield "holds-nested", {"text": f"{three}group g any w0 w1\ngroup h all g w2\nquorum h\n"}
    yield "no-quorum", {"text": f"log {log}\n"}
    yield "two-quorums", {"text": f"log {log}\nquorum none\nquorum none\n"}
    yield "unknown-quorum", {"text": f"log {log}\nquorum w9\n"}
    yield "quorum-before-its-group", {"text": f"{three}quorum g\ngroup g any w0\n"}
    yield "same-log-twice", {"text": f"log {log}\nlog {log}\nquorum none\n"}
    yield "same-key-under-two-names", {"text": f"{three}witness again {w[0]}\nquorum none\n"}
    yield "same-name-twice", {"text": f"witness w {w[0]}\nwitness w {w[1]}\nquorum none\n"}
    yield "group-named-none", {"text": f"{three}group none any w0\nquorum none\n"}
    yield "group-of-none", {"text": f"{three}group g any none\nquorum g\n"}
    yield "group-without-members", {"text": f"{three}group g any\nquorum g\n"}
    yield "group-of-more-than-it-has", {"text": f"{three}group g 4 w0 w1 w2\nquorum g\n"}
    yield "group-of-zero", {"text": f"{three}group g 0 w0 w1 w2\nquorum g\n"}
    yield "group-threshold-with-zero", {"text": f"{three}group g 02 w0 w1 w2\nquorum g\n"}
    yield "member-of-two-groups", {"text": f"{three}group g any w0\ngroup h any w0\nquorum h\n"}
    yield "member-twice", {"text": f"{three}group g 2 w0 w0 w1\nquorum g\n"}
    yield "group-of-itself", {"text": f"{three}group g any g\nquorum g\n"}
    yield "unknown-word", {"text": f"log {log}\nlogs {log}\nquorum none\n"}
    yield "key-with-another-id", {"text": f"log {log.replace('+', '+0', 1)[:-1]}\nquorum none\n"}
    yield "key-of-unknown-kind", {"text": "log a+00000000+AgAA\nquorum none\n"}


GROUPS = {
    "inclusion": inclusions,
    "consistency": consistencies,
    "checkpoint": checkpoints,
    "policy": policies,
}


def readable(value: Any) -> Any:
    """Hashes as hexadecimal digits."""
    if isinstance(value, list):
        return [readable(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def documents() -> dict[str, str]:
    """Every file's name and text."""
    return {
        f"{group}/{name}.json": json.dumps(
            {member: readable(value) for member, value in one.items()}, ensure_ascii=False, indent=1
        )
        + "\n"
        for group, made in GROUPS.items()
        for name, one in made()
    }


def main() -> None:
    """Write them all."""
    for name, text in documents().items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
