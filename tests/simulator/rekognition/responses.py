"""Handles incoming rekognition requests, invokes methods, returns responses."""

from __future__ import annotations

import json
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import BaseResponse

from .exceptions import InvalidParameterException, SerializationException
from .models import RekognitionBackend, rekognition_backends
from .validation import violations


class RekognitionResponse(BaseResponse):
    """Handler for Rekognition requests and responses."""

    def __init__(self) -> None:
        super().__init__(service_name="rekognition")

    @property
    def rekognition_backend(self) -> RekognitionBackend:
        return rekognition_backends[self.current_account][self.region]

    def create_project(self) -> TYPE_RESPONSE:
        parameters = self._parameters()
        project = self.rekognition_backend.create_project(
            name=parameters["ProjectName"],
            feature=parameters.get("Feature", "CUSTOM_LABELS"),
        )
        return _answer({"ProjectArn": project.arn})

    def describe_projects(self) -> TYPE_RESPONSE:
        parameters = self._parameters()
        projects, next_token = self.rekognition_backend.describe_projects(
            names=parameters.get("ProjectNames"),
            features=parameters.get("Features", ["CUSTOM_LABELS"]),
            max_results=parameters.get("MaxResults", 100),
            next_token=parameters.get("NextToken"),
        )
        return _answer({"ProjectDescriptions": projects, "NextToken": next_token})

    def delete_project(self) -> TYPE_RESPONSE:
        status = self.rekognition_backend.delete_project(self._parameters()["ProjectArn"])
        return _answer({"Status": status})

    def create_project_version(self) -> TYPE_RESPONSE:
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
        return _answer({"ProjectVersionArn": version.arn})

    def describe_project_versions(self) -> TYPE_RESPONSE:
        parameters = self._parameters()
        versions, next_token = self.rekognition_backend.describe_project_versions(
            project_arn=parameters["ProjectArn"],
            names=parameters.get("VersionNames"),
            max_results=parameters.get("MaxResults", 100),
            next_token=parameters.get("NextToken"),
        )
        return _answer({"ProjectVersionDescriptions": versions, "NextToken": next_token})

    def start_project_version(self) -> TYPE_RESPONSE:
        parameters = self._parameters()
        status = self.rekognition_backend.start_project_version(
            arn=parameters["ProjectVersionArn"],
            settings={
                key: parameters[key]
                for key in ("MinInferenceUnits", "MaxInferenceUnits")
                if key in parameters
            },
        )
        return _answer({"Status": status})

    def stop_project_version(self) -> TYPE_RESPONSE:
        arn = self._parameters()["ProjectVersionArn"]
        return _answer({"Status": self.rekognition_backend.stop_project_version(arn)})

    def delete_project_version(self) -> TYPE_RESPONSE:
        arn = self._parameters()["ProjectVersionArn"]
        return _answer({"Status": self.rekognition_backend.delete_project_version(arn)})

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


def _answer(result: dict[str, Any]) -> TYPE_RESPONSE:
    result = {key: value for key, value in result.items() if value is not None}
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(result)
