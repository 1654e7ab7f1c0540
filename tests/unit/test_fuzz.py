"""Text from outside, as bad as it comes: lists, answers of the service, the configuration file.

A second of it; a minute with `make soak`. Never a traceback, never something false.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from awscli_rekcl.arn import ModelArn
from awscli_rekcl.errors import BadValue, ServiceError
from awscli_rekcl.install.config_file import PATH, parse, paths, with_plugin, without_plugin
from awscli_rekcl.install.errors import InstallError
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.options import Options
from awscli_rekcl.service.describe import Describer

from .amazon import CATS, V1, Amazon, listing, version
from .fakes import arguments, model_arn

SOAK = "SOAK" in os.environ


def fuzz(short: int, long: int) -> settings:
    return settings(max_examples=long if SOAK else short, derandomize=not SOAK, database=None)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
# Where (from 0 to 1), how many bytes go there, and which ones come.
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=6)), min_size=0, max_size=4
)


def edited(content: bytes, edits: Sequence[tuple[float, int, bytes]]) -> bytes:
    for where, gone, new in edits:
        at = int(where * len(content))
        content = content[:at] + new + content[at + gone :]
    return content


# Lists.

ARNS = [model_arn(f"v{i}").text for i in range(3)]
LISTS = [" ".join(ARNS).encode(), json.dumps(ARNS).encode(), b'["\\ud800"]', b"[" * 99]
LIST_TEXTS = st.one_of(
    st.text(),
    JSON.map(json.dumps),
    st.builds(edited, st.sampled_from(LISTS), EDITS).map(lambda b: b.decode(errors="replace")),
)


@fuzz(200, 15_000)
@example("[" * 100_000)
@example("[" + "1" * 5_000 + "]")
@example('["\\ud800"]')
@given(LIST_TEXTS | st.lists(LIST_TEXTS, min_size=1, max_size=3) | st.binary())
def test_the_value_of_a_list(value: Any) -> None:
    for option in ("project_version_arn", "version_names"):
        given_project = {"project_arn": CATS.text} if option == "version_names" else {}
        try:
            options = Options.parse(arguments(**{option: value}, **given_project), None)
        except BadValue as error:
            message = str(error)
            assert message.isprintable()
            message.encode()
            continue
        typed = value if isinstance(value, str) else " ".join(value)
        for arn in options.project_version_arn or []:
            assert ModelArn.parse(arn.text) == arn
            assert arn.text in typed or arn.text in json.dumps(json.loads(typed))
        for name in options.version_names or []:
            assert name.isascii()
            assert name in typed or name in json.dumps(json.loads(typed))


# Answers.


def encoded(body: Any) -> bytes:
    return json.dumps(body).encode()


ERRORS = [
    {"__type": code, "message": "why"}
    for code in ("ResourceNotFoundException", "ResourceInUseException", "AccessDeniedException")
]
BODIES: list[Any] = [listing("v1"), listing("v2"), listing("v1", token="more"), listing()]
BODIES += [{"ProjectVersionDescriptions": [version("v1", StatusMessage="\x1b[2J")]}]
BODIES += [{"Status": "DELETING"}, *ERRORS]
MEMBERS = ["ProjectVersionDescriptions", "NextToken", "Status", "Error"]
ANSWERS = st.tuples(
    st.sampled_from([*[200] * 9, 204, 302, 400, 403, 404, 413, 429, 500, 503]),
    st.one_of(
        st.builds(edited, st.sampled_from(BODIES).map(encoded), EDITS),
        st.dictionaries(st.sampled_from(MEMBERS), JSON).map(encoded),
        JSON.map(lambda value: encoded({MEMBERS[0]: value})),
        JSON.map(encoded),
        st.binary(),
    ),
)


def accepted(answer: tuple[int, bytes]) -> dict[str, Any]:
    """What is in an answer that is one of the API, told apart from the code under test."""
    status, body = answer
    with contextlib.suppress(ValueError, RecursionError):
        read = json.loads(body)
        return read if status == 200 and isinstance(read, dict) else {}
    return {}


def is_listing_without_v1(answer: tuple[int, bytes]) -> bool:
    """Whether an answer proves that the model is not there."""
    read = accepted(answer)
    entries = read.get("ProjectVersionDescriptions")
    return (
        isinstance(entries, list)
        and not read.get("NextToken")
        and all(
            isinstance(entry, dict)
            and isinstance(entry.get("Status"), str)
            and isinstance(entry.get("ProjectVersionArn"), str)
            and entry["ProjectVersionArn"] != V1.text
            for entry in entries
        )
    )


@functools.cache
def amazon() -> Amazon:
    # One for all, because a client takes longer to make than a request.
    return Amazon({})


@fuzz(150, 5_000)
@example([(200, b"[" * 100_000)])
@example([(200, b"")])
@given(st.lists(ANSWERS, min_size=1, max_size=3))
def test_an_answer(answers: list[tuple[int, bytes]]) -> None:
    service = amazon()
    service.answers = list(answers)
    del service.requests[:]
    with contextlib.suppress(ServiceError):
        found = Describer(service.service).describe(CATS, [V1])
        for description in found.values():
            assert description.arn == V1
            assert f"{description.status}{description.status_message}".isprintable()
        if not found:
            last = answers[min(len(service.requests), len(answers)) - 1]
            assert is_listing_without_v1(last)
    service.answers = list(answers)
    with contextlib.suppress(ServiceError):
        service.service.send(Request.DELETE, V1)
        assert isinstance(accepted(answers[0]).get("Status"), str)


# The configuration file.

PLACES = ["/home/me/.aws/awscli_rekcl-config.zip", "/root/.aws/awscli_rekcl-config.zip"]
INSTALLED = f"[plugins]\nrekcl = awscli_rekcl\n{PATH} = {':'.join(PLACES)}\n"
AROUND = "# first\n[default]\nregion = us-east-1\ns3 =\n  addressing_style = path\n[empty]\n"
FILES = st.binary() | st.builds(
    edited, st.sampled_from([AROUND.encode(), f"{AROUND}{INSTALLED}".encode()]), EDITS
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aws") / "config"


def as_the_aws_cli_reads_it(file: Path, text: str) -> dict[str, Any] | None:
    """Return the sections, or None if every `aws` command would fail."""
    file.write_bytes(text.encode(errors="surrogateescape"))
    try:
        sections: dict[str, Any] = raw_config_parse(str(file))
    except ConfigParseError:
        return None
    return sections


@fuzz(300, 8_000)
@example(b"\r")
@example(b"a\r[plugins]\r")
@given(FILES)
def test_a_configuration_file(file: Path, content: bytes) -> None:
    # The AWS CLI reads it in the encoding of the locale, which Windows has of its own.
    assume(sys.platform != "win32" or content.isascii())
    text = content.decode(errors="surrogateescape")
    before = as_the_aws_cli_reads_it(file, text)
    try:
        parse(text)
    except InstallError:
        assert before is None
        return
    assert before is not None or "\\udc" in ascii(text)  # not UTF-8, in a comment perhaps
    for places in (PLACES, None):
        try:
            changed = without_plugin(text) if places is None else with_plugin(text, places)
        except InstallError:
            continue  # refused, and left as it is
        if before is None:
            continue  # an edit may mend it
        after = as_the_aws_cli_reads_it(file, changed)
        assert after is not None
        plugins = after.pop("plugins", {})
        assert after == {name: section for name, section in before.items() if name != "plugins"}
        is_named = "awscli_rekcl" in [plugins[name] for name in plugins if name != PATH]
        assert is_named == (places is not None)
        if places:
            names = list(plugins)
            assert "awscli_rekcl" in [plugins[name] for name in names[: names.index(PATH)]]
            assert paths(changed)[-2:] == places
            assert with_plugin(changed, places) == changed
            # Every other line that was there is there, in this order.
            lines = iter(line.strip() for line in re.split("[\r\n]", changed))
            ours = re.compile(rf"awscli_rekcl\s*$|^\s*{PATH}", re.IGNORECASE)
            others = [line.strip() for line in re.split("[\r\n]", text) if not ours.search(line)]
            assert all(line in lines for line in others)
