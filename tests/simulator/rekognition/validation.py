"""Checks a request's parameters against botocore's model of the service.

botocore's own validator serves the sending side: it leaves maxima, patterns and enumerations to
the service, and this is the service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StringShape, StructureShape
from botocore.validate import ParamValidator


@cache
def _service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("rekognition", "service-2"), "rekognition")


def violations(operation: str, parameters: dict[str, Any]) -> str:
    """What is wrong with the parameters of an operation, else an empty text."""
    shape = _service_model().operation_model(operation).input_shape
    assert shape is not None
    errors = ParamValidator().validate(parameters, shape)
    if errors.has_errors():
        return str(errors.generate_report())
    return "\n".join(_excesses(shape, parameters, "input"))


def _excesses(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """What botocore lets pass, in a value of the right type."""
    if isinstance(shape, StructureShape):
        for name, member in value.items():
            yield from _excesses(shape.members[name], member, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        for number, member in enumerate(value):
            yield from _excesses(shape.member, member, f"{path}[{number}]")
    maximum = shape.metadata.get("max")
    if maximum is not None and (value if isinstance(value, int) else len(value)) > maximum:
        yield f"Too much for parameter {path}, value: {value}, valid max: {maximum}"
    if isinstance(shape, StringShape):
        if shape.enum and value not in shape.enum:
            yield f"Invalid value for parameter {path}, value: {value}, one of: {shape.enum}"
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value, re.ASCII):
            yield f"Invalid value for parameter {path}, value: {value}, pattern: {pattern}"
