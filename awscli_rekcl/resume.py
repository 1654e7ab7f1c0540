"""The line to type for the models that a run leaves.

Whenever and wherever it is pasted, it asks, or deletes nothing that was not confirmed: it names
models by ARN, and never has --yes.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from awscli_rekcl.arguments import NAME
from awscli_rekcl.arn import ModelArn, without_fips
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
    words = ["aws", *_global_words(arns, session, parsed_globals, environ), "rekognition", NAME]
    words += [ARNS, *(arn.text for arn in arns), *_words(options)]
    return quoted(*map(visible, words))


def _words(options: Options) -> Iterator[str]:
    if options.project_arn is not None:
        yield from ("--project-arn", options.project_arn.text)
    yield from (consent.option for consent in Consent if consent in options.consents)
    yield "--ignore-not-found"
    if options.poll_interval is not None:
        yield from ("--poll-interval", _seconds(options.poll_interval))
    if options.timeout is not None:
        yield from ("--timeout", _seconds(options.timeout))


def _global_words(
    arns: Sequence[ModelArn],
    session: Session,
    parsed_globals: argparse.Namespace,
    environ: Mapping[str, str],
) -> Iterator[str]:
    # A key in the environment counts for more than the profile, unless --profile was given.
    is_profile_used = parsed_globals.profile or not environ.get("AWS_ACCESS_KEY_ID")
    if session.profile and is_profile_used:
        yield from ("--profile", session.profile)
    # The region is that of the ARNs, and the AWS CLI's own says only whether to use FIPS.
    configured = session.get_config_variable("region") or ""
    regions = {arn.scope.region for arn in arns}
    if without_fips(configured) != configured and len(regions) == 1:
        yield from ("--region", f"{regions.pop()}-fips")
    if parsed_globals.endpoint_url:
        url = urlsplit(parsed_globals.endpoint_url)
        yield "--endpoint-url"
        yield url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
    if parsed_globals.verify_ssl is False:
        yield "--no-verify-ssl"
    if parsed_globals.ca_bundle:
        yield from ("--ca-bundle", parsed_globals.ca_bundle)
    if parsed_globals.sign_request is False:
        yield "--no-sign-request"


def _seconds(value: float) -> str:
    return "0" if math.isinf(value) else repr(value).removesuffix(".0")
