"""The errors that Rekognition answers with (API reference: "Common Errors", and each page).

The API reference has the codes. The messages are made up, except those that a test names.
"""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class RekognitionError(ServiceException):
    """An answer with HTTP status 400, as all of these are."""


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
