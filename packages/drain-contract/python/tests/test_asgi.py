import asyncio
import threading
import unittest
from unittest import mock

from support import GateTest, eventually

from hermes_gate import GateMiddleware, HomeDirectory, Refused

CHAT = {"type": "http", "method": "GET", "path": "/chat", "headers": []}
POST = {**CHAT, "method": "POST", "headers": [(b"content-length", b"6")]}
START = {"type": "http.response.start", "status": 200, "headers": []}
GONE = {"type": "http.disconnect"}
EMPTY = {"type": "http.request", "body": b"", "more_body": False}


def piece(data, more=True):
    return {"type": "http.response.body", "body": data, "more_body": more}


class Connection:
    """The server's side of one request."""

    def __init__(self, *messages):
        self.messages = asyncio.Queue()
        self.sent = []
        self.reads = 0
        for message in messages:
            self.messages.put_nowait(message)

    async def receive(self):
        self.reads += 1
        return await self.messages.get()

    async def send(self, message):
        self.sent.append(message)

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


class Asgi(GateTest, unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        super().setUp()
        self.gate = self.open_gate()

    def request(self, app, connection, scope=CHAT, **options):
        middleware = GateMiddleware(app, self.gate, **{"paths": ["/chat"], **options})
        return asyncio.get_running_loop().create_task(middleware(scope, connection.receive, connection.send))

    async def until(self, check):
        """As `eventually`, for what needs the event loop."""
        for _turn in range(100_000):
            if check():
                return
            await asyncio.sleep(0)
        raise AssertionError("does not happen")


class Turn(Asgi):
    async def test_is_in_flight_until_the_last_byte_is_sent(self):
        counts = []

        class Watched(Connection):
            async def send(watched, message):
                await super().send(message)
                counts.append(self.gate.active)

        async def app(scope, receive, send):
            self.assertEqual(scope["hermes_permit"].session, "anna")
            for message in (START, piece(b"a"), piece(b"b", more=False)):
                await send(message)
            counts.append(self.gate.active)

        connection = Watched(EMPTY)
        await self.request(app, connection, session=lambda scope: "anna")
        self.assertEqual(connection.body, b"ab")
        self.assertEqual(counts, [1, 1, 1, 0])

    async def test_ends_with_the_request_when_nothing_is_sent(self):
        async def silent(scope, receive, send):
            self.assertEqual(self.gate.active, 1)

        async def headers_only(scope, receive, send):
            await send(START)

        for app in (silent, headers_only):
            await self.request(app, Connection(EMPTY), {**CHAT, "method": "HEAD"})
            self.assertEqual(self.gate.active, 0)

    async def test_ends_with_an_error_of_the_app_or_of_the_connection(self):
        async def app(scope, receive, send):
            raise LookupError("no model")

        with self.assertRaisesRegex(LookupError, "no model"):
            await self.request(app, Connection(EMPTY))

        class Broken(Connection):
            async def send(self, message):
                raise ConnectionResetError("broken")

        async def answering(scope, receive, send):
            await send(START)

        with self.assertRaisesRegex(ConnectionResetError, "broken"):
            await self.request(answering, Broken(EMPTY))
        self.assertEqual(self.gate.active, 0)

    async def test_ends_when_its_task_is_cancelled(self):
        cancelled = []

        async def app(scope, receive, send):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(self.gate.active)
                raise

        request = self.request(app, Connection(EMPTY))
        await self.until(lambda: self.gate.active == 1)
        await asyncio.sleep(0)
        request.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await request
        self.assertEqual((cancelled, self.gate.active), ([1], 0))

    async def test_ends_when_the_client_goes_away(self):
        for scope, messages in ((CHAT, []), (CHAT, [EMPTY]), (POST, [{**EMPTY, "body": b"prompt"}])):
            ends = []

            async def app(scope, receive, send):
                if messages:
                    await receive()
                try:
                    await asyncio.Event().wait()
                finally:
                    ends.append(self.gate.active)

            connection = Connection(*messages)
            request = self.request(app, connection, scope)
            await self.until(lambda: connection.messages.empty() and self.gate.active == 1)
            connection.messages.put_nowait(GONE)
            await request
            self.assertEqual((ends, self.gate.active), ([1], 0))

    async def test_ends_when_the_client_goes_away_in_the_middle_of_the_answer_to_a_body_that_was_not_read(self):
        async def app(scope, receive, send):
            await send(START)
            await asyncio.Event().wait()

        connection = Connection()
        request = self.request(app, connection, POST)
        await self.until(lambda: connection.sent)
        connection.messages.put_nowait({**EMPTY, "body": b"prompt"})
        connection.messages.put_nowait(GONE)
        await request
        self.assertEqual(self.gate.active, 0)

    async def test_of_an_app_that_ignores_the_cancellation_is_in_flight_until_it_ends(self):
        goes_on = asyncio.Event()
        ignored = asyncio.Event()

        async def app(scope, receive, send):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ignored.set()
            await goes_on.wait()

        request = self.request(app, Connection(EMPTY, GONE))
        await ignored.wait()
        self.assertEqual(self.gate.active, 1)
        goes_on.set()
        await request
        self.assertEqual(self.gate.active, 0)

    async def test_leaves_what_the_app_does_after_its_answer_alone(self):
        answered = asyncio.Event()
        done = []

        async def app(scope, receive, send):
            await send(START)
            await send(piece(b"", more=False))
            answered.set()
            self.assertEqual(await receive(), GONE)
            done.append(self.gate.active)

        connection = Connection()
        request = self.request(app, connection)
        await answered.wait()
        connection.messages.put_nowait(GONE)
        await request
        self.assertEqual(done, [0])

    async def test_is_cut_off_when_the_grace_period_is_over(self):
        async def app(scope, receive, send):
            await send(START)
            await asyncio.Event().wait()

        connection = Connection(EMPTY)
        request = self.request(app, connection)
        await self.until(lambda: connection.sent)
        closing = asyncio.get_running_loop().run_in_executor(None, self.gate.close)
        with self.assertRaisesRegex(ConnectionAbortedError, "the server stops"):
            await request
        await closing
        self.assertEqual(self.state()["exit"]["interrupted"], 1)


class Body(Asgi):
    async def test_arrives_whole_and_in_order(self):
        parts = [{"type": "http.request", "body": bytes([n]), "more_body": n < 4} for n in range(5)]
        found = []

        async def app(scope, receive, send):
            for _part in parts:
                found.append(await receive())

        await self.request(app, Connection(*parts), POST)
        self.assertEqual(found, parts)

    async def test_is_not_read_before_the_app_wants_it(self):
        async def app(scope, receive, send):
            for _turn in range(10):
                await asyncio.sleep(0)

        connection = Connection(EMPTY)
        await self.request(app, connection, POST)
        self.assertEqual(connection.reads, 0)

    async def test_is_read_one_message_ahead(self):
        async def app(scope, receive, send):
            await receive()
            for _turn in range(10):
                await asyncio.sleep(0)

        connection = Connection(*[{"type": "http.request", "body": b"x", "more_body": True}] * 9)
        await self.request(app, connection, POST)
        self.assertLessEqual(connection.reads, 3)

    async def test_tells_each_reader_that_the_client_is_gone(self):
        found = []

        async def app(scope, receive, send):
            await send(START)
            await send(piece(b"", more=False))
            found.extend(await asyncio.gather(receive(), receive()))
            found.append(await receive())

        await self.request(app, Connection(GONE))
        self.assertEqual(found, [GONE] * 3)


class Admission(Asgi):
    async def test_is_refused_in_a_drain_with_words(self):
        self.begin(reason="new disk")
        connection = Connection(EMPTY)
        await self.request(None, connection)
        self.assertEqual(connection.sent[0]["status"], 503)
        self.assertIn((b"retry-after", b"5"), connection.sent[0]["headers"])
        self.assertIn(b"Reason: new disk. Retry later.", connection.body)

    async def test_concerns_the_chosen_paths_and_what_is_below_them(self):
        active = []

        async def app(scope, receive, send):
            active.append(self.gate.active)

        for path, root in (("/chat", ""), ("/chat/", ""), ("/chat/1", ""), ("/chats", ""), ("/", ""), ("/api/chat", "/api")):
            await self.request(app, Connection(EMPTY), {**CHAT, "path": path, "root_path": root})
        self.assertEqual(active, [1, 1, 1, 0, 0, 1])
        await self.request(app, Connection(EMPTY), {**CHAT, "path": "/any"}, paths=["/"])
        self.assertEqual(active[-1], 1)
        with self.assertRaisesRegex(ValueError, "paths: expected a list"):
            GateMiddleware(app, self.gate, paths="/chat")

    async def test_accepts_sessions_of_any_length(self):
        sessions = []

        async def app(scope, receive, send):
            sessions.append(scope["hermes_permit"].session)

        for session in ("", None, "x" * 2_000):
            await self.request(app, Connection(EMPTY), session=lambda scope: session)
        self.assertEqual(sessions, ["anonymous", "anonymous", "x" * 1_024])

    async def test_passes_other_scopes_through_in_a_drain(self):
        self.begin()
        found = []

        async def app(*arguments):
            found.append(arguments)

        for kind in ("websocket", "lifespan"):
            scope, connection = {"type": kind, "path": "/chat"}, Connection()
            arguments = (scope, connection.receive, connection.send)
            await GateMiddleware(app, self.gate, paths=["/chat"])(*arguments)
            self.assertEqual(found.pop(), arguments)

    async def test_answers_probes(self):
        async def status(path, **options):
            connection = Connection(EMPTY)
            await self.request(found_nothing, connection, {**CHAT, "path": path}, **options)
            return connection.sent[0]["status"]

        async def found_nothing(scope, receive, send):
            await send({**START, "status": 404})

        self.assertEqual([await status("/livez"), await status("/readyz")], [200, 200])
        self.begin()
        self.assertEqual([await status("/livez"), await status("/readyz")], [200, 503])
        self.assertEqual(await status("/livez", probes=None), 404)

    async def test_never_writes_in_the_thread_of_the_event_loop(self):
        threads = []
        replace = HomeDirectory.replace

        def watched(directory, name, text):
            threads.append(threading.current_thread())
            replace(directory, name, text)

        async def app(scope, receive, send):
            pass

        with mock.patch.object(HomeDirectory, "replace", watched):
            for _cycle in range(5):
                self.begin()
                connection = Connection(EMPTY)
                await self.request(app, connection)
                self.assertEqual(connection.sent[0]["status"], 503)
                eventually(lambda: self.state()["gateway_state"] == "draining")
                self.cancel()
                await self.request(app, Connection(EMPTY))
                self.assertEqual(self.state()["gateway_state"], "running")
        self.assertGreater(len(threads), 5)
        self.assertNotIn(threading.current_thread(), threads)

    async def test_that_is_cancelled_while_it_waits_for_the_disk_leaves_no_permit(self):
        self.begin()
        eventually(lambda: self.state()["gateway_state"] == "draining")
        disk = threading.Event()
        self.addCleanup(disk.set)
        replace = HomeDirectory.replace

        def slow(directory, name, text):
            disk.wait(60)
            replace(directory, name, text)

        async def app(scope, receive, send):
            await asyncio.Event().wait()

        with mock.patch.object(HomeDirectory, "replace", slow):
            self.cancel()
            request = self.request(app, Connection(EMPTY))
            for _turn in range(10):
                await asyncio.sleep(0)
            self.assertEqual(self.gate.active, 0)
            request.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await request
            disk.set()
            eventually(lambda: self.state()["gateway_state"] == "running")
        self.assertEqual(self.gate.active, 0)

    async def test_of_a_message_can_be_asked_for_in_the_loop(self):
        with await self.gate.admit_async("anna"):
            self.assertEqual(self.gate.active, 1)
        self.begin()
        with self.assertRaises(Refused):
            await self.gate.admit_async("anna")


if __name__ == "__main__":
    unittest.main()
