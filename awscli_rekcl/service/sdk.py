"""The SDK's clients for Amazon Rekognition, and the hooks that pace and check what they send."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import random
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from botocore.config import Config

from awscli_rekcl import __version__
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import ServiceError, TimeUp, Unsendable
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.service.answers import check_answer
from awscli_rekcl.service.errors import (
    OPERATIONS,
    THROTTLED_CODES,
    Listing,
    fetching_credentials,
    is_unsendable,
    reading,
    sorted_errors,
)
from awscli_rekcl.service.pacing import Pacing
from awscli_rekcl.visible import hide, hide_password

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.model import OperationModel
    from botocore.session import Session
    from mypy_boto3_rekognition import RekognitionClient

# Adapters live in CONTENT_MODERATION projects, which are listed only when they are named.
FEATURES = ["CUSTOM_LABELS", "CONTENT_MODERATION"]


@dataclasses.dataclass
class _Call:
    """A request, which the SDK may try several times."""

    is_read: bool = False
    """Whether its answer is being received and parsed."""
    is_out: bool = False
    """Whether there is a try that wasn't throttled, as far as is known: it may be obeyed."""
    retried: bool = False
    """Whether there is an earlier one."""


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
        """Ask `deadline` before every request, though not before what the SDK repeats by itself."""
        self._session = session
        self._deadline = deadline
        self._endpoint_url = endpoint_url
        self._verify = verify
        self._sign_requests = sign_requests
        self._clients: dict[str | None, RekognitionClient] = {}
        self._paces: dict[tuple[str, str], Pacing] = {}
        self._call = _Call()
        self.access_key: str | None = None
        """The access key of the last request; it belongs permanently to one account."""

    @contextlib.contextmanager
    def requesting(
        self, region: str | None, what: Request | Listing
    ) -> Iterator[RekognitionClient]:
        self._call = _Call()
        try:
            with sorted_errors():
                client = self.client(region)
                try:
                    yield client
                except Exception:
                    if not self._call.is_read:
                        raise
                    # botocore's parser raises errors of any type for a body of another shape.
                    with reading(what.operation):
                        raise
        except (ServiceError, TimeUp) as error:
            error.retried = self._call.retried
            raise

    def client(self, region: str | None) -> RekognitionClient:
        if region not in self._clients:
            if self._sign_requests and not self._clients:
                self._watch_credentials()
            self._hide_passwords()
            try:
                client = self._new_client(region)
                _ = urlsplit(client.meta.endpoint_url).port  # as every signature reads it
            except ValueError as error:
                raise Unsendable(error) from error
            self._register(client.meta.events)
            shape = client.meta.service_model.operation_model("DescribeProjects").input_shape
            if shape is not None and "Features" in shape.members:
                event, add = "provide-client-params", _name_features
            else:
                event, add = "before-call", _add_features
            client.meta.events.register(f"{event}.rekognition.DescribeProjects", add)
            self._clients[region] = client
        return self._clients[region]

    def _new_client(self, region: str | None) -> Any:
        config = Config(user_agent_extra=f"awscli-rekcl/{__version__}")
        if not self._is_chosen("retry_mode"):
            # Not "adaptive", which blocks for as long as the system's clock was set back by,
            # and has every second request throttled where the quota is 1 request/s.
            config = config.merge(Config(retries={"mode": "standard"}))
        return self._session.create_client(
            "rekognition",
            region_name=region,
            endpoint_url=self._endpoint_url,
            verify=self._verify,
            config=config,
        )

    def _register(self, events: Any) -> None:
        events.register("before-call.rekognition", self._before_call)
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

        def fetch_and_hide() -> Any:
            with fetching_credentials():
                fetched = fetch()
            hide("credentials", fetched.secret_key, fetched.token)
            return fetched

        credentials.get_frozen_credentials = fetch_and_hide

    def _hide_passwords(self) -> None:
        config = self._session.get_scoped_config()
        urls = [self._endpoint_url, config.get("endpoint_url"), *getproxies().values()]
        urls += [url for name, url in os.environ.items() if name.startswith("AWS_ENDPOINT_URL")]
        # `[services <name>]`, which an older AWS CLI reads as texts.
        for section in self._session.full_config.get("services", {}).values():
            services = section.values() if isinstance(section, dict) else ()
            urls += [of.get("endpoint_url") for of in services if isinstance(of, dict)]
        for url in urls:
            hide_password(str(url))

    def _is_chosen(self, setting: str) -> bool:
        # get_config_variable() does not show whether the user chose the value.
        variable = f"AWS_{setting.upper()}"
        return variable in os.environ or setting in self._session.get_scoped_config()

    def _pace(self, operation: OperationModel, context: Mapping[str, Any]) -> Pacing:
        key = context["client_region"], operation.name
        if key not in self._paces:
            self._paces[key] = Pacing(self._deadline.clock, random.random)
        return self._paces[key]

    def _repeat_throttled(
        self,
        operation: OperationModel,
        request_dict: Mapping[str, Any],
        response: tuple[Any, Mapping[str, Any]] | None,
        caught_exception: Exception | None = None,
        **kwargs: Any,
    ) -> int | None:
        """Have botocore repeat a throttled request at once (0), or do as it does (None)."""
        if response is None:
            if caught_exception is not None and is_unsendable(caught_exception):
                raise caught_exception
            return None
        pace = self._pace(operation, request_dict["context"])
        if not _is_throttled(response[1]):
            pace.passed()
        elif pace.throttled():
            self._deadline.wait(pace.delay())
            pace.sent()
            return 0
        return None

    def _before_call(
        self, model: OperationModel, context: Mapping[str, Any], **kwargs: Any
    ) -> None:
        self._call = _Call()
        pace = self._pace(model, context)
        self._deadline.wait(pace.delay())
        pace.sent()

    def _request_created(self, **kwargs: Any) -> None:
        self._call = _Call(is_out=True, retried=self._call.retried or self._call.is_out)

    def _before_send(self, request: AWSPreparedRequest, **kwargs: Any) -> None:
        # Of several keys in use the one that signed. "Credential=<key>/<date>/<region>/..."
        signed = re.search(r"Credential=([^/]+)", str(request.headers.get("Authorization")))
        self.access_key = signed and signed[1]
        self._call.is_read = True

    def _response_received(
        self,
        response_dict: Mapping[str, Any] | None,
        parsed_response: Mapping[str, Any] | None,
        event_name: str,
        **kwargs: Any,
    ) -> None:
        self._call.is_read = False
        if _is_throttled(parsed_response):
            self._call.is_out = False
        operation = OPERATIONS[event_name.rpartition(".")[2]]
        # botocore takes a body that is no JSON, and whatever is empty, for a list without models;
        # and every HTTP status below 301 for a success (`botocore/parsers.py`). The API has 200.
        if response_dict is not None and response_dict["status_code"] < 301:
            with reading(operation.operation):
                if response_dict["status_code"] != 200:
                    raise ValueError(f"its HTTP status is {response_dict['status_code']}")
                check_answer(json.loads(response_dict["body"]), operation)


def show_each_warning_once() -> None:
    """Show a warning of the SDK (--no-verify-ssl) once a run, not with each request."""
    show = warnings.showwarning
    shown = set()

    def show_once(message: Any, *args: Any, **kwargs: Any) -> None:
        if str(message) not in shown:
            shown.add(str(message))
            show(message, *args, **kwargs)

    warnings.showwarning = show_once


def _is_throttled(response: Mapping[str, Any] | None) -> bool:
    return bool(response and response.get("Error", {}).get("Code") in THROTTLED_CODES)


def _name_features(params: dict[str, Any], **kwargs: Any) -> None:
    params["Features"] = FEATURES


def _add_features(params: dict[str, Any], **kwargs: Any) -> None:
    # For a CLI whose service model has no `Features` yet, and which would refuse the parameter.
    params["body"] = json.dumps({**json.loads(params["body"]), "Features": FEATURES}).encode()
