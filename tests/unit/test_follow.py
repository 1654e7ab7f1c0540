"""Whether a project that isn't found is gone: one such answer is no proof."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Union

import pytest

from awscli_rekcl.arn import ProjectArn
from awscli_rekcl.errors import AccessDenied, NotFound, ServiceError, TransientError
from awscli_rekcl.service.describe import Describer, Description

from .fakes import failure, model_arn, project_arn

CATS, V1 = project_arn(), model_arn()
Listed = Union[list[ProjectArn], ServiceError]


class Service:
    """A project that was there, and isn't found any more."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        self.access_key = "one"
        self.is_found = True
        self.asked: list[list[str] | None] = []

    def pages(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> Iterator[list[Description]]:
        if not self.is_found:
            raise failure(NotFound)
        yield [Description(V1, "DELETING")]

    def projects(
        self, region: str | None, names: Collection[str] | None = None
    ) -> list[ProjectArn]:
        assert region == "us-east-1"
        self.asked.append(None if names is None else list(names))
        if isinstance(self.listed, ServiceError):
            raise self.listed
        return [arn for arn in self.listed if names is None or arn.scope.project_name in names]


OTHER = project_arn("dogs")
ANEW = ProjectArn.parse(CATS.text.replace("/1000", "/2000"))
OF_ANOTHER_ACCOUNT = project_arn("dogs", account="210987654321")
DENIED = failure(AccessDenied)
BY_NAME = ["cats"]


@pytest.mark.parametrize(
    ("listed", "access_key", "polls", "asked"),
    [
        # The number of polls after which it counts as gone (0 is for never), and what each asks.
        ([OTHER], "one", 1, [BY_NAME]),
        ([], "one", 1, [BY_NAME]),
        ([ANEW], "one", 1, [BY_NAME]),
        ([ANEW], "two", 1, [BY_NAME]),
        ([OTHER], "two", 1, [BY_NAME, None, ["cats", "dogs"]]),
        ([OF_ANOTHER_ACCOUNT, OTHER], "two", 0, [BY_NAME, None, ["cats", "dogs"]]),
        ([], "two", 0, [BY_NAME, None]),
        ([OF_ANOTHER_ACCOUNT], "two", 0, [BY_NAME, None]),
        ([project_arn(account="210987654321")], "two", 0, [BY_NAME]),
        ([ANEW, project_arn(account="210987654321")], "two", 0, [BY_NAME]),
        ([CATS], "one", 0, [BY_NAME]),
        ([CATS, OTHER], "two", 0, [BY_NAME]),
        (DENIED, "one", 2, [BY_NAME]),
        (DENIED, "two", 0, [BY_NAME]),
    ],
)
def test_second_sign(listed: Listed, access_key: str, polls: int, asked: object) -> None:
    service = Service(listed)
    describer = Describer(service)
    assert list(describer.follow(CATS, [V1])) == [V1]
    service.is_found, service.access_key = False, access_key
    for poll in range(1, 5):
        service.asked = []
        if polls and poll >= polls:
            assert describer.follow(CATS, [V1]) == {}
        else:
            with pytest.raises(TransientError):
                describer.follow(CATS, [V1])
        assert service.asked == asked


@pytest.mark.parametrize("listed", [[OTHER], DENIED])
def test_keys_that_change_between_two_requests(listed: Listed) -> None:
    keys = iter(["ours"] + ["theirs", "ours"] * 4)

    class Changing(Service):
        """Signs every other request as another account, which has no such project."""

        def pages(
            self, project: ProjectArn, names: Collection[str] | None = None
        ) -> Iterator[list[Description]]:
            self.access_key = next(keys)
            self.is_found = self.access_key == "ours"
            return super().pages(project, names)

        def projects(
            self, region: str | None, names: Collection[str] | None = None
        ) -> list[ProjectArn]:
            self.access_key = next(keys)
            return super().projects(region, names)

    service = Changing(listed)
    if listed is not DENIED:
        service.listed = [CATS, OTHER]
    describer = Describer(service)
    assert list(describer.follow(CATS, [V1])) == [V1]
    for _ in range(4):
        with pytest.raises(TransientError):
            describer.follow(CATS, [V1])


def test_two_looks_in_a_row() -> None:
    service = Service(DENIED)
    describer = Describer(service)
    for is_found in (True, False, True, False):
        service.is_found = is_found
        if is_found:
            assert list(describer.follow(CATS, [V1])) == [V1]
        else:
            with pytest.raises(TransientError):
                describer.follow(CATS, [V1])
    assert describer.follow(CATS, [V1]) == {}


def test_other_errors_pass() -> None:
    service = Service(failure(TransientError, "storm"))
    describer = Describer(service)
    service.is_found = False
    with pytest.raises(TransientError, match="storm"):
        describer.follow(CATS, [V1])
