"""Many models in few requests, and what a listing proves."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from awscli_rekcl.service.describe import Describer

from .amazon import CATS, Amazon, listing
from .fakes import FakeService, model_arn

NAMES = [f"v{i:02}" for i in range(30)]


class Looks:
    """Looks at a project that lists these versions, in pages, from one request to the next."""

    def __init__(self, *listings: list[str], page_size: int = 100) -> None:
        self.service = FakeService([dict.fromkeys(names, "STOPPED") for names in listings])
        self.service.page_size = page_size
        self.describer = Describer(self.service)

    def at(self, names: list[str]) -> tuple[list[str], list[Collection[str] | None]]:
        """The names that a look finds, and the names that each of its requests asks for."""
        before = len(self.service.calls)
        found = self.describer.describe(CATS, [model_arn(name) for name in names])
        assert all(arn == description.arn for arn, description in found.items())
        asked = [call.names for call in self.service.calls[before:]]
        return [arn.version_name for arn in found], asked


@pytest.mark.parametrize(
    ("wanted", "listed", "page_size", "asked"),
    [
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
        # An answer by name of several pages proves nothing either.
        (NAMES[:3], NAMES, 2, [NAMES[:3]] * 2 + [[name] for name in NAMES[:3]]),
    ],
)
def test_look(
    wanted: list[str], listed: list[str], page_size: int, asked: list[list[str] | None]
) -> None:
    found = [name for name in wanted if name in listed]
    assert Looks(listed, page_size=page_size).at(wanted) == (found, asked)


def test_an_entry_that_slips_between_two_pages_is_not_missing() -> None:
    looks = Looks(NAMES[:20], NAMES[1:20], page_size=10)
    assert looks.at(NAMES[1:20]) == (NAMES[1:20], [None, None, [NAMES[10]]])


def test_the_number_of_pages_is_remembered() -> None:
    looks = Looks(NAMES, page_size=10)
    assert looks.at(NAMES[:20])[1] == [None] * 3  # three pages are more than two requests
    assert looks.at(NAMES[:20])[1] == [NAMES[:10], NAMES[10:20]]
    assert looks.at(NAMES)[1] == [NAMES[:10], NAMES[10:20], NAMES[20:]]


def test_a_model_made_anew_is_not_found() -> None:
    assert Looks(["v1"]).describer.describe(CATS, [model_arn("v1", number=2)]) == {}


def test_versions_by_name_ten_at_a_time() -> None:
    looks = Looks(NAMES)
    assert len(looks.describer.versions(CATS, NAMES[:12])) == 12
    assert [call.names for call in looks.service.calls] == [NAMES[:10], NAMES[10:12]]


def test_a_listing_of_two_pages_is_read_twice_and_has_each_model_once_as_seen_last() -> None:
    listings = [["v1", "v2"], ["v1", "v2"], ["v2", "v3"], ["v2", "v3"]]
    reads = [dict.fromkeys(names, f"READ_{n}") for n, names in enumerate(listings)]
    service = FakeService(reads)
    service.page_size = 1
    found = Describer(service).versions(CATS)
    seen = [(version.arn.version_name, version.status) for version in found]
    assert seen == [("v1", "READ_0"), ("v2", "READ_2"), ("v3", "READ_3")]


def test_what_amazon_is_asked() -> None:
    amazon = Amazon(listing("v1", token="2"), listing("v2"))
    assert len(list(amazon.service.pages(CATS, ["v1", "v2"]))) == 2
    asked = {"ProjectArn": CATS.text, "VersionNames": ["v1", "v2"]}
    assert amazon.bodies == [asked, {**asked, "NextToken": "2"}]
