"""The reconcile at a boot: a slot for each profile, up or down by what its state file says."""

import re
import shutil
import time
from pathlib import Path

import state

STATES_THAT_RAN = ("running", "draining", "degraded")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
PROGRAM = Path(__file__).resolve().parent.parent / "hermes"


def reconcile(root, scandir):
    """One profile with a bad name ends the whole pass, as there."""
    is_multiplexed = multiplexes(root)
    lines = [register(scandir, root, root, "default", False)]
    for home in sorted((root / "profiles").glob("*/")):
        if (home / "SOUL.md").exists() and home.name != "default":
            lines.append(register(scandir, root, home, home.name, is_multiplexed))
    (root / "logs").mkdir(exist_ok=True)
    with (root / "logs" / "container-boot.log").open("a") as log:
        log.writelines(lines)
    print("".join(lines), end="")


def multiplexes(root):
    """Whether the root gateway serves all profiles."""
    try:
        text = (root / "config.yaml").read_text()
    except OSError:
        return False
    return re.search(r"^\s*multiplex_profiles:\s*(true|yes|on)\s*(#.*)?$", text, re.MULTILINE | re.IGNORECASE) is not None


def register(scandir, root, home, name, is_multiplexed):
    if not NAME.fullmatch(name):
        raise ValueError(f"bad profile name: {name}")
    last = state.read(home) or {}
    # What the operator wants decides as it stands there; else what the gateway said last.
    wanted = last.get("desired_state")
    deciding = wanted if wanted else last.get("gateway_state")
    is_up = (deciding == "running" if wanted else deciding in STATES_THAT_RAN) and not is_multiplexed
    for stale in ("gateway.pid", "processes.json"):
        (home / stale).unlink(missing_ok=True)
    publish(scandir, root, name, is_up)
    action = "started" if is_up else "registered"
    prior = f"prior_state={deciding} action={action} prior_exit={last.get('exit_reason')}"
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} profile={name} {prior}\n"


def publish(scandir, root, name, is_up):
    slot = scandir / f"gateway-{name}"
    staged = scandir / f".gateway-{name}.new"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    flags = "" if name == "default" else f" -p {name}"
    run = f"#!/bin/sh\nexport HERMES_HOME='{root}'\nexec python3 '{PROGRAM}'{flags} gateway run\n"
    (staged / "type").write_text("longrun\n")
    (staged / "run").write_text(run)
    (staged / "run").chmod(0o755)
    if not is_up:
        (staged / "down").touch()
    shutil.rmtree(slot, ignore_errors=True)
    staged.rename(slot)
