"""The simulator over HTTP: what becomes of a request on its way, and the routes for tests.

A request is logged, counted for the quota, and disturbed by the first rule that is for it
(``rules``). One request at a time reaches the service.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import RLock
from typing import Any

from . import control
from .quota import Quota
from .rules import MESSAGES, STATUSES, Rule
from .service import Caller, Service, ServiceError


class Server(ThreadingHTTPServer):
    """The service on loopback, and what tests have set; a port of 0 is any that is free."""

    request_queue_size = 128

    def __init__(self, port: int = 0, service: Callable[[], Service] = Service):
        super().__init__(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.lock = RLock()
        self._new_service = service
        self._routes: dict[str, Callable[[Any], Any]] = {
            "seed": lambda spec: control.seed(self.service, spec),
            "transition": lambda spec: control.transition(self.service, spec),
            "versions": lambda arn: control.versions(self.service, arn),
            "rule": lambda rule: self.rules.append(Rule(rule)),
            "quota": lambda rate: setattr(self, "quota", Quota(rate)),
            "credentials": lambda accounts: self.accounts.update(accounts),
            "requests": lambda _: self.requests,
            "reset": lambda _: self.reset(),
        }
        self.reset()

    def server_bind(self) -> None:
        """Bind without a look-up of this machine's name, which may take seconds."""
        TCPServer.server_bind(self)

    def reset(self) -> None:
        """Forget everything."""
        self.service = self._new_service()
        self.rules: list[Rule] = []
        self.quota = Quota(None)
        #: Accounts by access key, where it is not the usual one.
        self.accounts: dict[str, str] = {}
        #: The log. HttpStatus stays null if there was no answer.
        self.requests: list[dict[str, Any]] = []

    def control(self, route: str, body: bytes) -> tuple[int, Any]:
        """Do what a test wants. This is not logged, and no look."""
        try:
            value = json.loads(body)
            with self.lock:
                return 200, self._routes[route](value)
        except (LookupError, TypeError, ValueError) as error:
            return 400, {"Error": repr(error)}

    def effect_on(self, caller: Caller, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        """Count a request; return the effect on it of the quota or of a rule, if there is one."""
        with self.lock:
            if not self.quota.takes((*caller, operation)):
                return {"Error": "ProvisionedThroughputExceededException"}
            fires = (rule.effect for rule in self.rules if rule.fires(operation, given))
            return next(fires, {})


class Handler(BaseHTTPRequestHandler):
    """Serves one connection, which is kept alive as the service's are."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave in one piece

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client went away
            super().handle()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.startswith("/simulator/"):
            status, answer = self.server.control(self.path.rpartition("/")[2], body)
            self._entry: dict[str, Any] = {}
            self._send(status, json.dumps(answer).encode())
            return
        # Signed: "AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, ..."
        header = self.headers.get("Authorization", "")
        signed = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", header)
        key, region = signed.groups() if signed else ("", "us-east-1")
        caller = Caller(self.server.accounts.get(key, "123456789012"), region)
        parameters = json.loads(body) if body.startswith(b"{") else None
        self._entry = {
            "Operation": self.headers.get("X-Amz-Target", "").rpartition(".")[2],
            **caller._asdict(),
            "Parameters": parameters,
            "HttpStatus": None,
            "Error": None,
            "UserAgent": self.headers.get("User-Agent", ""),
            "Time": time.time(),
        }
        self.server.requests.append(self._entry)
        try:
            self._answer(caller, self._entry["Operation"], parameters or {})
        except ServiceError as refusal:
            self._refuse(*refusal.args)

    def _answer(self, caller: Caller, operation: str, given: dict[str, Any]) -> None:
        effect = self.server.effect_on(caller, operation, given)
        if "Error" in effect:
            self._refuse(effect["Error"], effect.get("Message"))
        elif "Page" in effect:
            self._send(effect["Page"], b"<html><h1>Out of order</h1></html>", "text/html")
        elif "Garbage" in effect:
            garbage = effect["Garbage"]
            text = garbage if isinstance(garbage, str) else '{"Status": "DEL'
            self._send(200, text.encode("latin-1"))
        elif "Hang" in effect or effect.get("Drop") == "before":
            time.sleep(effect.get("Hang", 0))
            self.close_connection = True
        else:
            with self.server.lock:
                control.act(self.server.service, effect.get("Before", ()))
                answer = self.server.service.answer(operation, caller, given)
            if "Drop" in effect:
                self.close_connection = True
            else:
                self._send(200, json.dumps(answer).encode(), drip=effect.get("Drip", 0))

    def _refuse(self, code: str, message: str | None = None) -> None:
        """Send an error, by default with the message of its code."""
        self._entry["Error"] = code
        message = message or MESSAGES.get(code, f"{code} by rule")
        body = {"__type": code, "Code": code, "Logref": str(uuid.uuid4()), "Message": message}
        self._send(STATUSES.get(code, 400), json.dumps(body).encode())

    def _send(
        self, status: int, body: bytes, type: str = "application/x-amz-json-1.1", drip: float = 0
    ) -> None:
        """Send an answer, its body with a pause of so many seconds before each byte."""
        self._entry["HttpStatus"] = status
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.end_headers()
        for piece in [body[n : n + 1] for n in range(len(body))] if drip else [body]:
            if drip:
                self.wfile.flush()
                time.sleep(drip)
            self.wfile.write(piece)

    def log_message(self, *args: Any) -> None: ...
