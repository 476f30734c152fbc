"""What the tests of the gate share."""

import json
import logging
import os
import sys
import tempfile
import time
import unittest
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hermes_gate import MARKER, STATE, Gate  # noqa: E402

PATIENCE_SECONDS = 60

logging.getLogger("hermes_gate").addHandler(logging.NullHandler())
logging.getLogger("hermes_gate").propagate = False


def eventually(check):
    """Waits until the check returns something true, and returns it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE_SECONDS} s")
        time.sleep(0.01)


class GateTest(unittest.TestCase):
    """A test with a home, and a gate that is open on it."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.home = Path(directory.name) / "home"
        self.home.mkdir()

    def open_gate(self, **options):
        gate = Gate(self.home, grace_seconds=0, **options)
        gate.open()
        self.addCleanup(gate.close)
        return gate

    def begin(self, **fields):
        """Begins a drain as the dashboard does."""
        marker = {"action": "drain", "requested_at": datetime.now(timezone.utc).isoformat(), **fields}
        draft = self.home / "draft"
        draft.write_text(json.dumps(marker))
        os.replace(draft, self.home / MARKER)

    def cancel(self):
        (self.home / MARKER).unlink()

    def state(self):
        return json.loads((self.home / STATE).read_text())
