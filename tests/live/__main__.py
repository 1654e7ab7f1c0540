"""Compares real AWS with the simulator: `make live`, or `make live ARGS="--profile me"`.

With AWS_ENDPOINT_URL it asks a simulator instead of AWS. The exit status is 0 if all is as
believed, 1 if not, 2 if nothing was done, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import uuid
from functools import partial
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tests.hosts.installs import NAMES, ROOT, Host, HostUnavailable, install
from tests.live import leftovers, report, steps
from tests.live.believed import PAUSE, Believed
from tests.live.side import Side
from tests.simulator.client import Simulator

REPORT = ROOT / "build" / "live.md"

say = partial(print, flush=True)

CONSENT = """\
This runs against {where}.

It creates a Custom Labels project there, {name}, with one empty dataset and
two trainings whose manifest does not exist. Projects and datasets are free; a training that fails
at once costs nothing or cents (trainings are billed by the hour). It deletes all that at its end,
after Ctrl-C too, and touches nothing else in the account{model}.

Type the number of the account to go on: """


def main() -> int:
    args = _parser().parse_args()
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if os.environ.get("CI") and not endpoint:
        return _nothing_done("In CI this runs only against a simulator, by AWS_ENDPOINT_URL.")
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
    try:
        return _prove(args, session, host, endpoint, name)
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def _prove(
    args: argparse.Namespace, session: boto3.Session, host: Host, endpoint: str | None, name: str
) -> int:
    profiles = {"denied": args.denied_profile, "expired": args.expired_profile}
    given = {kind: profile for kind, profile in profiles.items() if profile}
    plan = steps.Plan(name, args.bucket or name, args.model, given)
    with tempfile.TemporaryDirectory() as temp:
        service = Side(session, host, Path(temp, "aws"), endpoint, PAUSE if endpoint else 2)
        service.profiles = given
        say(f"Asking {endpoint or 'AWS'}. Ctrl-C ends it, and deletes what it created.")
        trouble = _ask(service, plan)
        say("Asking the simulator the same.")
        believed = _ask_simulator(Path(temp, "simulator"), service, plan)
    rows = report.compare(service.facts, believed)
    left_out = _left_out(plan)
    if trouble:
        rows = [row for row in rows if row.fact in service.facts]
        left_out.append(f"all that comes after the last fact: {trouble}")
    heading = f"{'A simulator' if endpoint else 'AWS'} in {session.region_name}, by {host.version}"
    # Of the model's ARN, the names of its project and of its version.
    secrets = (name, args.bucket or "", *(args.model or "").split("/")[1:4:2])
    args.report.parent.mkdir(exist_ok=True)
    args.report.write_text(report.render(heading, rows, service.record, left_out, *secrets))
    different = [row for row in rows if not row.is_as_believed]
    for row in different:
        text = f"{row.fact}: {row.service}. Believed: {row.believed}."
        say(report.redact(text, *secrets))
    say(f"{len(rows) - len(different)} facts as believed, {len(different)} different.")
    say(f"The report is in {args.report}.")
    return int(bool(different or trouble))


def _ask(service: Side, plan: steps.Plan) -> str:
    """Do the steps, and delete what they created; return what went wrong with them."""
    try:
        steps.run(service, plan)
    except (AssertionError, BotoCoreError, ClientError, LookupError, ValueError) as error:
        say(f"This stopped it: {error!r}")
        return repr(error)
    finally:
        service.aws.close()
        _clean_up(service, plan.name)
    return ""


def _ask_simulator(home: Path, service: Side, plan: steps.Plan) -> dict[str, str]:
    region = service.session.region_name
    with Simulator() as simulator:
        side = Believed(simulator, service.aws.host, home, region)
        if plan.model:
            plan.model = simulator.seed({"named": ["model"]}, region=region)["named"].versions[0]
        try:
            steps.run(side, plan)
        finally:
            side.aws.close()
    return side.facts


def _clean_up(side: Side, name: str) -> None:
    say("Deleting what is left of it, after its trainings if any are still going on.")
    try:
        leftovers.remove(side.client, name, side.pause)
    except BaseException as error:
        say(f"The project {name} may still be there, with models and datasets: {error!r}")
        raise


def _left_out(plan: steps.Plan) -> list[str]:
    left_out = [
        f"{kind} credentials, without --{kind}-profile"
        for kind in ("denied", "expired")
        if kind not in plan.refused
    ]
    if not plan.trains:
        what = "the deletion is of a model that was named" if plan.model else "no model was deleted"
        left_out.append(f"a training's course: it was refused at once; {what}")
    return left_out


def _nothing_done(why: str) -> int:
    print(f"{why} Nothing was done.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    parser.add_argument("--profile", help="whose credentials to use")
    parser.add_argument("--region", help="default: the profile's")
    parser.add_argument("--host", choices=NAMES, default="v2", help="the AWS CLI (default: v2)")
    parser.add_argument("--bucket", help="for trainings; default: one that does not exist")
    parser.add_argument(
        "--model", metavar="ARN", help="a model to delete for good, if trainings are refused"
    )
    parser.add_argument("--report", type=Path, default=REPORT, help="default: build/live.md")
    parser.add_argument("--denied-profile", help="one that may do nothing in Rekognition")
    parser.add_argument("--expired-profile", help="one whose credentials have expired")
    return parser


if __name__ == "__main__":
    sys.exit(main())
