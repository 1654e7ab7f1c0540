"""The SDK's clients for Amazon Rekognition, and the hooks that pace and check what they send."""

from __future__ import annotations

import json
import os
import random
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore import xform_name
from botocore.config import Config

from awscli_rekcl import __version__
from awscli_rekcl.arn import with_fips_as
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import ServiceError, TransientError, Unsendable
from awscli_rekcl.service.errors import (
    fetching_credentials,
    is_throttled,
    is_unsendable,
    reading,
    sorted_errors,
)
from awscli_rekcl.service.pacing import Pacing

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.session import Session
    from mypy_boto3_rekognition import RekognitionClient

# Adapters live in CONTENT_MODERATION projects, which are listed only when they are named.
FEATURES = ["CUSTOM_LABELS", "CONTENT_MODERATION"]


class Sdk:
    """One client of the AWS CLI's session for each region."""

    def __init__(
        self,
        session: Session,
        deadline: Deadline,
        endpoint_url: str | None = None,
        verify: bool | str | None = None,
        sign_requests: bool = True,
    ) -> None:
        self._session = session
        self._deadline = deadline
        self._endpoint_url = endpoint_url
        self._verify = verify
        self._sign_requests = sign_requests
        self._clients: dict[str | None, RekognitionClient] = {}
        self._paces: dict[tuple[str, str], Pacing] = defaultdict(
            lambda: Pacing(deadline.clock, random.random)
        )
        self.access_key: str | None = None
        """The access key of the last request; it belongs permanently to one account."""

    def request(self, region: str | None, operation: str, **parameters: Any) -> Any:
        """Send a request and return its answer. Raise ServiceError."""
        self._throttled: list[bool] = []
        """Of each try whether it was throttled, as far as is known: then nothing was done."""
        self._is_read = False
        """Whether an answer is being received and parsed."""
        try:
            with sorted_errors():
                client = self._client(region)
                self._pace = self._paces[client.meta.region_name, operation]
                self._deadline.pause(self._pace.delay())
                self._pace.sent()
                return self._answer(client, operation, parameters)
        except ServiceError as error:
            has_answer = not isinstance(error, TransientError)
            error.may_be_done = not all(self._throttled[:-1] if has_answer else self._throttled)
            raise

    def region(self, region: str | None) -> str:
        """Return the name of a region, in which `fips` is no part; None is the AWS CLI's own."""
        with sorted_errors():
            return self._client(region).meta.region_name

    def _answer(self, client: object, operation: str, parameters: dict[str, Any]) -> Any:
        try:
            getattr(client, xform_name(operation))(**parameters)
        except Exception:
            if not self._is_read:
                raise
            # botocore's parser raises errors of any type for a body of another shape.
            with reading(operation):
                raise
        # The body itself: botocore takes one that is no JSON, and whatever is empty, for an empty
        # list, and every HTTP status below 300 for a success. The API has 200.
        with reading(operation):
            if self._response["status_code"] != 200:
                raise ValueError(f"its HTTP status is {self._response['status_code']}")
            return json.loads(self._response["body"])

    def _client(self, region: str | None) -> RekognitionClient:
        """Return the client of a region."""
        if region not in self._clients:
            if self._sign_requests and not self._clients:
                self._watch_credentials()
            try:
                client = self._new_client(region)
                _ = urlsplit(client.meta.endpoint_url).port  # as every signature reads it
            except ValueError as error:
                if is_unsendable(error):
                    raise Unsendable from None
                raise
            self._register(client.meta.events)
            self._clients[region] = self._clients[client.meta.region_name] = client
        return self._clients[region]

    def _new_client(self, region: str | None) -> Any:
        config = Config(user_agent_extra=f"awscli-rekcl/{__version__}")
        if not self._is_chosen("retry_mode"):
            # Not "adaptive", which blocks for as long as the system's clock was set back by,
            # and has every second request throttled where the quota is 1 request/s.
            config = config.merge(Config(retries={"mode": "standard"}))
        own = self._session.get_config_variable("region")
        return self._session.create_client(
            "rekognition",
            region_name=region and with_fips_as(own, region),
            endpoint_url=self._endpoint_url,
            verify=self._verify,
            config=config,
        )

    def _register(self, events: Any) -> None:
        events.register("before-call.rekognition.DescribeProjects", _name_features)
        events.register_first("request-created.rekognition", self._request_created)
        if not (self._is_chosen("retry_mode") or self._is_chosen("max_attempts")):
            events.register_first("needs-retry.rekognition", self._repeat_throttled)
        # Between these two botocore reads and parses the answer. An error of the connection, or of
        # another hook in between, is raised only after the second.
        events.register_last("before-send.rekognition", self._before_send)
        events.register_first("response-received.rekognition", self._response_received)

    def _watch_credentials(self) -> None:
        """Have an error while a request fetches credentials be no error of that request."""
        with fetching_credentials():
            credentials: Any = self._session.get_credentials()
        if credentials is None:
            return
        fetch = credentials.get_frozen_credentials
        credentials.get_frozen_credentials = fetching_credentials()(fetch)

    def _is_chosen(self, setting: str) -> bool:
        # get_config_variable() does not show whether the user chose the value.
        variable = f"AWS_{setting.upper()}"
        return variable in os.environ or setting in self._session.get_scoped_config()

    def _request_created(self, **kwargs: Any) -> None:
        self._throttled.append(False)

    def _before_send(self, request: AWSPreparedRequest, **kwargs: Any) -> None:
        # Of several keys in use the one that signed. "Credential=<key>/<date>/<region>/..."
        signed = re.search(r"Credential=([^/]+)", str(request.headers.get("Authorization")))
        self.access_key = signed and signed[1]
        self._is_read = True

    def _response_received(
        self, response_dict: Any, parsed_response: Mapping[str, Any] | None, **kwargs: Any
    ) -> None:
        # Of the body `null` an older botocore makes None, at which it fails later.
        self._is_read = response_dict is not None and parsed_response is None
        self._response = response_dict
        self._throttled[-1] = is_throttled(parsed_response or {})

    def _repeat_throttled(
        self, response: object, caught_exception: Exception | None = None, **kwargs: Any
    ) -> int | None:
        """Have botocore repeat a throttled request at once (0), or do as it does (None)."""
        if caught_exception is not None and is_unsendable(caught_exception):
            raise caught_exception
        if response is None:
            return None
        if not self._throttled[-1]:
            self._pace.passed()
            return None
        if self._pace.throttled() and self._pace.delay() < self._deadline.left:
            self._deadline.pause(self._pace.delay())
            self._pace.sent()
            return 0
        return None


def _name_features(params: dict[str, Any], **kwargs: Any) -> None:
    # In the body, because the service model of an older AWS CLI has no such parameter.
    params["body"] = json.dumps({**json.loads(params["body"]), "Features": FEATURES}).encode()
