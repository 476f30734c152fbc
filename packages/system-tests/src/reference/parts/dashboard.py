"""The drain endpoint and the status of the reference system's dashboard."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import gateway
import liveness
import marker

MIN_SECRET = 43


def serve(root, port):
    secret = os.environ.get("HERMES_DASHBOARD_DRAIN_SECRET", "")
    # A weak secret takes the route away; the program runs.
    handler = type("Handler", (Handler,), {"root": root, "secret": secret if len(secret) >= MIN_SECRET else None})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    print(f"http://127.0.0.1:{server.server_address[1]} ", flush=True)
    gateway.notify_ready()
    server.serve_forever()


class Handler(BaseHTTPRequestHandler):
    root = None
    secret = None

    def home(self):
        name = parse_qs(urlsplit(self.path).query).get("profile", ["default"])[0]
        return self.root if name == "default" else self.root / "profiles" / name

    def do_GET(self):
        if urlsplit(self.path).path == "/api/status":
            return self.answer(200, liveness.status(self.home()))
        return self.answer(404, {"detail": "not found"})

    def do_POST(self):
        if urlsplit(self.path).path != "/api/gateway/drain" or self.secret is None:
            return self.answer(404, {"detail": "not found"})
        if self.headers.get("authorization") != f"Bearer {self.secret}":
            return self.answer(401, {"detail": "unauthorized"})
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}  # A body that cannot be parsed drains.
        body = body if isinstance(body, dict) else {}
        action = str(body.get("action") or "drain").strip().lower()
        if action == "cancel":
            return self.answer(200, {"ok": True, "action": "cancel", "was_draining": marker.clear(self.home())})
        if action != "drain":
            return self.answer(400, {"detail": f"unknown action: {action}"})
        request = marker.write(self.home(), quiet=bool(body.get("suppress_notification")))
        live = liveness.status(self.home())["gateway_running"]
        return self.answer(200, {"ok": True, "draining": True, "gateway_running": live, **request})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        pass
