"""The line to type for the models that a run leaves.

Whenever and wherever it is pasted, it asks, or deletes nothing that was not confirmed: it names
models by ARN, and never has --yes.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from awscli_rekcl.arguments import NAME
from awscli_rekcl.arn import ModelArn, with_fips_as
from awscli_rekcl.lifecycle import Consent
from awscli_rekcl.options import ARNS, Options
from awscli_rekcl.text import quoted, visible

if TYPE_CHECKING:
    from botocore.session import Session

MOST = 20
"""Models that a line may name. More of them no terminal shows as one line that can be copied."""


def line(
    arns: Sequence[ModelArn],
    options: Options,
    session: Session,
    parsed_globals: argparse.Namespace,
    environ: Mapping[str, str],
) -> str:
    """Return the line that continues with these models; `parsed_globals` are the AWS CLI's."""
    words = ["aws", "rekognition", NAME, ARNS, *(arn.text for arn in arns)]
    words += [consent.option for consent in Consent if consent in options.consents]
    words.append("--ignore-not-found")
    # A key in the environment counts for more than the profile, unless --profile was given.
    by_key = environ.get("AWS_ACCESS_KEY_ID") and not parsed_globals.profile
    values = {
        "--project-arn": options.project_arn and options.project_arn.text,
        "--poll-interval": _seconds(options.poll_interval),
        "--timeout": _seconds(options.timeout),
        "--profile": None if by_key else session.profile,
        "--region": _fips_region(arns, session.get_config_variable("region")),
        "--endpoint-url": _without_user_info(parsed_globals.endpoint_url or ""),
        "--ca-bundle": parsed_globals.ca_bundle,
    }
    for option, value in values.items():
        words += [option, value] if value else []
    if parsed_globals.verify_ssl is False:
        words.append("--no-verify-ssl")
    if parsed_globals.sign_request is False:
        words.append("--no-sign-request")
    return quoted(*map(visible, words))


def _seconds(value: float | None) -> str | None:
    if value is None:
        return None
    return "0" if math.isinf(value) else repr(value).removesuffix(".0")


def _fips_region(arns: Sequence[ModelArn], own: str | None) -> str | None:
    """Return what asks for FIPS in the region of the models, if the AWS CLI's own region does.

    Of several regions none can be named, because it would contradict the ARNs of the others.
    """
    first, *others = {arn.scope.region for arn in arns}
    name = with_fips_as(own, first)
    return None if others or name == first else name


def _without_user_info(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
