"""Makes a Python server drainable: a gate for its turns, and the state that the dashboard and drainctl follow.

One file for Python 3.9 or newer, standard library only; copy it into your server. See docs/embed.md.

    from hermes_gate import Gate, Refused

    with Gate() as gate:                                # HERMES_HOME
        try:
            with gate.admit(session="anna") as permit:  # before each turn
                for piece in answer():
                    permit.progress()                   # operators see turns that make none
        except Refused as refusal:
            ...                                         # 503, Retry-After: refusal.retry_after, str(refusal)

For FastAPI, Starlette and every other ASGI server: `GateMiddleware`.
"""

import asyncio
import errno
import fcntl
import json
import logging
import os
import re
import secrets
import signal
import sqlite3
import stat
import sys
import threading
import time
import uuid
from datetime import date, datetime, timezone
from pathlib import Path

__all__ = ["Drain", "Gate", "GateMiddleware", "HomeError", "Permit", "Refused", "judge", "look"]

MARKER = ".drain_request.json"
STATE = "gateway_state.json"
LOCK = ".gateway.lock"
# What gateways of the reference system hold and look at.
REFERENCE_LOCK = "gateway.lock"
REFERENCE_PID = "gateway.pid"
PROBE_SECONDS = 1

POLL_SECONDS = 0.2
COUNTER_SECONDS = 0.1
HEARTBEAT_SECONDS = 10
# A marker that cannot be looked at leaves its last verdict in force for so long: no marker asks for more without a refresh.
STANDING_SECONDS = 86_400
# A file that was written less than this before it was read may change again without a new time stamp.
RACY_WINDOW_NS = 50_000_000
HOOK_SECONDS = 1
ABORT_SECONDS = 5
CLOSE_SECONDS = 5
PUBLISH_SECONDS = 3
# What supervisors send more than once for one stop: s6-overlay repeats SIGTERM, systemd adds SIGHUP.
REPEATED = (signal.SIGTERM, signal.SIGHUP)
REPETITION_SECONDS = 2
MAX_ACTIVE_WORK = 20
MAX_SESSION_LENGTH = 1024

RETRY_AFTER = {"starting": 1, "draining": 5, "stopping": 10, "storage-unavailable": 5}
WORDS = {
    "starting": "The server is starting.",
    "draining": "The server is draining: it finishes running turns and starts no new ones.",
    "stopping": "The server is stopping.",
    "storage-unavailable": "The storage of the server does not work.",
}

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


# Parts of the storage, causes before their effects.
STORAGE_PARTS = ("volume", "marker", "state")

# Reasons of the file itself, or of a path that leads to no file. Every other one passes.
LASTING = {
    errno.EACCES,
    errno.EPERM,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENXIO,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
}


class HomeError(Exception):
    """The home cannot be used. The message says what to do."""


class Refused(Exception):
    """A turn may not start. The message is for the person who waits."""

    status = 503

    def __init__(self, reason, why=None):
        because = f" Reason: {why}." if why else ""
        super().__init__(f"{WORDS[reason]}{because} Retry later.")
        self.reason = reason
        self.retry_after = RETRY_AFTER[reason]


class Drain:
    """The drain in force: why (`reason`), who asked for it (`principal`), since when, and whether it is quiet."""

    def __init__(self, request):
        self.reason = request["reason"]
        self.principal = request["principal"]
        self.requested_at = request["requested_at"]
        self.is_quiet = request["suppress_notification"]


class Permit:
    """Permission to run one turn. Release it when the last byte of its answer is sent, or its client is gone."""

    def __init__(self, gate, session, kind, id):
        self.id = id
        self.session = session
        self.kind = kind
        self.started_at = self.last_progress_at = time.time()
        self._gate = gate
        self._abort = None

    @property
    def must_end(self):
        """Whether the turn must end at once: the grace period of a shutdown is over."""
        return self._gate.aborted.is_set()

    def progress(self):
        """The turn makes progress; operators see turns that do not."""
        self.last_progress_at = time.time()

    def release(self):
        """The turn has ended. May be called again."""
        self._gate._release(self)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.release()


