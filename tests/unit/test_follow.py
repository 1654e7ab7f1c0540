"""Whether a project that isn't found is gone: one such answer is no proof."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import pytest

from awscli_rekcl.arn import ProjectArn
from awscli_rekcl.errors import AccessDenied, NotFound, ServiceError, TransientError
from awscli_rekcl.service.describe import Describer

from .fakes import FakeService, Look, failure, model_arn, project_arn

CATS, V1 = project_arn(), model_arn()
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
    keys: Sequence[str] = ("one",),
) -> list[tuple[bool | None, list[str]]]:
    """Poll once for each look: whether the model counts as gone, and what else was asked."""
    service = FakeService(looks, projects=projects, keys=keys)
    describer = Describer(service)
    polls: list[tuple[bool | None, list[str]]] = []
    for _ in looks:
        before = len(service.sent)
        gone = None
        with contextlib.suppress(TransientError):
            gone = describer.follow(CATS, [V1]) == {}
        look, *asked = service.sent[before:]
        assert look == "look cats"
        polls.append((gone, asked))
    return polls


@pytest.mark.parametrize(
    ("projects", "key", "polls", "asked"),
    [
        # The number of polls after which it counts as gone (0 is for never), and what each asks.
        ([], "one", 1, [BY_NAME]),
        ([ANEW], "two", 1, [BY_NAME]),
        ([OTHER], "two", 1, [BY_NAME, ALL, WITH_DOGS]),
        ([OF_ANOTHER_ACCOUNT, OTHER], "two", 0, [BY_NAME, ALL, WITH_DOGS]),
        ([], "two", 0, [BY_NAME, ALL]),
        ([OF_ANOTHER_ACCOUNT], "two", 0, [BY_NAME, ALL]),
        ([project_arn(account="210987654321")], "two", 0, [BY_NAME]),
        ([ANEW, project_arn(account="210987654321")], "two", 0, [BY_NAME]),
        ([CATS], "one", 0, [BY_NAME]),
        ([CATS, OTHER], "two", 0, [BY_NAME]),
        (DENIED, "one", 2, [BY_NAME]),
        (DENIED, "two", 0, [BY_NAME]),
    ],
)
def test_second_sign(
    projects: list[ProjectArn] | ServiceError, key: str, polls: int, asked: list[str]
) -> None:
    first, *others = follow([SEEN, *[NOT_FOUND] * 4], projects, ["one", key])
    assert first == (False, [])
    assert others == [(True if polls and poll >= polls else None, asked) for poll in range(1, 5)]


@pytest.mark.parametrize("projects", [[CATS, OTHER], DENIED])
def test_keys_that_change_between_two_requests(
    projects: list[ProjectArn] | ServiceError,
) -> None:
    # Every look is signed as another account, which has no such project.
    keys = ["ours", *["theirs", "ours"] * 4]
    _, *others = follow([SEEN, *[NOT_FOUND] * 4], projects, keys)
    assert others == [(None, [BY_NAME])] * 4


def test_two_looks_in_a_row() -> None:
    polls = follow([SEEN, NOT_FOUND, SEEN, NOT_FOUND, NOT_FOUND], DENIED)
    assert [gone for gone, _ in polls] == [False, None, False, None, True]


def test_other_errors_pass() -> None:
    service = FakeService([NOT_FOUND], projects=failure(TransientError, "storm"))
    with pytest.raises(TransientError, match="storm"):
        Describer(service).follow(CATS, [V1])
