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
from functools import partial
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tests.hosts.installs import NAMES, ROOT, HostUnavailable, install
from tests.live.proof import Proof

CONSENT = """\
This runs against {where}.
It creates a Custom Labels project there, {name}, with two trainings whose
manifest does not exist. Projects are free; a training that fails at once costs nothing or cents
(trainings are billed by the hour). It deletes all that at its end, after Ctrl-C too, and touches
nothing else in the account{model}.
Type the number of the account to go on: """
#: What must not be in a report, in this order.
HIDDEN = [
    (r"(arn:[\w-]+:(?:iam|sts)::)\d{12}:[^\s\"',;)]+", r"\1<account>:<principal>"),
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "<access key>"),
    (r"\b\d{12}\b", "<account>"),
]

say = partial(print, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    add = parser.add_argument
    add("--profile", help="whose credentials to use")
    add("--region", help="default: the profile's")
    add("--host", choices=NAMES, default="v2", help="the AWS CLI (default: v2)")
    add("--model", metavar="ARN", help="a model to delete for good, if trainings are refused")
    add("--report", type=Path, default=ROOT / "build" / "live.md", help="default: build/live.md")
    args = parser.parse_args()
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if os.environ.get("CI") and not endpoint:
        parser.exit(2, "In CI this runs only against a stand-in, by AWS_ENDPOINT_URL.\n")
    try:
        session = boto3.Session(profile_name=args.profile, region_name=args.region)
        account = "123456789012"  # of a stand-in, which has no STS
        if not endpoint:
            account = session.client("sts").get_caller_identity()["Account"]
        host = install(args.host)
        session.client("rekognition")  # there is a region
    except (BotoCoreError, ClientError, HostUnavailable) as error:
        parser.exit(2, f"{error} Nothing was done.\n")
    name = f"awscli-rekcl-live-{uuid.uuid4().hex[:8]}"
    where = f"{endpoint or 'AWS'}, account {account}, region {session.region_name}"
    model = f" but {args.model},\nwhich it deletes for good if trainings are refused"
    say(CONSENT.format(where=where, name=name, model=model if args.model else ""), end="")
    if sys.stdin.readline().strip() != account:
        parser.exit(2, "\nThat is not its number. Nothing was done.\n")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory() as temp:
            return _prove(args, Proof(session, host, Path(temp), endpoint, name))
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def _prove(args: argparse.Namespace, proof: Proof) -> int:
    trouble = ""
    try:
        proof.run(args.model)
    except (BotoCoreError, ClientError, AssertionError, LookupError, ValueError) as error:
        trouble = f"This stopped it: {error!r}\n"
    finally:
        say(f"Deleting what is left of {proof.name}, after its trainings if any still go on.")
        proof.clean_up()
    different = [row for row in proof.rows if row[1] != row[2]]
    lines = [
        f"# {proof.session.region_name}, by {proof.aws.host.version}\n",
        f"{len(proof.rows)} facts, of which {len(different)} are different.\n{trouble}",
        "| fact | | found | believed | said besides |\n|---|---|---|---|---|",
    ]
    for name, found, believed, said in proof.rows:
        verdict = "as believed" if found == believed else "**different**"
        lines.append(f"| {name} | {verdict} | {found} | {believed} | {' '.join(said.split())} |")
    report = "\n".join(lines) + "\n"
    names = [re.escape(name) for name in (proof.name, *(args.model or "").split("/")[1:4:2])]
    for pattern, stand_in in [(rf"\b({'|'.join(names)})\b(?!-)", "<name>"), *HIDDEN]:
        report = re.sub(pattern, stand_in, report)
    args.report.parent.mkdir(exist_ok=True)
    args.report.write_text(report)
    say(f"{lines[1]}The report is in {args.report}.")
    return int(bool(trouble or different))


sys.exit(main())
