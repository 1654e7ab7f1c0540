"""What a program learns from a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from awscli_rekcl.document import document, dry_run_document, exit_status
from awscli_rekcl.model import Model, Outcome

from .fakes import STOP, a_model


def ended(outcome: str, status: str | None = "STOPPED") -> Model:
    model = a_model(status=status, consents=STOP)
    model.outcome = Outcome(outcome)
    return model


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ("", 0),
        ("DELETED NOT_FOUND SKIPPED", 0),
        ("DELETED PENDING", 124),
        ("PENDING FAILED DELETED", 255),
        ("FAILED DELETED", 255),
    ],
)
def test_exit_status(outcomes: str, status: int) -> None:
    assert exit_status([ended(outcome) for outcome in outcomes.split()]) == status


@pytest.mark.parametrize(
    ("outcome", "status", "reason", "entry"),
    [
        ("DELETED", "DELETING", "", {"Status": "DELETED"}),
        ("NOT_FOUND", None, "", {"Status": "NOT_FOUND"}),
        ("FAILED", "RUNNING", "why", {"Status": "RUNNING", "StatusMessage": "why"}),
        ("PENDING", "DELETING", "why", {"Status": "DELETING", "StatusMessage": "why"}),
        ("PENDING", "STOPPED", "", {"Status": "STOPPED"}),
        # Listed, whatever the status reads.
        ("PENDING", "DELETED", "", {"Status": "listed as DELETED"}),
        ("PENDING", "NOT_FOUND", "", {"Status": "listed as NOT_FOUND"}),
        ("PENDING", "", "", {"Status": ""}),
    ],
)
def test_entry(outcome: str, status: str | None, reason: str, entry: dict[str, str]) -> None:
    model = ended(outcome, status)
    entry = {"ProjectVersionArn": model.arn.text, **entry}
    done = {"ProjectVersions": [{**entry, "Outcome": outcome}]}
    assert document([model], lambda _: reason) == done
    planned = {"ProjectVersions": [{**entry, "Action": model.plan.name}]}
    assert dry_run_document([model], lambda _: reason) == planned


@pytest.mark.parametrize(
    ("model", "entry"),
    [
        (ended("NOT_FOUND", None), {"Status": "NOT_FOUND", "Outcome": "NOT_FOUND"}),
        (ended("PENDING", "RUNNING"), {"Status": "DELETED", "Outcome": "DELETED"}),
        (
            ended("SKIPPED", "RUNNING"),
            {"Status": "RUNNING", "StatusMessage": "why", "Outcome": "SKIPPED"},
        ),
    ],
)
def test_success(model: Model, entry: dict[str, str]) -> None:
    succeeded = document([model], lambda _: "why", succeeds=True)
    assert succeeded == {"ProjectVersions": [{"ProjectVersionArn": model.arn.text, **entry}]}


def test_order_and_plain_text() -> None:
    models = [a_model("cats/b"), a_model("dogs/a"), a_model("cats/a")]
    entries = dry_run_document(models, lambda _: "")["ProjectVersions"]
    assert [entry["ProjectVersionArn"] for entry in entries] == [m.arn.text for m in models]
    assert (type(entries[0]["Action"]), entries[0]["Action"]) == (str, "DELETE")


# What shows a document of models that were deleted, and of a dry run.
SHOWN = ["docs/reference.md", "awscli_rekcl/help/examples.rst", "tests/hosts/command.py"]


@pytest.mark.parametrize("file", SHOWN)
def test_every_field_is_shown(file: str) -> None:
    text = (Path(__file__).parents[2] / file).read_text()
    text = text.split("def deleted(")[-1].split("\ndef ")[0]
    [entry] = document([ended("DELETED")], lambda _: "")["ProjectVersions"]
    missing = [field for field in entry if f'"{field}": ' not in text]
    assert not missing, f"{file} needs a value for {', '.join(missing)}"


@pytest.mark.parametrize("file", ["docs/reference.md", "awscli_rekcl/help/description.rst"])
def test_every_field_is_described(file: str) -> None:
    text = (Path(__file__).parents[2] / file).read_text()
    [failed] = document([ended("FAILED")], lambda _: "why")["ProjectVersions"]
    [planned] = dry_run_document([ended("PENDING")], lambda _: "")["ProjectVersions"]
    described = re.findall(r"`(\w+)`", text)
    missing = {*failed, *planned} - {*described, "ProjectVersionArn"}
    assert not missing, f"{file} has to describe {', '.join(missing)}"
