"""Reads and writes drain markers, and runs the corpus. Python 3.9 or newer, standard library only. See README.md."""

import argparse
import base64
import errno
import json
import os
import stat
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

from verdict import MAX_BYTES, Unavailable, Unreadable, judge


# Reasons of the file itself, or of a path that leads to no file. Every other one passes.
LASTING = {
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENXIO,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
}


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


def look(path):
    """The content of the file, as `judge` wants it, and its mtime in ms. Never follows a link, never blocks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return Unreadable("not a regular file"), 0
            return os.read(descriptor, MAX_BYTES + 1), status.st_mtime_ns / 1e6
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None, 0
    except OSError as error:
        return (Unreadable if error.errno in LASTING else Unavailable)(error), 0


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


def in_deep_thread(task):
    """Runs the task on a stack on which a marker of any depth can be parsed."""
    results = []
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=lambda: results.append(task()))
    thread.start()
    thread.join()
    return results[0] if results else 1


if __name__ == "__main__":
    sys.exit(main())
