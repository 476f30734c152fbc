"""What the reference system's dashboard thinks of a gateway. It never goes by the age of the state."""

import identity
import state

NEVER_LIVE = (None, "stopped", "startup_failed")


def is_alive(home):
    found = identity.read_pid_file(home)
    if found and identity.is_running(found) and identity.is_locked(home):
        return True
    last = state.read(home) or {}
    if last.get("gateway_state") in NEVER_LIVE or not identity.is_running(last):
        return False
    return identity.is_gateway(identity.command_line(last["pid"]), identity.profile_of(home))


def status(home):
    last = state.read(home) or {}
    name, agents = last.get("gateway_state"), state.count(last)
    live = is_alive(home) and name not in NEVER_LIVE
    return {
        "gateway_running": live,
        "gateway_state": name,
        "active_agents": agents,
        "gateway_busy": live and name == "running" and agents > 0,
        "gateway_drainable": live and name == "running",
        "drained": live and name == "draining" and agents == 0,
    }
