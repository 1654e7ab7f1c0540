"""Exceptions raised by the rekognition service (API reference, "Common Errors" and each page).

Which wording the service uses is not documented, but for the messages that a test names.
"""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class RekognitionError(ServiceException):
    """The base class. All that is raised here is answered with HTTP status 400."""


class InvalidPaginationTokenException(RekognitionError):
    code = "InvalidPaginationTokenException"
    message = "The pagination token is not valid."


class InvalidParameterException(RekognitionError):
    code = "InvalidParameterException"


class ResourceAlreadyExistsException(RekognitionError):
    code = "ResourceAlreadyExistsException"


class ResourceInUseException(RekognitionError):
    code = "ResourceInUseException"


class ResourceNotFoundException(RekognitionError):
    code = "ResourceNotFoundException"

    def __init__(self, arn: str):
        super().__init__(f"The resource {arn} cannot be found.")


class SerializationException(RekognitionError):
    code = "SerializationException"
    message = "The request body is not a JSON object."
