"""From the JSON of a request to a call of the backend, and from its result to the answer.

moto reads the operation from the header X-Amz-Target and calls the method of that name, such as
``create_project`` for CreateProject. What is missing from an answer or None is left out.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.moto_api._internal import mock_random

from .exceptions import InvalidParameterException
from .models import RekognitionBackend, rekognition_backends
from .validation import violations

#: The members of a request, checked against the service model.
Members = dict[str, Any]


def _operation(
    answer: Callable[[CustomLabels, RekognitionBackend, Members], Members],
) -> Callable[[CustomLabels], ActionResult]:
    """Make a method that moto can call, without arguments, of one that gets what it needs."""

    @functools.wraps(answer)
    def method(self: CustomLabels) -> ActionResult:
        backend: RekognitionBackend = rekognition_backends[self.current_account][self.region]
        return ActionResult(answer(self, backend, self._members()))

    return method


class CustomLabels(BaseResponse):
    """One request. An exception of the service that a method raises becomes its answer."""

    def __init__(self) -> None:
        super().__init__("rekognition")

    @_operation
    def create_project(self, backend: RekognitionBackend, given: Members) -> Members:
        feature = given.get("Feature", "CUSTOM_LABELS")
        return {"ProjectArn": backend.create_project(given["ProjectName"], feature).arn}

    @_operation
    def describe_projects(self, backend: RekognitionBackend, given: Members) -> Members:
        page, token = backend.describe_projects(
            names=given.get("ProjectNames"),
            features=given.get("Features", ["CUSTOM_LABELS"]),
            max_results=given.get("MaxResults", 100),
            next_token=given.get("NextToken"),
        )
        return {"ProjectDescriptions": page, "NextToken": token}

    @_operation
    def delete_project(self, backend: RekognitionBackend, given: Members) -> Members:
        return {"Status": backend.delete_project(given["ProjectArn"])}

    @_operation
    def create_dataset(self, backend: RekognitionBackend, given: Members) -> Members:
        return {"DatasetArn": backend.create_dataset(given["ProjectArn"], given["DatasetType"]).arn}

    @_operation
    def delete_dataset(self, backend: RekognitionBackend, given: Members) -> Members:
        backend.delete_dataset(given["DatasetArn"])
        return {}

    @_operation
    def create_project_version(self, backend: RekognitionBackend, given: Members) -> Members:
        kept = _some(given, "OutputConfig", "KmsKeyId", "VersionDescription", "FeatureConfig")
        version = backend.create_project_version(given["ProjectArn"], given["VersionName"], kept)
        return {"ProjectVersionArn": version.arn}

    @_operation
    def describe_project_versions(self, backend: RekognitionBackend, given: Members) -> Members:
        page, token = backend.describe_project_versions(
            given["ProjectArn"],
            names=given.get("VersionNames"),
            max_results=given.get("MaxResults", 100),
            next_token=given.get("NextToken"),
        )
        return {"ProjectVersionDescriptions": page, "NextToken": token}

    @_operation
    def start_project_version(self, backend: RekognitionBackend, given: Members) -> Members:
        units = _some(given, "MinInferenceUnits", "MaxInferenceUnits")
        return {"Status": backend.start_project_version(given["ProjectVersionArn"], units)}

    @_operation
    def stop_project_version(self, backend: RekognitionBackend, given: Members) -> Members:
        return {"Status": backend.stop_project_version(given["ProjectVersionArn"])}

    @_operation
    def delete_project_version(self, backend: RekognitionBackend, given: Members) -> Members:
        return {"Status": backend.delete_project_version(given["ProjectVersionArn"])}

    def serialized(self, action_result: ActionResult) -> TYPE_RESPONSE:
        """Add to an error what the service sends and its model lacks: ``Code`` and ``Logref``."""
        status, headers, body = super().serialized(action_result)
        if isinstance(action_result.result, ServiceException):
            members = json.loads(body)
            members["Code"] = action_result.result.code
            members["Logref"] = str(mock_random.uuid4())
            body = json.dumps(members)
        return status, headers, body

    def _members(self) -> Members:
        """Parse and check the body. A member that is null counts as not given."""
        body = json.loads(self.body or "{}")
        members = {name: value for name, value in body.items() if value is not None}
        wrong = violations(self._get_action(), members)
        if wrong:
            raise InvalidParameterException(wrong)
        return members


def _some(given: Members, *names: str) -> Members:
    return {name: given[name] for name in names if name in given}