class Gate:
    """The gate of a server: the one place where turns are admitted, refused and counted. For any number of threads."""

    def __init__(
        self,
        home=None,
        *,
        version="",
        grace_seconds=60,
        turn_timeout_seconds=3600,
        stall_after_seconds=300,
        on_draining=None,
        on_back=None,
        on_stopping=None,
        on_close=None,
        log=None,
    ):
        """
        home: the directory of the marker and the state; it must exist. Default: HERMES_HOME, or ~/.hermes.
        grace_seconds: how long a shutdown waits for turns in flight.
        on_draining(drain), on_back(), on_stopping(sessions, is_quiet): called at changes, in a thread of their own; a
        shutdown waits a second for the last one.
        on_close(): called in a shutdown after the turns, to close your server; waits at most five seconds for it.
        """
        self.home = Path(home or os.environ.get("HERMES_HOME") or Path.home() / ".hermes")
        self.grace_seconds = grace_seconds
        self.aborted = threading.Event()
        self._version = version
        self._turn_timeout = turn_timeout_seconds
        self._stall_after = stall_after_seconds
        self._hooks = {"draining": on_draining, "back": on_back, "stopping": on_stopping}
        self._hooks["close"] = on_close
        self._log = log or logging.getLogger("hermes_gate")
        # Taken before the other one: the state is written by one thread at a time, and admissions do not wait for the disk.
        self._writing = threading.Lock()
        # Guards everything below. Reentrant, because a signal handler may interrupt its holder.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._permits = {}
        self._state = "starting"
        self._verdict = judge(None, 0, "", 0)
        self._identity = None
        self._observation = None
        self._problems = {}
        self._seen = self._marker = None
        self._last_look = time.monotonic()
        self._refused = 0
        self._endpoint = None
        self._exit = None
        self._wanted = "transition"
        self._written_as_draining = False
        self._is_closed = False
        self._is_forced = False
        self._asked_at = None
        self._is_over = False
        self._ended = threading.Event()
        self._stopper = None
        self._epoch = current_epoch()
        self._started_at = time.time()
        self._start_time = start_time_of(os.getpid())
        self._desired_state = None
        self._directory = None
        self._thread = None

    # Life

    def open(self):
        """Locks the home, publishes the state, and admits turns unless the marker requests a drain. Raises HomeError."""
        self._directory = HomeDirectory(self.home)
        try:
            self._desired_state = read_state(self._directory).get("desired_state")
            self._write()
            with self._lock:
                self._look()
                if self._state == "starting":
                    self._enter("running")
            self._write()
        except OSError as error:
            self._directory.close()
            raise HomeError(f"cannot write {self.home / STATE}: {error.strerror}") from error
        self._thread = threading.Thread(target=self._publish, name="hermes-gate", daemon=True)
        self._thread.start()
        return self

    def close(self, signal_name=None):
        """Refuses new turns, gives those in flight their grace period, and publishes the end. Returns after the end.

        May be called again. In an event loop: `await asyncio.to_thread(gate.close)`.
        """
        with self._lock:
            if self._directory is None:
                return
            is_first = not self._is_closed
            self._is_closed = True
        if not is_first:
            self._ended.wait(self._stop_timeout)
            return
        try:
            self._shut_down(signal_name)
        finally:
            self._ended.set()

    def _shut_down(self, signal_name):
        with self._lock:
            self._look()
            is_quiet = self._verdict["suppressed"]
            sessions = sorted({permit.session for permit in self._permits})
            self._enter("stopping")
        self._call("stopping", sessions, is_quiet, wait=HOOK_SECONDS)
        with self._changed:
            self._changed.wait_for(lambda: not self._permits or self._is_forced, self.grace_seconds)
            interrupted = list(self._permits)
            self.aborted.set()
        for permit in interrupted:
            if permit._abort:
                permit._abort()
        if interrupted:
            self.wait_idle(ABORT_SECONDS)
        self._call("close", wait=CLOSE_SECONDS)
        with self._lock:
            reason, code = ("signal", None) if signal_name else ("closed", 0)
            self._exit = {"at": iso(time.time()), "signal": signal_name, "code": code, "reason": reason}
            self._exit["interrupted"] = len(interrupted)
            self._enter("stopped")
            self._changed.notify_all()
        self._thread.join(PUBLISH_SECONDS)
        # A write that hangs still uses the descriptor.
        if not self._thread.is_alive():
            self._directory.close()

    @property
    def _stop_timeout(self):
        return self.grace_seconds + HOOK_SECONDS + ABORT_SECONDS + CLOSE_SECONDS + PUBLISH_SECONDS

    def handle_signals(self, *names):
        """SIGTERM and SIGINT, or the signals named, close the gate and then end the process by that signal.

        For servers without handlers of their own; call it in the main thread. A second signal skips the grace period,
        unless it is a SIGTERM or SIGHUP within REPETITION_SECONDS: supervisors repeat theirs.
        """
        for name in names or ("SIGTERM", "SIGINT"):
            signal.signal(getattr(signal, name), self._stop_by)

    def _stop_by(self, number, _frame):
        if self._is_over:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            # The kernel ignores a fatal signal that PID 1 sends to itself; it exits with the code that a shell reports.
            os._exit(128 + number)
        elif number in REPEATED and self._asked_at and time.monotonic() - self._asked_at < REPETITION_SECONDS:
            pass
        elif self._is_closed or self._is_forced is None:
            with self._lock:
                self._is_forced = True
                self._changed.notify_all()
        else:
            # A signal that arrives before the thread has begun is a second one, too.
            self._is_forced = None
            self._asked_at = time.monotonic()
            self._stopper = threading.Thread(target=self._stop, args=(number,), name="hermes-gate-stop")
            self._stopper.start()

    def _stop(self, number):
        self.close(signal.Signals(number).name)
        # Only the main thread may restore the default action: it does so in the handler.
        self._is_over = True
        os.kill(os.getpid(), number)

    def __enter__(self):
        return self.open()

    def __exit__(self, *_error):
        self.close()
        if self._stopper:
            # The process ends by the signal here, not by reaching the end of the program.
            self._stopper.join(self._stop_timeout)

    # Turns

    def admit(self, session, kind="external", id=None):
        """Asks for a turn to start. @returns its Permit, which is also a context manager. Raises Refused.

        session: the conversation, user or queue that it belongs to. kind: `internal` is a part of work that was admitted
        before; a drain does not refuse it. Reads the marker itself: no external turn is admitted after a request to begin
        a drain was answered.
        """
        while True:
            permit = self._try_admit(session, kind, id)
            if permit:
                return permit
            self._write_running()

    async def admit_async(self, session, kind="external", id=None):
        """As `admit`, for an event loop: the disk is waited for in another thread."""
        while True:
            # Without an `await` between the permit and who releases it, a cancelled task leaves none behind.
            permit = self._try_admit(session, kind, id)
            if permit:
                return permit
            await asyncio.get_running_loop().run_in_executor(None, self._write_running)

    def _try_admit(self, session, kind, id):
        """The permit; or `None` while readers may take the server for drained. Raises Refused."""
        if not isinstance(session, str) or not 1 <= len(session) <= MAX_SESSION_LENGTH:
            raise TypeError(f"session: expected a text of 1 to {MAX_SESSION_LENGTH} characters, found {session!r:.50}")
        if kind not in ("external", "internal"):
            raise ValueError(f"kind: expected external or internal, found {kind!r:.50}")
        with self._lock:
            refusal = self._refusal(kind)
            if refusal:
                self._refused += 1
                self._want("counters")
                raise refusal
            if kind == "external" and self._written_as_draining:
                return None
            permit = Permit(self, session, kind, id or str(uuid.uuid4()))
            self._permits[permit] = None
            self._counted()
            return permit

    def _refusal(self, kind):
        if self._state == "starting":
            return Refused("starting")
        if self._state not in ("running", "draining"):
            return Refused("stopping")
        if kind == "internal":
            return None
        self._look()
        if self._verdict["active"]:
            return Refused("draining", self._verdict["request"].get("reason"))
        return Refused("storage-unavailable") if self._problem else None

    def _release(self, permit):
        with self._lock:
            if self._permits.pop(permit, self) is self:
                return
            self._counted()
            self._changed.notify_all()

    @property
    def active(self):
        """Turns in flight."""
        return len(self._permits)

    def wait_idle(self, timeout):
        """Waits until no turn is in flight. @returns whether none is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._permits, timeout)

    # What others see

    @property
    def state(self):
        return self._state

    @property
    def drain(self):
        """The drain in force, or None."""
        with self._lock:
            self._look()
            return Drain(self._verdict["request"]) if self._verdict["active"] else None

    @property
    def endpoint(self):
        """Base URL of your server, for the dashboard. Set it when your server listens: a supervisor is told, too."""
        return self._endpoint

    @endpoint.setter
    def endpoint(self, url):
        with self._lock:
            is_first = self._endpoint is None and url is not None
            self._endpoint = url
            self._want("transition")
        if is_first:
            notify_ready()

    def liveness(self):
        """Status and body for `/livez`."""
        return 200, {"status": "ok", "pid": os.getpid()}

    def readiness(self):
        """Status and body for `/readyz`: never 200 while turns are refused."""
        with self._lock:
            self._look()
            status = "ok" if self._state == "running" else self._state
            if status == "ok" and self._problem:
                status = "storage-unavailable"
            if status == "ok" and self._verdict["reason"] == "announced":
                status = "announced"
            body = {"status": status, "gateway_state": self._state, "active_agents": len(self._permits)}
            if self._problem:
                body["storage_problem"] = self._problem
            return (200 if status == "ok" else 503), body

    # The marker

    def _look(self):
        if self._directory is None or self._state == "stopped":
            return
        now = time.time() * 1000
        problem = self._directory.problem()
        self._report("volume", problem)
        content, mtime = (Unavailable(problem), 0) if problem else self._read_marker()
        if isinstance(content, Unavailable):
            self._report("marker", problem or f"the drain marker cannot be read: {content}")
            if self._verdict["active"] and time.monotonic() - self._last_look < STANDING_SECONDS:
                return
        else:
            self._report("marker", None)
            self._last_look = time.monotonic()
        before = self._verdict
        self._verdict = judge_deep(content, mtime, self._epoch, now)
        self._identity = identity_of(self._identity, self._verdict)
        if any(before[key] != self._verdict[key] for key in ("active", "reason", "request")):
            self._follow()

    def _read_marker(self):
        """The marker, as `judge` wants it. Costs one `lstat` while the file is unchanged."""
        try:
            status = self._directory.lstat(MARKER)
        except FileNotFoundError:
            return None, 0
        except OSError as error:
            # Needs no permission on the file: the path to it does not work.
            return Unavailable(error), 0
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if identity != self._seen:
            self._marker = look(MARKER, self._directory.descriptor)
            # Not the mtime, which any process can set to an old time.
            is_settled = time.time_ns() - status.st_ctime_ns > RACY_WINDOW_NS
            self._seen = identity if is_settled and isinstance(self._marker[0], bytes) else None
        return self._marker

    @property
    def _problem(self):
        """Why turns are refused although no drain is in force: the problem nearest to the cause, for people."""
        return next((self._problems[part] for part in STORAGE_PARTS if part in self._problems), None)

    def _report(self, part, problem):
        before = self._problem
        self._problems[part] = problem
        if problem is None:
            del self._problems[part]
        after = self._problem
        if after and not before:
            self._log.error("the storage does not work: new turns are refused: %s", after)
        elif before and not after:
            self._log.info("the storage works again")
            self._want("transition")

    def _follow(self):
        self._observe()
        is_active = self._verdict["active"]
        if is_active and self._state in ("starting", "running"):
            self._enter("draining")
            self._call("draining", Drain(self._verdict["request"]))
        elif not is_active and self._state == "draining":
            self._enter("running")
            self._call("back")
        self._want("transition")

    def _observe(self):
        if not self._verdict["active"] or self._identity is None:
            self._observation = None
            return
        same = self._observation
        if same is None or same["identity"] != self._identity:
            same = None
            self._refused = 0
        now = iso(time.time())
        shown = {key: self._verdict["request"].get(key) for key in ("request_id", "principal", "reason", "requested_at")}
        # The reference system's writers refresh a marker without them.
        for key in ("request_id", "reason"):
            shown[key] = shown[key] or (same and same[key]) or None
        drained = None if self._permits else ((same and same["drained_at"]) or now)
        observed = same["observed_at"] if same else now
        self._observation = {"identity": self._identity, **shown, "observed_at": observed, "drained_at": drained}

    def _counted(self):
        before = self._observation
        self._observe()
        is_drained = (before and before["drained_at"]) != (self._observation and self._observation["drained_at"])
        self._want("transition" if is_drained else "counters")

    def _enter(self, state):
        self._log.info("%s -> %s", self._state, state)
        self._state = state
        self._want("transition")

    def _call(self, name, *arguments, wait=0):
        hook = self._hooks[name]
        if hook is None:
            return

        def call():
            try:
                hook(*arguments)
            except Exception:
                self._log.exception("the hook on_%s failed", name)

        thread = threading.Thread(target=call, name=f"hermes-gate-{name}", daemon=True)
        thread.start()
        thread.join(wait)

    # The state

    def _want(self, what):
        if self._wanted != "transition":
            self._wanted = what
        self._changed.notify_all()

    def _publish(self):
        """Looks at the marker and writes the state, until the end is written."""
        last = time.monotonic()
        is_over = False
        while not is_over:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted == "transition", POLL_SECONDS)
                is_over = self._state == "stopped"
                if not is_over:
                    self._look()
                age = time.monotonic() - last
                is_due = age >= HEARTBEAT_SECONDS or (self._wanted == "counters" and age >= COUNTER_SECONDS)
                is_failing = "volume" in self._problems or "state" in self._problems
                is_wanted = self._wanted == "transition" or is_due or is_failing
            if is_wanted:
                self._try_write()
                last = time.monotonic()
            if is_failing and not is_over:
                self._ended.wait(POLL_SECONDS)

    def _write_running(self):
        """Publishes that no drain is in force, unless another thread has done it meanwhile."""
        self._try_write(lambda: self._written_as_draining)

    def _try_write(self, is_needed=lambda: True):
        try:
            if not self._write(is_needed):
                return
            problem = None
        except OSError as error:
            problem = f"the state cannot be published: {error.strerror}"
        with self._lock:
            self._report("state", problem)

    def _write(self, is_needed=lambda: True):
        """Publishes the state, if that is still needed. @returns whether it did."""
        with self._writing:
            with self._lock:
                if not is_needed():
                    return False
                self._wanted = "nothing"
                state = self._compose()
                is_draining = state["gateway_state"] == "draining"
                self._written_as_draining |= is_draining
            problem = self._directory.problem()
            if problem:
                raise OSError(errno.ENOENT, problem)
            self._directory.replace(STATE, json.dumps(state))
            with self._lock:
                self._written_as_draining = is_draining
            return True

    def _compose(self):
        now = time.time()
        work = [
            {
                "id": permit.id,
                "kind": permit.kind,
                "session": permit.session,
                "started_at": iso(permit.started_at),
                "last_progress_at": iso(permit.last_progress_at),
                "stalled": permit.last_progress_at < now - self._stall_after,
            }
            for permit in list(self._permits)[:MAX_ACTIVE_WORK]
        ]
        optional = {"start_time": self._start_time, "desired_state": self._desired_state}
        return {
            "gateway_state": self._state,
            "active_agents": len(self._permits),
            "active_work": work,
            "drain": self._observation if self._state == "draining" else None,
            "pid": os.getpid(),
            "epoch": self._epoch,
            "endpoint": self._endpoint,
            "started_at": iso(self._started_at),
            "updated_at": iso(now),
            "restart_drain_timeout": self.grace_seconds,
            "exit": self._exit,
            "version": self._version,
            "queued_turns": 0,
            "stop_timeout": self._stop_timeout,
            "turn_timeout": self._turn_timeout,
            "refused_turns": self._refused if self._observation else 0,
            **{key: value for key, value in optional.items() if value is not None},
        }


class GateMiddleware:
    """ASGI middleware: each HTTP request to the chosen paths is a turn. Add it last, so that it is the outermost one.

    The turn ends with the last byte of its answer, or with its request, whatever comes first: an answer without a body, an
    error, a cancelled task. If the client goes away before, or the grace period of a shutdown is over, the task of the request
    is cancelled. The app finds the permit in `scope["hermes_permit"]`; each piece of the body counts as progress.
    Everything else passes through, such as WebSockets, where a turn is a message: use `admit_async`.
    """

    def __init__(self, app, gate, paths, session=None, probes=("/livez", "/readyz")):
        """
        paths: of the turns, and of everything below them.
        session(scope): the conversation, user or queue of a request. Default: all are `anonymous`.
        probes: where the middleware answers for liveness and readiness, or None.
        """
        if isinstance(paths, str) or not all(path.startswith("/") for path in paths):
            raise ValueError(f"paths: expected a list of paths that begin with /, found {paths!r:.100}")
        self._app = app
        self._gate = gate
        self._paths = [path.rstrip("/") for path in paths]
        self._session = session or (lambda scope: None)
        self._probes = dict(zip(probes or (), (gate.liveness, gate.readiness)))

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path = path_of(scope)
        if path in self._probes:
            status, body = self._probes[path]()
            return await answer(send, status, json.dumps(body), "application/json")
        if not any(path == turns or path.startswith(f"{turns}/") for turns in self._paths):
            return await self._app(scope, receive, send)
        session = (self._session(scope) or "anonymous")[:MAX_SESSION_LENGTH]
        try:
            permit = await self._gate.admit_async(session)
        except Refused as refusal:
            retry = (b"retry-after", str(refusal.retry_after).encode())
            return await answer(send, refusal.status, str(refusal), "text/plain; charset=utf-8", retry)
        with permit:
            await HttpTurn(permit, receive, send).run(self._app, {**scope, "hermes_permit": permit})


class HttpTurn:
    """A request that is a turn, between the server and the app."""

    def __init__(self, permit, receive, send):
        self._permit = permit
        self._receive = receive
        self._send = send
        self._task = self._reader = None
        self._changed = asyncio.Condition()
        # Messages of the server: the one that the app has not taken yet, and the one after which no other comes.
        self._next = self._last = None
        self._is_answered = False
        self._why_cut = None

    async def run(self, app, scope):
        async def call():
            await app(scope, self.receive, self.send)

        loop = asyncio.get_running_loop()
        # A task of its own: to cancel that of the server is not ours.
        self._task = loop.create_task(call())
        self._permit._abort = lambda: call_soon(loop, self._cut, "the server stops")
        if self._permit.must_end:
            self._cut("the server stops")
        if not has_body(scope):
            self._listen()
        try:
            await self._task
        except asyncio.CancelledError:
            if self._why_cut is None:
                raise
            if self._last is None:
                raise ConnectionAbortedError(self._why_cut) from None
        finally:
            if self._reader:
                self._reader.cancel()

    async def receive(self):
        self._listen()
        async with self._changed:
            await self._changed.wait_for(lambda: self._next or self._last)
            if self._next is None:
                return self._last
            message, self._next = self._next, None
            self._changed.notify_all()
            return message

    async def send(self, message):
        self._listen()
        is_last = message["type"] == "http.response.body" and not message.get("more_body")
        self._is_answered |= is_last
        self._permit.progress()
        try:
            await self._send(message)
        finally:
            if is_last:
                self._permit.release()

    def _listen(self):
        """From now on the end of the connection is noticed. Not before the app wants the body, which it may refuse."""
        if self._reader is None:
            self._reader = asyncio.get_running_loop().create_task(self._read())

    async def _read(self):
        """Reads one message ahead."""
        try:
            while self._last is None:
                message = await self._receive()
                async with self._changed:
                    if message["type"] == "http.disconnect":
                        self._last = message
                        if not self._is_answered:
                            self._cut("the client is gone")
                    else:
                        await self._changed.wait_for(lambda: self._next is None)
                        self._next = message
                    self._changed.notify_all()
        except Exception:
            logging.getLogger("hermes_gate").exception("the request cannot be read")
            async with self._changed:
                self._last = {"type": "http.disconnect"}
                self._changed.notify_all()

    def _cut(self, why):
        self._why_cut = why
        self._task.cancel()


def call_soon(loop, function, *arguments):
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        pass  # The loop is closed, and all its tasks are gone.


def path_of(scope):
    """The path below the one that the app is mounted at; newer servers leave that one in."""
    path, root = scope["path"], scope.get("root_path", "").rstrip("/")
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


def has_body(scope):
    headers = dict(scope["headers"])
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


async def answer(send, status, text, content_type, *headers):
    body = text.encode()
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", content_type.encode()), length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class HomeDirectory:
    """The home, open and locked: this process is its only gateway. Another directory at its path is never taken for it."""

    def __init__(self, path):
        self._path = path
        self._file = self._reference = None
        try:
            self.descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise HomeError(f"cannot use {path}: {error.strerror}; make the directory first") from error
        try:
            self._opened = os.fstat(self.descriptor)
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._file = sqlite3.connect(path / LOCK, timeout=0, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode = MEMORY")
            self._file.execute("BEGIN EXCLUSIVE")
            self._register()
        except (BlockingIOError, sqlite3.OperationalError) as error:
            self._close()
            raise HomeError(f"another gateway serves {path}: stop it first, or choose another home ({error})") from error
        except (OSError, HomeError) as error:
            self._close()
            raise HomeError(f"cannot lock {path}: {error}") from error

    def _register(self):
        """With these two files, the reference system sees this process as the gateway of the home."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        self._reference = os.open(REFERENCE_LOCK, flags, 0o644, dir_fd=self.descriptor)
        status = os.fstat(self._reference)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise HomeError(f"{REFERENCE_LOCK} is not a regular file; remove it")
        end = time.monotonic() + PROBE_SECONDS
        while True:
            try:
                fcntl.flock(self._reference, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # A reader that looks whether the lock is held takes it for a moment.
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)
        record = {
            "pid": os.getpid(),
            "kind": "hermes-gateway",
            "argv": ["hermes-gateway", *sys.argv[1:]],
            "start_time": start_time_of(os.getpid()),
            "hermes_home": str(self._path),
        }
        os.ftruncate(self._reference, 0)
        os.pwrite(self._reference, json.dumps(record).encode(), 0)
        self.replace(REFERENCE_PID, json.dumps(record))

    def problem(self):
        """Why the path does not lead to the home, and what to do; `None` while it does. Costs one `stat`."""
        way_back = "move or mount the home of this server there again, or stop the server"
        try:
            if os.path.samestat(os.stat(self._path), self._opened):
                return None
            return f"{self._path} is not the home that this server serves: {way_back}"
        except FileNotFoundError:
            if os.fstat(self.descriptor).st_nlink == 0:
                return f"the home {self._path} was deleted: stop this server, and make the directory again"
            return f"the home {self._path} was moved or unmounted: {way_back}"
        except OSError as error:
            return f"the home {self._path} cannot be checked ({error.strerror}): check the volume and its permissions"

    def lstat(self, name):
        return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)

    def replace(self, name, text):
        """Replaces a file of the home, so that readers see the old or the new one, also after a power cut."""
        temporary = f".{name}.{os.getpid()}.{secrets.token_hex(4)}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(temporary, flags, 0o644, dir_fd=self.descriptor)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        except BaseException:
            try:
                os.unlink(temporary, dir_fd=self.descriptor)
            except OSError:
                pass
            raise
        os.fsync(self.descriptor)

    def close(self):
        content, _mtime = look(REFERENCE_PID, self.descriptor)
        record = json_object(content) if isinstance(content, bytes) else None
        if record and record.get("pid") == os.getpid():
            try:
                os.unlink(REFERENCE_PID, dir_fd=self.descriptor)
            except OSError:
                pass  # The process that it names has ended soon: readers look for it.
        self._close()

    def _close(self):
        if self._reference is not None:
            os.close(self._reference)
        if self._file is not None:
            self._file.close()
        os.close(self.descriptor)


