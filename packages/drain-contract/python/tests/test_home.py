import os
import shutil
import unittest

from support import GateTest, eventually

from hermes_gate import MARKER, STATE, HomeError, Refused

NOBODY = 65_534


class Home(GateTest):
    def refused(self, gate):
        with self.assertRaises(Refused) as caught:
            gate.admit("anna")
        return caught.exception.reason

    def problem(self, gate):
        status, body = gate.readiness()
        self.assertEqual(status, 503)
        return body["storage_problem"]

    def become_unprivileged(self):
        """Root may read each directory."""
        if os.geteuid() != 0:
            return
        for path in (self.home.parent, self.home):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        self.addCleanup(os.seteuid, 0)

    def move_away(self):
        self.elsewhere = self.home.with_name("elsewhere")
        self.home.rename(self.elsewhere)

    def test_that_was_replaced_refuses_turns_and_says_why_until_it_is_back(self):
        gate = self.open_gate()
        with self.assertLogs("hermes_gate", "ERROR") as logs:
            self.move_away()
            self.home.mkdir()
            self.assertEqual(self.refused(gate), "storage-unavailable")
        self.assertIn("new turns are refused: ", logs.output[0])
        self.assertIn("is not the home that this server serves", self.problem(gate))
        gate.endpoint = "http://127.0.0.1:1"
        self.home.rmdir()
        self.elsewhere.rename(self.home)
        eventually(lambda: gate.readiness()[0] == 200)
        gate.admit("anna").release()
        eventually(lambda: self.state()["endpoint"] == "http://127.0.0.1:1")

    def test_gets_no_state_while_another_directory_is_at_its_path(self):
        gate = self.open_gate()
        self.move_away()
        self.home.mkdir()
        self.assertEqual(self.refused(gate), "storage-unavailable")
        gate.endpoint = "http://127.0.0.1:1"
        gate.close()
        self.assertEqual(os.listdir(self.home), [])

    def test_that_was_moved_keeps_its_drain(self):
        gate = self.open_gate()
        self.begin(reason="new disk")
        self.assertEqual(self.refused(gate), "draining")
        self.move_away()
        self.assertEqual(self.refused(gate), "draining")
        self.assertEqual(gate.drain.reason, "new disk")
        self.assertIn("was moved or unmounted", self.problem(gate))
        self.elsewhere.rename(self.home)
        self.assertEqual(self.refused(gate), "draining")
        self.cancel()
        eventually(lambda: gate.readiness()[0] == 200)
        gate.admit("anna").release()

    def test_whose_drain_was_cancelled_or_begun_elsewhere_is_read_when_it_is_back(self):
        gate = self.open_gate()
        self.move_away()
        self.assertEqual(self.refused(gate), "storage-unavailable")
        (self.elsewhere / MARKER).write_text("{")
        self.elsewhere.rename(self.home)
        self.assertEqual(self.refused(gate), "draining")

    def test_that_was_deleted_refuses_turns(self):
        gate = self.open_gate()
        shutil.rmtree(self.home)
        self.assertEqual(self.refused(gate), "storage-unavailable")
        self.assertIn("was deleted", self.problem(gate))
        self.home.mkdir()
        self.assertEqual(self.refused(gate), "storage-unavailable")

    def test_without_permissions_refuses_turns(self):
        self.become_unprivileged()
        gate = self.open_gate()
        self.home.chmod(0)
        self.addCleanup(self.home.chmod, 0o700)
        self.assertEqual(self.refused(gate), "storage-unavailable")
        self.home.chmod(0o700)
        eventually(lambda: gate.readiness()[0] == 200)
        gate.admit("anna").release()

    def test_has_one_gate(self):
        self.open_gate()
        with self.assertRaisesRegex(HomeError, "another gateway serves .*: stop it first"):
            self.open_gate()


class Marker(GateTest):
    def test_is_read_again_when_it_is_replaced_by_one_of_the_same_size(self):
        gate = self.open_gate()
        for reason in ("one", "two", "six"):
            self.begin(reason=reason)
            self.assertEqual(gate.drain.reason, reason)

    def test_is_read_again_when_it_is_rewritten_in_place(self):
        gate = self.open_gate()
        marker = self.home / MARKER
        marker.write_text('{"reason":"one"}')
        eventually(lambda: gate._seen)
        self.assertEqual(gate.drain.reason, "one")
        marker.write_text('{"reason":"two"}')
        self.assertEqual(gate.drain.reason, "two")

    def test_that_is_a_link_is_no_drain(self):
        gate = self.open_gate()
        (self.home / "other").write_text("{}")
        (self.home / MARKER).symlink_to("other")
        gate.admit("anna").release()


class Closed(GateTest):
    def test_answers_after_its_end(self):
        gate = self.open_gate()
        gate.close()
        self.assertEqual(gate.readiness(), (503, {"status": "stopped", "gateway_state": "stopped", "active_agents": 0}))
        self.assertIsNone(gate.drain)
        self.assertEqual(self.state()["gateway_state"], "stopped")
        self.assertEqual([name for name in os.listdir(self.home) if name.startswith(f".{STATE}")], [])
        self.open_gate().admit("anna").release()


if __name__ == "__main__":
    unittest.main()
