"""Amazon Rekognition behind botocore's real client, answering from a script."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from typing import Any, cast

import botocore.loaders
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from awscli_rekcl.deadline import Deadline
from awscli_rekcl.service.client import Rekognition
from awscli_rekcl.service.describe import Describer
from awscli_rekcl.service.sdk import Sdk

from .fakes import model_arn, project_arn

URL = {"endpoint_url": "https://rekognition.us-east-1.amazonaws.com"}
CATS, V1 = project_arn(), model_arn()
LOADER = botocore.loaders.create_loader()


class Raw(io.BytesIO):
    """A body as the HTTP library hands it over."""

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        yield self.read()


class OldLoader(botocore.loaders.Loader):
    """A service model from before DescribeProjects could be asked by name or for features."""

    def load_service_model(self, *args: Any, **kwargs: Any) -> Any:
        model = copy.deepcopy(super().load_service_model(*args, **kwargs))
        if "DescribeProjectsRequest" in model.get("shapes", {}):
            for name in ("Features", "ProjectNames"):
                del model["shapes"]["DescribeProjectsRequest"]["members"][name]
        return model


class Amazon:
    """Answers requests one after another, and keeps them; the last answer stays."""

    def __init__(self, *answers: Any, loader: botocore.loaders.Loader = LOADER) -> None:
        self.requests: list[AWSPreparedRequest] = []
        self.answers = list(answers)
        self.session = botocore.session.Session()
        self.session.register_component("data_loader", loader)
        self.session.register("before-send.rekognition", self._send)  # type: ignore[arg-type]
        self.service = Rekognition(Sdk(self.session, Deadline()))
        self.describer = Describer(self.service)

    def _send(self, request: AWSPreparedRequest, **kwargs: Any) -> AWSResponse:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(self.bodies[-1])
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        raw = Raw(body if isinstance(body, bytes) else json.dumps(body).encode())
        headers = {"Content-Type": "application/x-amz-json-1.1"}
        return AWSResponse(request.url or "", status, headers, raw)  # type: ignore[arg-type]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(cast(bytes, request.body)) for request in self.requests]


def version(name: str, **more: Any) -> dict[str, Any]:
    return {"ProjectVersionArn": model_arn(name).text, "Status": "STOPPED", **more}


def listing(*names: str, token: str | None = None) -> dict[str, Any]:
    page: dict[str, Any] = {"ProjectVersionDescriptions": [version(name) for name in names]}
    return {**page, "NextToken": token} if token else page


def error(code: str, status: int = 400, message: str = "why") -> tuple[int, dict[str, str]]:
    return status, {"__type": code, "message": message}
