"""Handles incoming rekognition requests, invokes methods, returns responses."""

from __future__ import annotations

import json
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.moto_api._internal import mock_random

from .exceptions import InvalidParameterException, SerializationException
from .models import RekognitionBackend, rekognition_backends
from .validation import violations


class RekognitionResponse(BaseResponse):
    """Handler for Rekognition requests and responses."""

    def __init__(self) -> None:
        super().__init__(service_name="rekognition")

    @property
    def rekognition_backend(self) -> RekognitionBackend:
        backend: RekognitionBackend = rekognition_backends[self.current_account][self.region]
        return backend

    def create_project(self) -> ActionResult:
        parameters = self._parameters()
        project = self.rekognition_backend.create_project(
            name=parameters["ProjectName"],
            feature=parameters.get("Feature", "CUSTOM_LABELS"),
        )
        return ActionResult({"ProjectArn": project.arn})

    def describe_projects(self) -> ActionResult:
        parameters = self._parameters()
        projects, next_token = self.rekognition_backend.describe_projects(
            names=parameters.get("ProjectNames"),
            features=parameters.get("Features", ["CUSTOM_LABELS"]),
            max_results=parameters.get("MaxResults", 100),
            next_token=parameters.get("NextToken"),
        )
        return ActionResult({"ProjectDescriptions": projects, "NextToken": next_token})

    def delete_project(self) -> ActionResult:
        arn = self._parameters()["ProjectArn"]
        return ActionResult({"Status": self.rekognition_backend.delete_project(arn)})

    def create_dataset(self) -> ActionResult:
        parameters = self._parameters()
        if len(parameters.get("DatasetSource", {"": None})) != 1:
            raise InvalidParameterException("A dataset has one source.")
        dataset = self.rekognition_backend.create_dataset(
            project_arn=parameters["ProjectArn"], type_=parameters["DatasetType"]
        )
        return ActionResult({"DatasetArn": dataset.arn})

    def describe_dataset(self) -> ActionResult:
        arn = self._parameters()["DatasetArn"]
        description = self.rekognition_backend.describe_dataset(arn)
        return ActionResult({"DatasetDescription": description})

    def delete_dataset(self) -> ActionResult:
        self.rekognition_backend.delete_dataset(self._parameters()["DatasetArn"])
        return EmptyResult()

    def create_project_version(self) -> ActionResult:
        parameters = self._parameters()
        version = self.rekognition_backend.create_project_version(
            project_arn=parameters["ProjectArn"],
            name=parameters["VersionName"],
            settings={
                key: parameters[key]
                for key in ("OutputConfig", "KmsKeyId", "VersionDescription", "FeatureConfig")
                if key in parameters
            },
        )
        return ActionResult({"ProjectVersionArn": version.arn})

    def describe_project_versions(self) -> ActionResult:
        parameters = self._parameters()
        versions, next_token = self.rekognition_backend.describe_project_versions(
            project_arn=parameters["ProjectArn"],
            names=parameters.get("VersionNames"),
            max_results=parameters.get("MaxResults", 100),
            next_token=parameters.get("NextToken"),
        )
        return ActionResult({"ProjectVersionDescriptions": versions, "NextToken": next_token})

    def start_project_version(self) -> ActionResult:
        parameters = self._parameters()
        status = self.rekognition_backend.start_project_version(
            arn=parameters["ProjectVersionArn"],
            settings={
                key: parameters[key]
                for key in ("MinInferenceUnits", "MaxInferenceUnits")
                if key in parameters
            },
        )
        return ActionResult({"Status": status})

    def stop_project_version(self) -> ActionResult:
        arn = self._parameters()["ProjectVersionArn"]
        return ActionResult({"Status": self.rekognition_backend.stop_project_version(arn)})

    def delete_project_version(self) -> ActionResult:
        arn = self._parameters()["ProjectVersionArn"]
        return ActionResult({"Status": self.rekognition_backend.delete_project_version(arn)})

    def serialized(self, action_result: ActionResult) -> TYPE_RESPONSE:
        """Errors carry ``Code`` and ``Logref`` as well, which the service model lacks."""
        status, headers, body = super().serialized(action_result)
        error = action_result.result
        if isinstance(error, ServiceException):
            logref = str(mock_random.uuid4())
            body = json.dumps({**json.loads(body), "Code": error.code, "Logref": logref})
        return status, headers, body

    def _parameters(self) -> dict[str, Any]:
        """The request's parameters, checked. A parameter that is null counts as not given."""
        try:
            parameters = json.loads(self.body or "{}")
        except ValueError:
            raise SerializationException from None
        if not isinstance(parameters, dict):
            raise SerializationException
        problems = violations(self._get_action(), parameters)
        if problems:
            noun = "error" if len(problems) == 1 else "errors"
            raise InvalidParameterException(
                f"{len(problems)} validation {noun} detected: {'; '.join(problems)}"
            )
        return {key: value for key, value in parameters.items() if value is not None}
