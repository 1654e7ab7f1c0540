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
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape

_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "timestamp": (int, float),
    "blob": str,
    "list": list,
    "map": dict,
    "structure": dict,
}


@cache
def _input_shape(operation: str) -> Shape:
    shape = _service_model().operation_model(operation).input_shape
    assert shape is not None
    return shape


@cache
def _service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("rekognition", "service-2"), "rekognition")


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern, re.ASCII)
    except re.error:  # a few patterns (tags) use Java's \p{...}, which Python does not have
        return None


def violations(operation: str, parameters: Any) -> list[str]:
    """What is wrong with the parameters of an operation, in the words that AWS services use."""
    return list(_violations(_input_shape(operation), parameters, ""))


def _violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    expected = _TYPES[shape.type_name]
    # To Python True is an int, to JSON it is not.
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        yield _violation(value, path, f"Member must be of type {shape.type_name}")
        return
    yield from _limits(shape, value, path)
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            if value.get(name) is None:
                yield _violation(None, _join(path, name), "Member must not be null")
        for name, member in value.items():
            if name not in shape.members:
                yield _violation(member, _join(path, name), "Member is not known")
            elif member is not None:
                yield from _violations(shape.members[name], member, _join(path, name))
    elif isinstance(shape, ListShape):
        for number, member in enumerate(value, 1):
            yield from _violations(shape.member, member, f"{path}.{number}.member")
    elif isinstance(shape, MapShape):
        for key, member in value.items():
            yield from _violations(shape.key, key, f"{path}.key")
            yield from _violations(shape.value, member, _join(path, key))


def _limits(shape: Shape, value: Any, path: str) -> Iterator[str]:
    number = isinstance(value, (int, float))
    size = value if number else len(value)
    noun = "value" if number else "length"
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield _violation(value, path, f"Member must have {noun} greater than or equal to {low}")
    if high is not None and size > high:
        yield _violation(value, path, f"Member must have {noun} less than or equal to {high}")
    if isinstance(shape, StringShape):
        if shape.enum and value not in shape.enum:
            members = ", ".join(shape.enum)
            yield _violation(value, path, f"Member must satisfy enum value set: [{members}]")
        pattern = shape.metadata.get("pattern")
        compiled = _compiled(pattern) if pattern else None
        if compiled and not compiled.fullmatch(value):
            yield _violation(
                value, path, f"Member must satisfy regular expression pattern: {pattern}"
            )


def _join(path: str, name: str) -> str:
    name = name[:1].lower() + name[1:]
    return f"{path}.{name}" if path else name


def _violation(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"
