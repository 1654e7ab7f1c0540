"""Errors that do not come from what was requested: those of rules and of the quota."""

from __future__ import annotations

import json
import uuid

from werkzeug.wrappers import Response

JSON = "application/x-amz-json-1.1"

#: HTTP statuses, where they are not 400.
_STATUSES = {
    "InternalServerError": 500,
    "ThrottlingException": 500,
    "ServiceUnavailable": 503,
}

#: Messages that are documented. There are two kinds of ThrottlingException.
_MESSAGES = {
    ("ThrottlingException", 400): "Slow down; sudden increase in rate of requests.",
    ("ThrottlingException", 500): "Service Unavailable",
    ("ProvisionedThroughputExceededException", 400): "Provisioned Rate exceeded.",
}


def error(code: str, message: str | None = None, status: int | None = None) -> Response:
    """An answer with an error; message and HTTP status are by default the code's own."""
    if status is None:
        status = _STATUSES.get(code, 400)
    if message is None:
        message = _MESSAGES.get((code, status), f"{code} by rule")
    logref = str(uuid.uuid4())
    body = {"__type": code, "Code": code, "Logref": logref, "Message": message}
    return Response(
        json.dumps(body), status, {"x-amzn-RequestId": str(uuid.uuid4())}, content_type=JSON
    )
