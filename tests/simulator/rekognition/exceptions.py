"""Exceptions raised by the rekognition service (API reference, "Common Errors" and each page)."""

from __future__ import annotations

import json

from moto.core.exceptions import JsonRESTError

#: HTTP statuses of the errors that are not answered with 400.
HTTP_STATUS = {
    "InternalServerError": 500,
    "ThrottlingException": 500,
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
}


def error_body(code: str, message: str) -> str:
    """An error of an AWS JSON 1.1 service. Rekognition writes ``Message`` with a capital."""
    return json.dumps({"__type": code, "Message": message})


class RekognitionError(JsonRESTError):
    """The base class; a subclass is named as its error code."""

    def __init__(self, message: str):
        code = type(self).__name__
        super().__init__(code, message)
        self.code = HTTP_STATUS.get(code, 400)
        self.description = error_body(code, message)
        self.content_type = "application/x-amz-json-1.1"


class InvalidPaginationTokenException(RekognitionError):
    def __init__(self) -> None:
        super().__init__("The pagination token is not valid.")


class InvalidParameterException(RekognitionError):
    pass


class ResourceInUseException(RekognitionError):
    pass


class ResourceNotFoundException(RekognitionError):
    def __init__(self, arn: str):
        super().__init__(f"The resource {arn} cannot be found.")


class SerializationException(RekognitionError):
    def __init__(self) -> None:
        super().__init__("The request body is not a JSON object.")
