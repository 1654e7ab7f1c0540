"""What happens to requests on their way: the log, the quota, the rules."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from threading import RLock
from typing import TYPE_CHECKING, Any

from moto.iam.models import get_account_id_from
from werkzeug.wrappers import Request, Response

from .errors import JSON, error
from .quota import Quota
from .rules import Rule

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Events:
    """WSGI middleware around moto: one request at a time reaches the backends."""

    def __init__(self, app: WSGIApplication, act: Callable[[Iterable[dict[str, Any]]], None]):
        self.lock = RLock()
        self._app = app
        self._act = act
        self.reset()

    def reset(self) -> None:
        """Forget the rules, the quota and the log."""
        self.rules: list[Rule] = []
        self.requests: list[dict[str, Any]] = []
        self.set_quota(None)

    def set_quota(self, requests_per_second: float | None) -> None:
        self._quota = Quota(requests_per_second)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith("/moto-api"):
            return self._app(environ, start_response)
        entry = _log_entry(request)
        self.requests.append(entry)
        response = self._answer(request, entry)
        entry["HttpStatus"] = response.status_code
        if response.status_code >= 400:
            answer = response.get_json(force=True, silent=True)
            entry["Error"] = answer.get("__type") if isinstance(answer, dict) else None
        return response(environ, start_response)

    def _answer(self, request: Request, entry: dict[str, Any]) -> Response:
        if not request.headers.get("X-Amz-Target", "").startswith("RekognitionService."):
            return self._serve(request)
        operation, parameters = entry["Operation"], entry["Parameters"] or {}
        with self.lock:
            if not self._quota.takes((entry["Account"], entry["Region"], operation)):
                return error("ProvisionedThroughputExceededException")
            rule = next((rule for rule in self.rules if rule.fires(operation, parameters)), None)
        return self._disturb(request, operation, rule) if rule else self._serve(request)

    def _disturb(self, request: Request, operation: str, rule: Rule) -> Response:
        effect = rule.effect
        if "Error" in effect:
            return error(effect["Error"], effect.get("Message"), effect.get("HttpStatus"))
        if "Page" in effect:
            return Response(
                "<html><body><h1>Out of order</h1></body></html>",
                status=effect["Page"],
                content_type="text/html",
            )
        if "Garbage" in effect:
            garbage = effect["Garbage"]
            body = garbage if isinstance(garbage, str) else '{"Status": "DEL'
            return Response(body.encode("latin-1"), content_type=JSON)
        if "Hang" in effect:
            time.sleep(effect["Hang"])
        if "Hang" in effect or effect.get("Drop") == "before":
            raise ConnectionAbortedError
        sent = None
        if "Tokens" in effect:
            sent = json.dumps({**request.get_json(force=True), "NextToken": None}).encode()
        with self.lock:
            self._act(effect.get("Before", ()))
            response = self._serve(request, sent)
            self._act(effect.get("After", ()))
        if effect.get("Drop") == "after":
            raise ConnectionAbortedError
        if response.status_code == 200:
            answer = response.get_json(force=True)
            with self.lock:
                rule.edit(operation, answer)
            response.set_data(json.dumps(answer))
        if "Drip" in effect:
            # The length is in the headers by now, so the body may come in pieces.
            response.response = _drip(response.get_data(), effect["Drip"])
        return response

    def _serve(self, request: Request, body: bytes | None = None) -> Response:
        if body is None:
            body = request.get_data()  # the log has read it
        request.environ["wsgi.input"] = io.BytesIO(body)
        request.environ["CONTENT_LENGTH"] = str(len(body))
        with self.lock:
            return Response.from_app(self._app, request.environ, buffered=True)


def _drip(body: bytes, seconds: float) -> Iterator[bytes]:
    for byte in body:
        time.sleep(seconds)
        yield bytes([byte])


def _log_entry(request: Request) -> dict[str, Any]:
    """A request as the log has it. HttpStatus stays null if there was no answer."""
    # Signed: "AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, ..."
    authorization = request.headers.get("Authorization", "")
    signed = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", authorization)
    parameters = request.get_json(force=True, silent=True)
    return {
        "Operation": request.headers.get("X-Amz-Target", request.method).rpartition(".")[2],
        "Account": get_account_id_from(signed.group(1) if signed else ""),
        "Region": signed.group(2) if signed else "us-east-1",
        "Parameters": parameters if isinstance(parameters, dict) else None,
        "HttpStatus": None,
        "Error": None,
        "UserAgent": request.headers.get("User-Agent", ""),
        "Time": time.time(),
    }
