"""Which process serves a home: the record of a process, gateway.pid and gateway.lock."""

import fcntl
import json
import os
import sys
from pathlib import Path

from files import read_object

KIND = "hermes-gateway"


def record(home):
    """What the pid file, the lock file and the state say of this process."""
    argv = [sys.argv[0], *sys.argv[1:]]
    return {
        "pid": os.getpid(),
        "kind": KIND,
        "argv": argv,
        "start_time": start_time(os.getpid()),
        "hermes_home": str(home),
    }


def start_time(pid):
    """Field 22 of the process; None when there is no such process, or it is a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else int(fields[19])


def is_running(found):
    """Whether the process of a record runs, and is the same one."""
    pid, started = found.get("pid"), found.get("start_time")
    if not isinstance(pid, int):
        return False
    current = start_time(pid)
    return current is not None and (started is None or started == current)


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def is_gateway(tokens, profile):
    """Whether a command line is that of a gateway of this profile."""
    names = [token.rsplit("/", 1)[-1] for token in tokens]
    if KIND in names:
        return True
    if "hermes" not in names or ["gateway", "run"] not in [names[i : i + 2] for i in range(len(names))]:
        return False
    flags = [i for i, name in enumerate(names) if name in ("-p", "--profile")]
    wanted = names[flags[0] + 1] if flags else "default"
    return wanted == profile


def profile_of(home):
    return home.name if home.parent.name == "profiles" else "default"


def read_pid_file(home):
    """The record in gateway.pid; old versions have a bare number there."""
    try:
        text = (home / "gateway.pid").read_text()
    except OSError:
        return None
    if text.strip().isdigit():
        return {"pid": int(text)}
    return read_object(home / "gateway.pid")


def take_lock(home):
    """The open lock file; None when another process holds the lock."""
    file = open(home / "gateway.lock", "a+")  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    file.truncate(0)
    json.dump(record(home), file)
    file.flush()
    return file


def is_locked(home):
    """Whether a process holds the lock: the only way to know is to try."""
    try:
        file = open(home / "gateway.lock", "r+")  # noqa: SIM115
    except OSError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def write_pid_file(home):
    """Made exclusively; one of a process that has ended gives way. Raises FileExistsError for one that runs."""
    path = home / "gateway.pid"
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if is_running(read_pid_file(home) or {}):
                raise
            path.unlink(missing_ok=True)
            continue
        with os.fdopen(descriptor, "w") as file:
            json.dump(record(home), file)
        return
