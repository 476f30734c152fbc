"""The gateway: one process a home, a watcher of the marker, and turns that a test begins and ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import identity
import marker
import state
from files import now, replace

PLANNED_STOP = ".gateway-planned-stop.json"
CONTROL = "stand-in.sock"
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Gateway:
    def __init__(self, home):
        self.home = home
        self.turns = 0
        self.is_draining = False
        self.stopping = threading.Event()
        self.lock = threading.Lock()

    def watch(self):
        """Looks at the marker each second."""
        interval = float(os.environ.get("STAND_IN_INTERVAL", "1"))
        while not self.stopping.wait(interval):
            self.reconcile()

    def reconcile(self):
        active = marker.is_active(self.home)
        with self.lock:
            if active != self.is_draining and not self.stopping.is_set():
                self.is_draining = active
                state.write(self.home, gateway_state="draining" if active else "running", active_agents=self.turns)

    def command(self, word):
        """What a test asks for over the socket, and the answer."""
        with self.lock:
            if word == "begin":
                if self.is_draining or self.stopping.is_set():
                    return "refused"
                self.turns += 1
            elif word == "end":
                self.turns -= 1
            elif word != "count":
                return f"unknown: {word}"
            if word != "count":
                state.write(self.home, active_agents=self.turns)
            return str(self.turns)

    def listen(self):
        """Can be asked from now on, and answers in a thread."""
        path = self.home / CONTROL
        path.unlink(missing_ok=True)
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        server.listen()
        threading.Thread(target=self.answer, args=(server,), daemon=True).start()

    def answer(self, server):
        while True:
            client, _address = server.accept()
            with client, client.makefile("rw") as lines:
                for line in lines:
                    print(self.command(line.strip()), file=lines, flush=True)


def run(home, profile):
    """Serves the home until a signal. A stop that nobody planned leaves `running`, so that the next boot starts it."""
    lock = identity.take_lock(home)
    if lock is None:
        return refuse(f"another gateway holds {home / 'gateway.lock'}")
    try:
        identity.write_pid_file(home)
    except FileExistsError:
        return refuse(f"{home / 'gateway.pid'} names a gateway that runs")
    gateway = Gateway(home)
    # Before any thread is started: they inherit it, and the signal waits for the main thread.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    state.write(home, gateway_state="starting", active_agents=0, exit_reason=None, restart_requested=False, platforms={})
    gateway.listen()
    state.write(home, gateway_state="running")
    gateway.reconcile()
    notify_ready()
    watcher = threading.Thread(target=gateway.watch)
    watcher.start()
    signal.sigwait(STOP_SIGNALS)
    gateway.stopping.set()
    watcher.join()
    state.write(home, gateway_state="stopping")
    is_planned = (home / PLANNED_STOP).exists()
    (home / PLANNED_STOP).unlink(missing_ok=True)
    announce(home)
    end = {"gateway_state": "stopped" if is_planned else "running", "exit_reason": "planned" if is_planned else "signal"}
    state.write(home, active_agents=0, **end)
    (home / "gateway.pid").unlink(missing_ok=True)
    lock.close()
    return 0


def announce(home):
    """The shutdown notice to the home channels, as a line on stdout; a quiet drain suppresses it."""
    print("quiet shutdown" if marker.is_quiet(home) else "shutdown announced", flush=True)


def start(home, profile):
    state.merge(home, {"desired_state": "running"})
    return over_s6(profile, "-u")


def stop(home, profile):
    """The operator's stop: planned, so that the gateway stays down."""
    state.merge(home, {"desired_state": "stopped"})
    replace(home / PLANNED_STOP, {"requested_at": now()})
    if over_s6(profile, "-d") == 0:
        return 0
    found = identity.read_pid_file(home) or {}
    if identity.is_running(found):
        os.kill(found["pid"], signal.SIGTERM)
    while identity.is_running(found):
        time.sleep(0.02)
    return 0


def over_s6(profile, flag):
    scandir = os.environ.get("STAND_IN_SCANDIR")
    if not scandir or not shutil.which("s6-svc"):
        return 1
    return subprocess.call(["s6-svc", flag, str(Path(scandir) / f"gateway-{profile or 'default'}")])


def refuse(reason):
    print(f"hermes: {reason}", file=sys.stderr)
    return 1


def notify_ready():
    descriptor = os.environ.get("HERMES_NOTIFY_FD", "")
    if descriptor.isdigit():
        os.write(int(descriptor), b"\n")
        os.close(int(descriptor))
