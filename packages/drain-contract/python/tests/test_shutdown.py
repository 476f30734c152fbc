import signal
import subprocess
import sys
import threading
import unittest
from unittest import mock

from support import PATIENCE_SECONDS, GateTest, eventually

import hermes_gate

# A server in a thread of its own, as the one for ASGI in docs/embed.md.
PROGRAM = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from hermes_gate import Gate

end = threading.Event()

def serve():
    if "--turn" in sys.argv:
        with gate.admit("anna") as permit:
            print("ready", flush=True)
            while not permit.must_end:
                end.wait(0.01)
    else:
        print("ready", flush=True)
    end.wait()

def stop():
    print("closing", flush=True)
    end.set()
    serving.join()

serving = threading.Thread(target=serve)
with Gate(sys.argv[2], on_close=stop) as gate:
    gate.handle_signals()
    serving.start()
    serving.join()
print("not reached", flush=True)
"""


class Signals(GateTest):
    def start(self, *options):
        package = str(hermes_gate.Path(hermes_gate.__file__).parent)
        command = [sys.executable, "-B", "-c", PROGRAM, package, str(self.home), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    def end_of(self, process):
        output = process.stdout.read()
        return process.wait(PATIENCE_SECONDS), output

    def test_end_the_process_after_its_server_is_closed(self):
        for name in ("SIGTERM", "SIGINT"):
            process = self.start()
            process.send_signal(getattr(signal, name))
            self.assertEqual(self.end_of(process), (-getattr(signal, name), "closing\n"))
            state = self.state()
            self.assertEqual((state["gateway_state"], state["exit"]["signal"]), ("stopped", name))

    def test_skip_the_grace_period_the_second_time(self):
        process = self.start("--turn")
        process.send_signal(signal.SIGTERM)
        eventually(lambda: self.state()["gateway_state"] == "stopping")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.end_of(process), (-signal.SIGTERM, "closing\n"))
        self.assertEqual(self.state()["exit"]["interrupted"], 1)


class Close(GateTest):
    def test_calls_on_close_after_the_turns_and_before_the_end(self):
        states = []
        gate = self.open_gate(on_close=lambda: states.append((gate.active, gate.state)))
        permit = gate.admit("anna")
        permit._abort = permit.release
        gate.close()
        self.assertEqual(states, [(0, "stopping")])

    def test_waits_for_the_end_when_it_is_called_again(self):
        closing, proceed = threading.Event(), threading.Event()
        self.addCleanup(proceed.set)
        gate = self.open_gate(on_close=lambda: (closing.set(), proceed.wait(PATIENCE_SECONDS)))
        threads = [threading.Thread(target=gate.close) for _thread in range(2)]
        for thread in threads:
            thread.start()
        self.assertTrue(closing.wait(PATIENCE_SECONDS))
        self.assertTrue(all(thread.is_alive() for thread in threads))
        proceed.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        self.assertEqual(self.state()["gateway_state"], "stopped")

    def test_continues_without_an_on_close_that_fails_or_hangs(self):
        def fail():
            raise LookupError("no server")

        hang = threading.Event()
        self.addCleanup(hang.set)
        for on_close in (fail, hang.wait):
            with mock.patch.object(hermes_gate, "CLOSE_SECONDS", 0.05):
                self.open_gate(on_close=on_close).close()
            self.assertEqual(self.state()["gateway_state"], "stopped")


if __name__ == "__main__":
    unittest.main()
