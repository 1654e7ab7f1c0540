"""What an SDK leaves to the service to check, by botocore's model of it, which is read as data."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@cache
def model() -> dict[str, Any]:
    """Return the model that comes with botocore, which newer AWS CLIs hold under their own name."""
    spec = next(filter(None, map(find_spec, ("botocore", "awscli.botocore"))))
    folder = Path(str(spec.origin)).parent / "data" / "rekognition" / "2016-06-27"
    (file,) = folder.glob("service-2.json*")
    text = file.read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(text) if file.suffix == ".gz" else text)
    return found


def violations(operation: str, given: dict[str, Any]) -> list[str]:
    """Return the members of a request that are missing, unknown, too many or wrong."""
    return list(_wrong(model()["operations"][operation]["input"]["shape"], given, "input"))


def _wrong(name: str, value: Any, path: str) -> Iterator[str]:
    shape = model()["shapes"][name]
    if isinstance(value, dict):
        members = shape["members"]
        yield from (name for name in shape.get("required", ()) if name not in value)
        yield from (name for name in value if name not in members)
        for name in value.keys() & members.keys():
            yield from _wrong(members[name]["shape"], value[name], f"{path}.{name}")
        return
    if isinstance(value, list):
        for number, member in enumerate(value):
            yield from _wrong(shape["member"]["shape"], member, f"{path}[{number}]")
    size = value if isinstance(value, int) else len(value)
    if (
        not shape.get("min", size) <= size <= shape.get("max", size)
        or value not in shape.get("enum", [value])
        or not re.fullmatch(shape.get("pattern", r"[\s\S]*"), str(value), re.ASCII)
    ):
        yield path
