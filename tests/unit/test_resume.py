"""The line to type: exactly the models that are left, and never without a question."""

from __future__ import annotations

import argparse
import math
import shlex
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awscli_rekcl import resume
from awscli_rekcl.arn import ModelArn
from awscli_rekcl.lifecycle import Consent
from awscli_rekcl.options import Options

from .fakes import model_arn, options, project_arn, typed

pytestmark = pytest.mark.posix("read back as sh does")
COMMAND = "aws rekognition delete-model-and-wait"
V1 = model_arn()


def a_session(profile: str | None = None, region: str | None = None) -> Any:
    """What is asked of the AWS CLI's session."""
    variables = {"region": region}
    return argparse.Namespace(profile=profile, get_config_variable=variables.__getitem__)


NOTHING_SET = a_session()


def line(
    arns: list[ModelArn],
    chosen: Options,
    session: Any = NOTHING_SET,
    environ: Mapping[str, str] = {},
    **given: Any,
) -> str:
    names = ("profile", "endpoint_url", "ca_bundle", "verify_ssl", "sign_request")
    options = argparse.Namespace(**{**dict.fromkeys(names), **given})
    return resume.line(arns, chosen, session, options, environ)


SECONDS = st.one_of(st.floats(1e-9, 3e8), st.integers(1, 10**6).map(float))
LEFT = [model_arn(name) for name in ("v1", "--", "--yes", "None", "-1")]


@given(st.data())
def test_a_line_has_the_models_left_and_what_consents_to_them(data: st.DataObject) -> None:
    left = data.draw(st.lists(st.sampled_from(LEFT), min_size=1, unique=True))
    chosen = options("cats/v1", "cats/v2")._replace(
        project_arn=data.draw(st.sampled_from([None, project_arn()])),
        consents=data.draw(st.frozensets(st.sampled_from(list(Consent)))),
        timeout=data.draw(st.one_of(st.none(), st.just(math.inf), SECONDS)),
        poll_interval=data.draw(st.one_of(st.none(), SECONDS)),
    )
    # However the models were chosen, and whatever else was given.
    whole = chosen._replace(
        project_version_arn=None,
        version_names=["v1", "gone"],
        all_versions=True,
        keep_newest=1,
        skip_if_busy=True,
        yes=True,
        no_progress=True,
        only_show_errors=True,
    )
    text = line(left, whole)
    assert text.startswith(f"{COMMAND} ")
    read = Options.parse(typed(*shlex.split(text[len(COMMAND) :])), None)
    assert read == chosen._replace(project_version_arn=left, ignore_not_found=True)


def test_whole_seconds_have_no_fraction() -> None:
    text = line([V1], options("cats/v1", timeout="90.0", poll_interval="0.5"))
    assert text.endswith(" --poll-interval 0.5 --timeout 90")


KEY = {"AWS_ACCESS_KEY_ID": "key"}


@pytest.mark.parametrize(
    ("session", "environ", "given_", "words"),
    [
        (a_session(), KEY, {}, ""),
        (a_session("prod"), {}, {}, "--profile prod"),
        (a_session("prod"), {"AWS_ACCESS_KEY_ID": ""}, {}, "--profile prod"),
        (a_session("prod"), KEY, {}, ""),
        (a_session("prod"), KEY, {"profile": "prod"}, "--profile prod"),
        (a_session("my \x1b"), {}, {}, r"--profile 'my \x1b'"),
        (a_session(region="us-east-1"), {}, {"region": "us-east-1"}, ""),
        (a_session(region="us-east-1-fips"), {}, {}, "--region us-east-1-fips"),
        (a_session(region="fips-us-east-1"), {}, {}, "--region fips-us-east-1"),
        # Which would contradict the ARN.
        (a_session(region="eu-west-1-fips"), {}, {}, "--region us-east-1-fips"),
        (a_session(), {}, {"endpoint_url": "http://u:@'\"@h:1/"}, "--endpoint-url http://h:1/"),
        (a_session(), {}, {"verify_ssl": False}, "--no-verify-ssl"),
        (a_session(), {}, {"verify_ssl": "/configured"}, ""),
        (a_session(), {}, {"verify_ssl": "/ca", "ca_bundle": "/ca"}, "--ca-bundle /ca"),
        (a_session(), {}, {"sign_request": False}, "--no-sign-request"),
        (a_session(), {}, {"query": "x", "output": "text", "read_timeout": 9, "color": "on"}, ""),
    ],
)
def test_the_options_of_the_aws_cli(
    session: Any, environ: dict[str, str], given_: dict[str, Any], words: str
) -> None:
    text = line([V1], options("cats/v1"), session, environ, **given_)
    ours = f"{COMMAND} --project-version-arn {V1.text} --ignore-not-found"
    assert text == f"{ours} {words}".rstrip()


def test_of_several_regions_none_is_named() -> None:
    arns = [V1, model_arn(region="eu-west-1")]
    assert "--region" not in line(arns, options("cats/v1"), a_session(region="us-east-1-fips"))