def notify_ready():
    """Tells the supervisor that the server is ready, once: https://skarnet.org/software/s6/notifywhenup.html"""
    descriptor = os.environ.pop("HERMES_NOTIFY_FD", "")
    if not descriptor.isdigit() or int(descriptor) < 3:
        return
    try:
        os.write(int(descriptor), b"\n")
        os.close(int(descriptor))
    except OSError:
        pass  # The supervisor may have stopped waiting.


def read_state(directory):
    """The published state, or an empty object."""
    content, _mtime = look(STATE, directory.descriptor)
    return (json_object(content) or {}) if isinstance(content, bytes) else {}


def current_epoch():
    """Identity of this boot of this container or machine; empty where it is not known."""
    boot = read_text("/proc/sys/kernel/random/boot_id").strip()
    start = start_time_of(1)
    return f"{boot}:{'' if start is None else start}" if boot or start is not None else ""


def start_time_of(pid):
    """Clock ticks from the boot to the start of a process, or None."""
    fields = read_text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return int(fields[19]) if len(fields) > 19 and fields[19].isdigit() else None


def read_text(path):
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="microseconds")


def identity_of(previous, verdict):
    """Which drain a verdict is about: the same for one drain, and another one for the next. `None` outside a drain."""
    if verdict["reason"] == "unavailable":
        return previous
    if not verdict["active"] and verdict["reason"] != "announced":
        return None
    request = verdict["request"]
    if request.get("request_id"):
        return request["request_id"]
    if previous:
        return previous
    began = request.get("requested_at")
    if began is None and "expires_at" not in verdict:
        began = "unknown"
    if began is None:
        began = int(verdict["expires_at"] - (request["max_age_seconds"] or 3_600) * 1000)
    return f"since:{began}"


# The marker: the rules of packages/drain-contract/corpus/README.md


def judge_deep(content, mtime_ms, epoch, now):
    """Like `judge`, for a marker of any depth."""
    try:
        return judge(content, mtime_ms, epoch, now)
    except RecursionError:
        return in_deep_thread(lambda: judge(content, mtime_ms, epoch, now))


def in_deep_thread(task):
    """Runs the task on a stack on which a marker of any depth can be parsed."""
    results = []
    limit, size = sys.getrecursionlimit(), threading.stack_size()
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(512 * 1024 * 1024)
    try:
        thread = threading.Thread(target=lambda: results.append(task()))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    return results[0]


def look(path, directory=None):
    """The content of the file, as `judge` wants it, and its mtime in ms. Never follows a link, never blocks.

    directory: the descriptor of the one that a relative path begins in.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return Unreadable("not a regular file"), 0
            return os.read(descriptor, MAX_BYTES + 1), status.st_mtime_ns / 1e6
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None, 0
    except OSError as error:
        return (Unreadable if error.errno in LASTING else Unavailable)(error), 0


class Unreadable(str):
    """Why a file cannot be read until it is changed."""


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
            # The scanner in C has a fixed limit; the one in Python has none but the stack.
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
