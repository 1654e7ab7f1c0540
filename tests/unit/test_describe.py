"""Many models in few requests, and what a listing proves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .amazon import CATS, Amazon, listing
from .fakes import model_arn


def by_name(names: list[str], page_size: int = 100) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Answer with those of these versions that are asked for, in pages."""

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        chosen = [name for name in names if name in body.get("VersionNames", names)]
        start = int(body.get("NextToken", 0))
        end = start + page_size
        return listing(*chosen[start:end], token=str(end) if end < len(chosen) else None)

    return answer


def look(amazon: Amazon, names: list[str]) -> tuple[list[str], list[list[str] | None]]:
    """The names that a look finds, and the names that each of its requests asks for."""
    before = len(amazon.requests)
    found = amazon.describer.describe(CATS, [model_arn(name) for name in names])
    assert all(arn == description.arn for arn, description in found.items())
    asked = [body.get("VersionNames") for body in amazon.bodies[before:]]
    return [arn.version_name for arn in found], asked


NAMES = [f"v{i:02}" for i in range(30)]


@pytest.mark.parametrize(
    ("wanted", "listed", "page_size", "asked"),
    [
        (NAMES[:1], NAMES, 100, [NAMES[:1]]),
        (NAMES[:10], NAMES, 100, [NAMES[:10]]),
        (NAMES[:3], NAMES[1:], 100, [NAMES[:3]]),
        # More than one request's worth of names: the whole listing is cheaper ...
        (NAMES[:11], NAMES, 100, [None]),
        (NAMES[:11], NAMES[5:], 100, [None]),
        # ... but only a listing of one page proves that a model is missing.
        (NAMES, NAMES, 15, [None, None]),
        (NAMES, NAMES[2:], 15, [None, None, NAMES[:2]]),
        (NAMES, NAMES[12:], 15, [None, None, NAMES[:10], NAMES[10:12]]),
        (NAMES, [], 15, [None]),
    ],
)
def test_look(wanted: list[str], listed: list[str], page_size: int, asked: list[Any]) -> None:
    amazon = Amazon(by_name(listed, page_size))
    found, requests = look(amazon, wanted)
    assert found == [name for name in wanted if name in listed]
    assert requests == asked


def test_an_answer_by_name_of_several_pages_proves_nothing() -> None:
    found, asked = look(Amazon(by_name(NAMES, 2)), NAMES[:3])
    assert (found, asked) == (NAMES[:3], [NAMES[:3]] * 2 + [[name] for name in NAMES[:3]])


def test_an_entry_that_slips_between_two_pages_is_not_missing() -> None:
    pages = [listing(*NAMES[:10], token="10"), listing(*NAMES[11:])]
    found, asked = look(Amazon(*pages, by_name(NAMES[1:])), NAMES)
    assert NAMES[10] in found
    assert asked == [None, None, [NAMES[10]]]


def test_the_number_of_pages_is_remembered() -> None:
    amazon = Amazon(by_name(NAMES, 10))
    assert look(amazon, NAMES[:20])[1] == [None] * 3  # three pages are more than two requests
    assert look(amazon, NAMES[:20])[1] == [NAMES[:10], NAMES[10:20]]
    assert look(amazon, NAMES)[1] == [NAMES[:10], NAMES[10:20], NAMES[20:]]


def test_a_model_made_anew_is_not_found() -> None:
    other = model_arn("v1", number=2)
    assert Amazon(listing("v1")).describer.describe(CATS, [other]) == {}


def test_versions_by_name_ten_at_a_time() -> None:
    amazon = Amazon(by_name(NAMES))
    assert len(amazon.describer.versions(CATS, NAMES[:12])) == 12
    assert [body["VersionNames"] for body in amazon.bodies] == [NAMES[:10], NAMES[10:12]]


def test_a_listing_of_two_pages_is_read_twice_and_has_each_model_once_as_seen_last() -> None:
    reads = iter([listing("v1", token="a"), listing("v2"), listing("v2", token="a"), listing("v3")])

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        page = next(reads)
        for entry in page["ProjectVersionDescriptions"]:
            entry["Status"] = f"READ_{len(amazon.requests)}"
        return page

    amazon = Amazon(answer)
    found = amazon.describer.versions(CATS)
    seen = [(version.arn.version_name, version.status) for version in found]
    assert seen == [("v1", "READ_1"), ("v2", "READ_3"), ("v3", "READ_4")]
    assert {body["ProjectArn"] for body in amazon.bodies} == {CATS.text}


@pytest.mark.parametrize(("names", "requests"), [(["v1"], 2), (["v1", "v2"], 4)])
def test_names_are_asked_for_one_by_one_if_several_take_pages(
    names: list[str], requests: int
) -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        if len(body["VersionNames"]) < len(names):
            return listing(*body["VersionNames"])
        return listing(names[-1]) if "NextToken" in body else listing(names[0], token="a")

    amazon = Amazon(answer)
    amazon.describer.versions(CATS, names)
    assert len(amazon.requests) == requests
