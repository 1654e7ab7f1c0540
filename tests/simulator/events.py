"""What happens to requests on their way: faults and meddling by rule, a quota, a log.

A rule is a JSON object:

``Operation``
    the operation it is for, or ``*``
``ProjectVersionArn``
    only requests that name this version, by ARN or (DescribeProjectVersions) by ``VersionNames``
``Skip``
    so many such requests pass first (default 0)
``Times``
    how often it takes effect (default 1; null: for ever)
``Probability``, ``Seed``
    the chance of each request after that (default 1), drawn from a generator with this seed
``Effect``
    an object with one of
    ``{"Error": code, "Message": text, "HttpStatus": number}`` (the last two optional),
    ``{"Page": 503}`` a bare HTML page with that HTTP status,
    ``{"Drop": "before"}`` or ``"after"``: closed without an answer, before or after the request
    took effect,
    ``{"Hang": seconds}`` then closed without an answer,
    ``{"Garbage": true}`` a 200 with half a JSON object, or ``{"Garbage": body}`` with this body, in
    Latin-1 (a non-ASCII character makes invalid UTF-8); the request does not take effect,
    ``{"Omit": [ARNs]}`` versions left out of a DescribeProjectVersions answer,
    ``{"Before": actions}`` and ``{"After": actions}``, which may go along with Omit and Drop and
    are done just before and after the request is served (see `control.act`).

Error, Page and Hang keep the request from taking effect, too.

A request is counted by each rule that is for it until one takes effect; the oldest comes first.
"""

from __future__ import annotations

import io
import json
import random
import re
import time
from collections.abc import Callable, Iterable
from threading import RLock
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from .rekognition.exceptions import HTTP_STATUS, error_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_JSON = "application/x-amz-json-1.1"
_RULE_KEYS = {
    "Operation",
    "ProjectVersionArn",
    "Skip",
    "Times",
    "Probability",
    "Seed",
    "Effect",
}
_EFFECT_KEYS = {
    "Error",
    "Message",
    "HttpStatus",
    "Page",
    "Drop",
    "Hang",
    "Garbage",
    "Omit",
    "Before",
    "After",
}


class Rule:
    """A rule, as the module describes it, and how far it has got."""

    def __init__(self, spec: dict[str, Any]):
        unknown = (set(spec) - _RULE_KEYS) | (set(spec["Effect"]) - _EFFECT_KEYS)
        if unknown:
            raise ValueError(f"a rule has no {', '.join(sorted(unknown))}")
        self.effect: dict[str, Any] = spec["Effect"]
        self._operation: str = spec["Operation"]
        self._arn: str | None = spec.get("ProjectVersionArn")
        self._skip: int = spec.get("Skip", 0)
        self._times: int | None = spec.get("Times", 1)
        self._probability: float = spec.get("Probability", 1)
        self._random = random.Random(spec.get("Seed"))

    def fires(self, operation: str, parameters: dict[str, Any]) -> bool:
        """Count a request, and say whether the rule takes effect on it."""
        if self._operation not in ("*", operation) or not self._names_version(parameters):
            return False
        if self._skip > 0:
            self._skip -= 1
            return False
        if self._times == 0 or self._random.random() >= self._probability:
            return False
        if self._times is not None:
            self._times -= 1
        return True

    def _names_version(self, parameters: dict[str, Any]) -> bool:
        if self._arn is None or parameters.get("ProjectVersionArn") == self._arn:
            return True
        _, project, _, version, _ = self._arn.split("/")
        return version in (parameters.get("VersionNames") or ()) and f"/{project}/" in str(
            parameters.get("ProjectArn")
        )


class _TokenBucket:
    """Lets ``rate`` requests a second through, and as many at once after a pause."""

    def __init__(self, rate: float):
        self._rate = rate
        self._burst = max(rate, 1)
        self._tokens = self._burst
        self._filled = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


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
        """Limit each operation in each region; None lifts the limit."""
        self._quota = requests_per_second
        self._buckets: dict[tuple[str, str], _TokenBucket] = {}

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
        operation, parameters = entry["Operation"], entry["Parameters"]
        with self.lock:
            if self._exceeds_quota(entry["Region"], operation):
                return _error("ThrottlingException", "Rate exceeded")
            effect = next(
                (r.effect for r in self.rules if r.fires(operation, parameters or {})), None
            )
        return self._disturb(request, effect) if effect else self._serve(request)

    def _exceeds_quota(self, region: str, operation: str) -> bool:
        if self._quota is None:
            return False
        key = region, operation
        if key not in self._buckets:
            self._buckets[key] = _TokenBucket(self._quota)
        return not self._buckets[key].take()

    def _disturb(self, request: Request, effect: dict[str, Any]) -> Response:
        if "Error" in effect:
            code = effect["Error"]
            return _error(code, effect.get("Message", f"{code} by rule"), effect.get("HttpStatus"))
        if "Page" in effect:
            return Response(
                "<html><body><h1>Out of order</h1></body></html>",
                status=effect["Page"],
                content_type="text/html",
            )
        if "Garbage" in effect:
            garbage = effect["Garbage"]
            body = garbage if isinstance(garbage, str) else '{"Status": "DEL'
            return Response(body.encode("latin-1"), content_type=_JSON)
        if "Hang" in effect:
            time.sleep(effect["Hang"])
        if "Hang" in effect or effect.get("Drop") == "before":
            raise ConnectionAbortedError
        with self.lock:
            self._act(effect.get("Before", ()))
            response = self._serve(request)
            self._act(effect.get("After", ()))
        if effect.get("Drop") == "after":
            raise ConnectionAbortedError
        if "Omit" in effect and response.status_code == 200:
            answer = response.get_json(force=True)
            answer["ProjectVersionDescriptions"] = [
                version
                for version in answer["ProjectVersionDescriptions"]
                if version["ProjectVersionArn"] not in effect["Omit"]
            ]
            response.set_data(json.dumps(answer))
        return response

    def _serve(self, request: Request) -> Response:
        request.environ["wsgi.input"] = io.BytesIO(request.get_data())  # the log has read it
        with self.lock:
            return Response.from_app(self._app, request.environ, buffered=True)


def _log_entry(request: Request) -> dict[str, Any]:
    """A request as the log has it. HttpStatus stays null if there was no answer."""
    authorization = request.headers.get("Authorization", "")
    # Signed: "AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, ..."
    region = re.search(r"Credential=[^/]+/\d+/([^/]+)/", authorization) or re.search(
        r"\.([^.]+)\.amazonaws\.com", request.host
    )
    parameters = request.get_json(force=True, silent=True)
    return {
        "Operation": request.headers.get("X-Amz-Target", request.method).rpartition(".")[2],
        "Region": region.group(1) if region else "us-east-1",
        "Parameters": parameters if isinstance(parameters, dict) else None,
        "HttpStatus": None,
        "Error": None,
        "UserAgent": request.headers.get("User-Agent", ""),
        "Authorization": bool(authorization),
        "Time": time.time(),
    }


def _error(code: str, message: str, status: int | None = None) -> Response:
    return Response(
        error_body(code, message),
        status=status or HTTP_STATUS.get(code, 400),
        content_type=_JSON,
    )
