"""Whether real AWS is as the tests believe: `make live`, or `make live ARGS="--profile me"`.

With AWS_ENDPOINT_URL it asks a stand-in instead of AWS. The exit status is 0 if all is as believed,
1 if not, 2 if nothing was done, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import tempfile
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tests.hosts.installs import NAMES, ROOT, HostUnavailable, install
from tests.live.proof import Proof

CONSENT = """\
This runs against {where}.

It creates a Custom Labels project there, {name}, with one empty dataset and
two trainings whose manifest does not exist. Projects and datasets are free; a training that fails
at once costs nothing or cents (trainings are billed by the hour). It deletes all that at its end,
after Ctrl-C too, and touches nothing else in the account{model}.

Type the number of the account to go on: """
#: What must not be in a report, and what stands in its place. The order counts.
HIDDEN = [
    (r"(arn:[\w-]+:(?:iam|sts)::)\d{12}:[^\s\"',;)]+", r"\1<account>:<principal>"),
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "<access key>"),
    (r"\b\d{12}\b", "<account>"),
    (r"(?<=/)\d{13}\b", "<time>"),
    (r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", "<id>"),
]

say = partial(print, flush=True)


def main() -> int:
    args = _parser().parse_args()
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if os.environ.get("CI") and not endpoint:
        return _nothing_done("In CI this runs only against a stand-in, by AWS_ENDPOINT_URL.")
    try:
        session = boto3.Session(profile_name=args.profile, region_name=args.region)
        if session.region_name is None:
            return _nothing_done("No region is configured: --region names one.")
        account = session.client("sts").get_caller_identity()["Account"]
        host = install(args.host)
    except (BotoCoreError, ClientError, HostUnavailable) as error:
        return _nothing_done(str(error))
    name = f"awscli-rekcl-live-{uuid.uuid4().hex[:8]}"
    where = f"{endpoint or 'AWS'}, account {account}, region {session.region_name}"
    model = f", save that it deletes for good\n{args.model}\nif trainings are refused"
    say(CONSENT.format(where=where, name=name, model=model if args.model else ""), end="")
    if sys.stdin.readline().strip() != account:
        return _nothing_done("\nThat is not its number.")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as temp:
        try:
            return _prove(args, Proof(session, host, Path(temp, "aws"), endpoint, name))
        except KeyboardInterrupt:
            say("Interrupted.")
            return 130


def _prove(args: argparse.Namespace, proof: Proof) -> int:
    trouble = ""
    say("Ctrl-C ends it, and deletes what it created.")
    try:
        proof.run(args.model)
    except (BotoCoreError, ClientError, AssertionError, LookupError, ValueError) as error:
        trouble = repr(error)
    finally:
        say("Deleting what is left of it, after its trainings if any are still going on.")
        try:
            proof.clean_up()
        except BaseException as error:
            say(f"The project {proof.name} may still be there, with all in it: {error!r}")
            raise
    # Of the model's ARN, the names of its project and of its version.
    secrets = (proof.name, *(args.model or "").split("/")[1:4:2])
    report = redact(_report(proof, trouble), secrets)
    args.report.parent.mkdir(exist_ok=True)
    args.report.write_text(report)
    say(f"{report.splitlines()[2]} The report is in {args.report}.")
    return int(bool(trouble) or any(found != believed for _, found, believed in proof.rows))


def _report(proof: Proof, trouble: str) -> str:
    """The report in Markdown, with all that must be taken out of it."""
    different = [row for row in proof.rows if row[1] != row[2]]
    counts = f"{len(proof.rows) - len(different)} facts are as believed, {len(different)} different"
    lines = [
        f"# {proof.session.region_name}, by {proof.aws.host.version}",
        f"\n{counts}.",
        *([f"This stopped it: {trouble}"] if trouble else []),
        "\n| fact | | found | believed |\n|---|---|---|---|",
    ]
    for name, *values in proof.rows:
        verdict = "as believed" if values[0] == values[1] else "**different**"
        lines.append(f"| {' | '.join([name, verdict, *values])} |")
    lines.append("\nFor the record, and compared with nothing:\n")
    lines += [
        f"- {name}: `{' '.join(text.split())}`" for name, text in proof.record.items() if text
    ]
    return "\n".join(lines) + "\n"


def redact(text: str, secrets: Sequence[str]) -> str:
    """Take out accounts, principals, keys, request ids and times in ARNs, and these texts."""
    for secret in filter(None, secrets):
        text = re.sub(rf"(?<![\w.-]){re.escape(secret)}(?![\w.-]*\w)", "<name>", text)
    for pattern, stand_in in HIDDEN:
        text = re.sub(pattern, stand_in, text)
    return text


def _nothing_done(why: str) -> int:
    print(f"{why} Nothing was done.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    add = parser.add_argument
    add("--profile", help="whose credentials to use")
    add("--region", help="default: the profile's")
    add("--host", choices=NAMES, default="v2", help="the AWS CLI (default: v2)")
    add("--model", metavar="ARN", help="a model to delete for good, if trainings are refused")
    path = ROOT / "build" / "live.md"
    add("--report", type=Path, default=path, help="default: build/live.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
