"""Reads and writes drain markers, and runs the corpus. Python 3.9 or newer, standard library only. See README.md."""

import argparse
import base64
import json
import os
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))

from hermes_gate import Unavailable, Unreadable, in_deep_thread, judge, look  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("corpus", nargs="?", type=Path, help="run the cases of this directory; exit code 1 on a mismatch")
    task.add_argument("--marker", metavar="PATH", help="print the verdict on this file as JSON")
    task.add_argument("--write", metavar="PATH", help="write this file as the reference system does, and print it")
    parser.add_argument("--epoch", default="", help="of the gateway; default: not known")
    parser.add_argument("--now", type=float, default=time.time() * 1000, help="Unix time in ms; default: now")
    parser.add_argument("--principal", default="drain-control", help="who asks for the drain that is written")
    parser.add_argument("--quiet", action="store_true", help="write a drain that asks for quiet")
    options = parser.parse_args()
    return in_deep_thread(lambda: run(options))


def run(options):
    if options.corpus:
        return run_corpus(options.corpus)
    if options.marker:
        print(json.dumps(judge(*look(options.marker), options.epoch, options.now)))
    else:
        print(json.dumps(write(options.write, options.principal, options.epoch, options.quiet)))
    return 0


def run_corpus(directory):
    count = mismatches = 0
    for path in sorted(directory.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            count += 1
            for key, expected, found in differences(case):
                mismatches += 1
                print(f"{path.name}: {case['name']}\n  {key}: expected {expected!r}, found {found!r}")
    print(f"{count} cases, {mismatches} mismatches")
    return 1 if mismatches or not count else 0


def differences(case):
    mtime = case["now"] - case.get("age", 0) * 1000
    verdict = judge(content_of(case["marker"]), mtime, case["epoch"], case["now"])
    expect = dict(case["expect"])
    for key, expected in expect.pop("request", {}).items():
        if verdict["request"].get(key) != expected:
            yield f"request.{key}", expected, verdict["request"].get(key)
    if "expires_at" in verdict and "expires_at" not in expect:
        yield "expires_at", None, verdict["expires_at"]
    for key, expected in expect.items():
        if verdict.get(key) != expected:
            yield key, expected, verdict.get(key)


def content_of(marker):
    if marker is None:
        return None
    if isinstance(marker, dict):
        return Unreadable(marker["unreadable"]) if "unreadable" in marker else Unavailable(marker["unavailable"])
    pieces = [{"utf8": marker}] if isinstance(marker, str) else marker
    return b"".join(bytes_of(piece) * piece.get("times", 1) for piece in pieces)


def bytes_of(piece):
    return piece["utf8"].encode() if "utf8" in piece else base64.b64decode(piece["base64"])


def write(path, principal, epoch, quiet):
    """Writes a marker: a temporary file beside it, renamed into its place."""
    marker = {
        "action": "drain",
        "requested_at": datetime.now(timezone.utc).isoformat(),
        "principal": principal,
        "epoch": epoch,
        "suppress_notification": quiet,
    }
    temporary = Path(f"{path}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(marker, indent=2, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path)
    return marker


if __name__ == "__main__":
    sys.exit(main())
