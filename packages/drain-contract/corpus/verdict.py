"""The verdict on a drain marker, by the rules in README.md. Pure: bytes and clock readings in, values out."""

import json
import re
from datetime import date

MAX_BYTES = 65_536
MAX_AHEAD_MS = 300_000
MAX_LEAD_MS = 600_000
SHOWN_UNITS = {"request_id": 100, "principal": 200, "reason": 500, "requested_at": 100}
BLANKS = "\ufeff \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
DATE_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)T(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
    r"(:(?P<second>[0-5]\d)(\.(?P<fraction>\d+))?"
    r"(Z|(?P<sign>[+-])(?P<hours>[01]\d|2[0-3]):(?P<minutes>[0-5]\d))?)?",
    re.ASCII,
)


class Unreadable(str):
    """Why a file cannot be read until somebody changes it."""


class Unavailable(str):
    """Why a look has failed that may not fail the next time."""


def judge(content, mtime_ms, epoch, now):
    """The verdict on what was found: bytes, `None` for no file, or an `Unreadable` or `Unavailable`. Times in Unix ms."""
    if not isinstance(content, bytes):
        reason = "absent" if content is None else type(content).__name__.lower()
        return {"active": False, "reason": reason, "suppressed": False, "body": None, "request": {}}
    marker = json_object(content)
    body = {} if marker is None else marker
    request = shown(body)
    times = (unix_ms(body.get("requested_at")), mtime_ms)
    began = next((time for time in times if time is not None and time <= now + MAX_AHEAD_MS), None)
    expires_at = None if began is None else began + (request["max_age_seconds"] or 3_600) * 1000
    reason = "corrupt" if marker is None else compare(body.get("epoch"), epoch)
    if reason != "stale-epoch" and (expires_at is None or now > expires_at):
        reason = "expired"
    refuse_after = unix_ms(body.get("refuse_after"))
    if reason not in ("stale-epoch", "expired") and refuse_after is not None:
        if now < refuse_after and refuse_after - began <= MAX_LEAD_MS:
            reason = "announced"
    active = reason not in ("stale-epoch", "expired", "announced")
    suppressed = active and request["suppress_notification"]
    told = {"active": active, "reason": reason, "suppressed": suppressed, "body": body, "request": request}
    return {**told, "expires_at": expires_at} if active else told


def compare(stamped, epoch):
    """How the epoch in a marker relates to that of the gateway."""
    if not stamped:
        return "no-epoch"
    if not epoch:
        return "epoch-unknown"
    return "current" if stamped == epoch else "stale-epoch"


def json_object(content):
    """The JSON object that the bytes hold, or `None`. Deep ones need a deep stack."""
    if len(content) > MAX_BYTES:
        return None
    decoder = json.JSONDecoder(parse_constant=refuse, parse_int=number)
    try:
        text = content.decode("utf-8")
        try:
            value = decoder.decode(text)
        except RecursionError:
            # The scanner in C has a limit that nobody can move; the one in Python has none but the stack.
            decoder.parse_object, decoder.parse_array = json.decoder.JSONObject, json.decoder.JSONArray
            decoder.scan_once = json.scanner.py_make_scanner(decoder)
            value = decoder.decode(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def refuse(literal):
    raise ValueError(f"{literal} is not JSON")


def number(digits):
    # Python 3.11 and newer refuse to make an integer of thousands of digits.
    return int(digits) if len(digits) < 300 else float(digits)


def unix_ms(value):
    """The instant of a strict date-time, or `None`."""
    match = DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return None
    try:
        minutes = (day_number(match["day"]) * 24 + int(match["hour"])) * 60 + int(match["minute"])
    except ValueError:
        return None
    if match["sign"]:
        offset = int(match["hours"]) * 60 + int(match["minutes"])
        minutes += offset if match["sign"] == "-" else -offset
    milliseconds = (match["fraction"] or "")[:3].ljust(3, "0")
    return (minutes * 60 + int(match["second"] or 0)) * 1000 + int(milliseconds)


def day_number(text):
    """Days from 1970-01-01. Raises ValueError for a day that does not exist."""
    # Python's calendar lacks the year 0, which is like the year 400.
    year, month, day = (int(part) for part in text.split("-"))
    cycle = 0 if year else 146_097
    return date(year or 400, month, day).toordinal() - cycle - date(1970, 1, 1).toordinal()


def shown(body):
    """The fields of a marker as people see them."""
    age = body.get("max_age_seconds")
    in_bounds = isinstance(age, (int, float)) and not isinstance(age, bool) and 1 <= age <= 86_400
    texts = {key: plain(body.get(key), units) for key, units in SHOWN_UNITS.items()}
    quiet = bool(body.get("suppress_notification"))
    after = body.get("refuse_after")
    refuse_after = None if unix_ms(after) is None else plain(after, 100)
    told = {"suppress_notification": quiet, "max_age_seconds": age if in_bounds else None}
    return {**texts, **told, "refuse_after": refuse_after}


def plain(value, units):
    if not isinstance(value, str):
        return None
    line = re.sub("[\t\n\r\u2028\u2029]+", " ", first_units(value, 2 * units))
    return first_units(re.sub("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", line).strip(BLANKS), units)


def first_units(text, units):
    """At most that many UTF-16 code units of the text."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "surrogatepass")
