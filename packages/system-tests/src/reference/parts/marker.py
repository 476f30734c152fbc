"""The drain marker, as the reference system writes and reads it."""

import json
from datetime import datetime, timezone
from pathlib import Path

from files import now, replace

NAME = ".drain_request.json"
EXPIRES_AFTER_SECONDS = 3600


def epoch():
    """Boot id of the kernel and start time of PID 1."""
    try:
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        boot_id = ""
    try:
        init = Path("/proc/1/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        init = ""
    return f"{boot_id}:{init}" if boot_id or init else ""


def write(home, principal="drain-control", quiet=False):
    """Begins a drain. A refresh is the same: what the marker held before is not looked at."""
    request = {
        "action": "drain",
        "requested_at": now(),
        "principal": principal,
        "epoch": epoch(),
        "suppress_notification": bool(quiet),
    }
    replace(home / NAME, request)
    return request


def clear(home):
    try:
        (home / NAME).unlink()
        return True
    except FileNotFoundError:
        return False


def read(home):
    """The marker; None when there is none to be read, and an empty object for one that makes no sense."""
    try:
        text = (home / NAME).read_text(encoding="utf-8")
    except OSError:
        return None
    except ValueError:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def is_active(home):
    """Whether a drain is in force for this boot."""
    request = read(home)
    if request is None:
        return False
    stamped, current = request.get("epoch"), epoch()
    if stamped and current and stamped != current:
        return False
    age = seconds_since(request.get("requested_at"))
    return age is None or age <= EXPIRES_AFTER_SECONDS


def is_quiet(home):
    return is_active(home) and bool((read(home) or {}).get("suppress_notification"))


def seconds_since(text):
    """Seconds since a date; None when it is none. A naive one is in UTC."""
    try:
        date = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
    return (datetime.now(timezone.utc) - date).total_seconds()
