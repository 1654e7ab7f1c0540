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
        if isinstance(self.listed, ServiceError):
            raise self.listed
        return self.listed


OTHER = project_arn("dogs")
OF_ANOTHER_ACCOUNT = project_arn("dogs", account="210987654321")
DENIED = failure(AccessDenied)


@pytest.mark.parametrize(
    ("listed", "access_key", "looks"),
    [
        # The number of looks after which it counts as gone; 0 is for never.
        ([OTHER], "one", 1),
        ([OTHER], "two", 1),
        ([OTHER, OF_ANOTHER_ACCOUNT], "two", 1),
        ([CATS], "one", 0),
        ([CATS, OTHER], "two", 0),
        ([OF_ANOTHER_ACCOUNT], "one", 0),
        ([OF_ANOTHER_ACCOUNT], "two", 0),
        ([], "one", 2),
        ([], "two", 0),
        (DENIED, "one", 2),
        (DENIED, "two", 0),
    ],
)
def test_second_sign(listed: Listed, access_key: str, looks: int) -> None:
    service = Service(listed)
    describer = Describer(service)
    assert list(describer.follow(CATS, [V1])) == [V1]
    service.is_found, service.access_key = False, access_key
    for look in range(1, 5):
        if looks and look >= looks:
            assert describer.follow(CATS, [V1]) == {}
        else:
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
