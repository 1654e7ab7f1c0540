"""What a program learns from a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from awscli_rekcl.document import document, dry_run_document, exit_status
from awscli_rekcl.lifecycle import Action
from awscli_rekcl.model import Model, Outcome

from .fakes import STOP, a_model


def ended(outcome: Outcome, status: str | None = "STOPPED") -> Model:
    model = a_model(status=status, consents=STOP)
    model.outcome = outcome
    return model


def silence(model: Model) -> str:
    return ""


D, M, F, P = Outcome.DELETED, Outcome.NOT_FOUND, Outcome.FAILED, Outcome.PENDING


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([], 0),
        ([D], 0),
        ([D, M], 0),
        ([D, P], 124),
        ([P, F, D], 255),
        ([F, D], 255),
    ],
)
def test_exit_status(outcomes: list[Outcome], status: int) -> None:
    assert exit_status([ended(outcome) for outcome in outcomes]) == status


@pytest.mark.parametrize(
    ("model", "reason", "entry"),
    [
        (ended(D, "DELETING"), "", {"Status": "DELETED", "Outcome": "DELETED"}),
        (ended(M, None), "", {"Status": "NOT_FOUND", "Outcome": "NOT_FOUND"}),
        (
            ended(F, "RUNNING"),
            "why",
            {"Status": "RUNNING", "StatusMessage": "why", "Outcome": "FAILED"},
        ),
        (
            ended(P, "DELETING"),
            "why",
            {"Status": "DELETING", "StatusMessage": "why", "Outcome": "PENDING"},
        ),
        (ended(P, "STOPPED"), "", {"Status": "STOPPED", "Outcome": "PENDING"}),
        # Listed, whatever the status reads.
        (ended(P, "DELETED"), "", {"Status": "listed as DELETED", "Outcome": "PENDING"}),
        (ended(P, "NOT_FOUND"), "", {"Status": "listed as NOT_FOUND", "Outcome": "PENDING"}),
        (ended(P, ""), "", {"Status": "", "Outcome": "PENDING"}),
    ],
)
def test_entry(model: Model, reason: str, entry: dict[str, str]) -> None:
    arn = {"ProjectVersionArn": model.arn.text}
    assert document([model], lambda _: reason) == {"ProjectVersions": [{**arn, **entry}]}
    dry = {**arn, **entry, "Action": model.plan.name}
    del dry["Outcome"]
    assert dry_run_document([model], lambda _: reason) == {"ProjectVersions": [dry]}


@pytest.mark.parametrize(
    ("model", "status"),
    [(ended(P), "DELETED"), (ended(M, None), "NOT_FOUND"), (ended(P, "RUNNING"), "DELETED")],
)
def test_success(model: Model, status: str) -> None:
    [entry] = document([model], silence, succeeds=True)["ProjectVersions"]
    assert entry == {"ProjectVersionArn": model.arn.text, "Status": status, "Outcome": status}


def test_order_and_plain_text() -> None:
    models = [a_model("cats/b"), a_model("dogs/a"), a_model("cats/a")]
    entries = dry_run_document(models, silence)["ProjectVersions"]
    assert [entry["ProjectVersionArn"] for entry in entries] == [m.arn.text for m in models]
    assert type(entries[0]["Action"]) is str
    assert entries[0]["Action"] == Action.DELETE.name


def test_success_says_why_a_model_is_skipped() -> None:
    model = ended(Outcome.SKIPPED, "RUNNING")
    [entry] = document([model], lambda told: f"{told.status}", succeeds=True)["ProjectVersions"]
    assert entry == {
        "ProjectVersionArn": model.arn.text,
        "Status": "RUNNING",
        "StatusMessage": "RUNNING",
        "Outcome": "SKIPPED",
    }


# What shows a document of models that were deleted, and of a dry run.
SHOWN = ["docs/reference.md", "awscli_rekcl/help/examples.rst", "tests/hosts/command.py"]


@pytest.mark.parametrize("file", SHOWN)
def test_every_field_is_shown(file: str) -> None:
    text = (Path(__file__).parents[2] / file).read_text()
    text = text.split("def deleted(")[-1].split("\ndef ")[0]
    [entry] = document([ended(D)], silence)["ProjectVersions"]
    missing = [field for field in entry if f'"{field}": ' not in text]
    assert not missing, f"{file} needs a value for {', '.join(missing)}"


@pytest.mark.parametrize("file", ["docs/reference.md", "awscli_rekcl/help/description.rst"])
def test_every_field_is_described(file: str) -> None:
    text = (Path(__file__).parents[2] / file).read_text()
    [failed] = document([ended(F)], lambda _: "why")["ProjectVersions"]
    [planned] = dry_run_document([ended(P)], silence)["ProjectVersions"]
    described = re.findall(r"`(\w+)`", text)
    missing = {*failed, *planned} - {*described, "ProjectVersionArn"}
    assert not missing, f"{file} has to describe {', '.join(missing)}"
