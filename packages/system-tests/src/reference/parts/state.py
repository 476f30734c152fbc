"""gateway_state.json: fields are merged on each write, never dropped."""

from files import now, read_object, replace
from identity import record

NAME = "gateway_state.json"


def read(home):
    return read_object(home / NAME)


def write(home, **fields):
    """As the gateway of the home."""
    if "active_agents" in fields:
        fields["active_agents"] = max(0, int(fields["active_agents"]))
    merge(home, {**record(home), "updated_at": now(), **fields})


def merge(home, fields):
    replace(home / NAME, {**(read(home) or {}), **fields})


def count(found):
    """Turns in flight: an integer, or a text that is one."""
    try:
        return max(0, int(found.get("active_agents", 0)))
    except (TypeError, ValueError):
        return 0
