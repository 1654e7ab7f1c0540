"""Many models in few requests, and what a listing, or that there is none, proves."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence

import pytest

from awscli_rekcl.arn import ProjectArn
from awscli_rekcl.errors import AccessDenied, NotFound, ServiceError, TransientError
from awscli_rekcl.service.describe import Describer

from .amazon import CATS, Amazon, listing
from .fakes import FakeService, Look, failure, model_arn, project_arn

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
        (NAMES[:2], NAMES, 1, [NAMES[:2]] * 2 + [[name] for name in NAMES[:2]]),
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


# Whether a project that isn't found is gone: one such answer is no proof.

OTHER = project_arn("dogs")
ANEW = ProjectArn.parse(CATS.text.replace("/1000", "/2000"))
OF_ANOTHER_ACCOUNT = project_arn("dogs", account="210987654321")
DENIED = failure(AccessDenied)
SEEN: Look = {"v1": "DELETING"}
NOT_FOUND: Look = failure(NotFound)
BY_NAME, ALL, WITH_DOGS = "find cats", "list projects", "find cats dogs"


def follow(
    looks: Sequence[Look],
    projects: list[ProjectArn] | ServiceError,
    keys: Sequence[str] = ("ours",),
) -> list[tuple[bool | None, list[str]]]:
    """Poll once for each look: whether the model counts as gone, and what else was asked."""
    service = FakeService(looks, projects=projects, keys=keys)
    describer = Describer(service)
    polls: list[tuple[bool | None, list[str]]] = []
    for _ in looks:
        before = len(service.sent)
        gone = None
        with contextlib.suppress(TransientError):
            gone = describer.follow(CATS, [model_arn()]) == {}
        look, *asked = service.sent[before:]
        assert look == "look cats"
        polls.append((gone, asked))
    assert service.asked_in <= {CATS.scope.region}  # not in that of the AWS CLI
    return polls


# The keys that sign the first request and all later ones.
SAME, OTHERS = ["ours"], ["ours", "theirs"]
# Every look is signed as another account, which has no such project.
IN_TURN = ["ours", *["theirs", "ours"] * 4]


@pytest.mark.parametrize(
    ("projects", "keys", "polls", "asked"),
    [
        # The number of polls after which it counts as gone (0 is for never), and what each asks.
        ([], SAME, 1, [BY_NAME]),
        ([ANEW], OTHERS, 1, [BY_NAME]),
        ([OTHER], OTHERS, 1, [BY_NAME, ALL, WITH_DOGS]),
        ([OF_ANOTHER_ACCOUNT, OTHER], OTHERS, 0, [BY_NAME, ALL, WITH_DOGS]),
        ([], OTHERS, 0, [BY_NAME, ALL]),
        ([OF_ANOTHER_ACCOUNT], OTHERS, 0, [BY_NAME, ALL]),
        ([project_arn(account="210987654321")], OTHERS, 0, [BY_NAME]),
        ([ANEW, project_arn(account="210987654321")], OTHERS, 0, [BY_NAME]),
        ([CATS], SAME, 0, [BY_NAME]),
        ([CATS, OTHER], OTHERS, 0, [BY_NAME]),
        ([CATS, OTHER], IN_TURN, 0, [BY_NAME]),
        (DENIED, SAME, 2, [BY_NAME]),
        (DENIED, OTHERS, 0, [BY_NAME]),
        (DENIED, IN_TURN, 0, [BY_NAME]),
    ],
)
def test_second_sign(
    projects: list[ProjectArn] | ServiceError, keys: list[str], polls: int, asked: list[str]
) -> None:
    first, *others = follow([SEEN, *[NOT_FOUND] * 4], projects, keys)
    assert first == (False, [])
    assert others == [(True if polls and poll >= polls else None, asked) for poll in range(1, 5)]


def test_two_looks_in_a_row() -> None:
    polls = follow([SEEN, NOT_FOUND, SEEN, NOT_FOUND, NOT_FOUND], DENIED)
    assert [gone for gone, _ in polls] == [False, None, False, None, True]


def test_other_errors_pass() -> None:
    service = FakeService([NOT_FOUND], projects=failure(TransientError, "storm"))
    with pytest.raises(TransientError, match="storm"):
        Describer(service).follow(CATS, [model_arn()])
