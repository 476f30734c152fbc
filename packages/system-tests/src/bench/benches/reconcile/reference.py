"""Brings gateways back at boot the way the reference system does it, and does nothing else.

reference.py HOME SCANDIR LIKE [UID:GID]

What the slots hold is given: LIKE is a scan directory with the slot of the default profile and that of one more, whose
files are filled in for every other profile. The rest is by the reference's rules: a profile is a directory with a
SOUL.md; its gateway starts if it was last seen running; stale files are swept; a slot is built under a temporary name
beside its place with the supervise skeleton in it, and renamed into place; a line a profile goes to the boot log.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

STATES_THAT_RAN = frozenset({"running"})
STALE_FILES = ("gateway.pid", "processes.json")
ROTATE_AT_BYTES = 256 * 1024


@dataclass(frozen=True)
class Outcome:
    profile: str
    prior_state: str | None
    action: str


@dataclass(frozen=True)
class Template:
    """The files of one slot, by their path in it, and the name of its profile."""

    profile: str
    files: dict[str, tuple[str, int]]

    @classmethod
    def read(cls, slot: Path) -> Template:
        files = {}
        for path in sorted([*slot.iterdir(), *(slot / "log").iterdir()]):
            if path.is_file() and path.name != "down":
                files[str(path.relative_to(slot))] = (path.read_text(), path.stat().st_mode & 0o777)
        return cls(slot.name.removeprefix("gateway-"), files)


def seed_skeleton(slot: Path, owner: tuple[int, int] | None) -> None:
    for service in (slot, slot / "log"):
        for path, mode in ((service / "event", 0o3730), (service / "supervise", 0o755),
                           (service / "supervise" / "event", 0o3730)):
            path.mkdir(exist_ok=True)
            if owner:
                os.chown(path, *owner)
            path.chmod(mode)
        control = service / "supervise" / "control"
        if not control.exists():
            os.mkfifo(control, 0o660)
        if owner:
            os.chown(control, *owner)
        control.chmod(0o660)


def register(scandir: Path, profile: str, template: Template, owner: tuple[int, int] | None, *, start: bool) -> None:
    slot = scandir / f"gateway-{profile}"
    building = slot.with_name(slot.name + ".tmp")
    if building.exists():
        shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        (building / "log").mkdir()
        for name, (text, mode) in template.files.items():
            path = building / name
            path.write_text(text.replace(template.profile, profile))
            if mode != 0o644:
                path.chmod(mode)
        if not start:
            (building / "down").touch()
        seed_skeleton(building, owner)
        if slot.exists():
            shutil.rmtree(slot)
        building.replace(slot)
    except Exception:
        shutil.rmtree(building, ignore_errors=True)
        raise


def read_prior_state(home: Path) -> str | None:
    path = home / "gateway_state.json"
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text()).get("gateway_state")
    except (OSError, json.JSONDecodeError):
        log.warning("could not read %s", path)
        return None


def sweep(home: Path) -> None:
    for name in STALE_FILES:
        (home / name).unlink(missing_ok=True)


def write_boot_log(home: Path, outcomes: list[Outcome]) -> None:
    directory = home / "logs"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "container-boot.log"
    if path.exists() and path.stat().st_size >= ROTATE_AT_BYTES:
        path.replace(directory / "container-boot.log.1")
    at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    with path.open("a", encoding="utf-8") as file:
        for outcome in outcomes:
            file.write(f"{at} profile={outcome.profile} prior_state={outcome.prior_state} action={outcome.action}\n")


def main() -> None:
    home, scandir, like = (Path(word) for word in sys.argv[1:4])
    owner = None
    if len(sys.argv) > 4:
        uid, gid = sys.argv[4].split(":")
        owner = (int(uid), int(gid))
    templates = {slot.name: Template.read(slot) for slot in sorted(like.iterdir()) if slot.name.startswith("gateway-")}
    default = templates.pop("gateway-default")
    named = next(iter(templates.values()), default)

    outcomes = []

    def bring_back(profile: str, profile_home: Path, template: Template) -> None:
        prior_state = read_prior_state(profile_home)
        start = prior_state in STATES_THAT_RAN
        sweep(profile_home)
        register(scandir, profile, template, owner, start=start)
        outcomes.append(Outcome(profile, prior_state, "started" if start else "registered"))

    bring_back("default", home, default)
    profiles = home / "profiles"
    if profiles.is_dir():
        for entry in sorted(profiles.iterdir()):
            if not entry.is_dir() or not (entry / "SOUL.md").exists() or entry.name == "default":
                continue
            bring_back(entry.name, entry, named)
    write_boot_log(home, outcomes)
    for outcome in outcomes:
        print(f"reconcile: profile={outcome.profile} prior_state={outcome.prior_state} action={outcome.action}")


if __name__ == "__main__":
    main()
