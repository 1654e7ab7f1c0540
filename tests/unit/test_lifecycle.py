"""The contract's table "Which status leads to what"."""

from __future__ import annotations

from pathlib import Path

import pytest

from awscli_rekcl.lifecycle import RULES, Action, decide, is_stopping

from .fakes import NO_CONSENT, STOP, TRAINING

D, S, T = Action.DELETE, Action.STOP_THEN_DELETE, Action.WAIT_THEN_DELETE
W, N, R = Action.WAIT, Action.NONE, Action.REFUSE
CONSENTS = [NO_CONSENT, STOP, TRAINING, STOP | TRAINING]
TABLE = {
    # status                   none stop train both
    None: (N, N, N, N),
    "DELETING": (W, W, W, W),
    "STOPPING": (T, T, T, T),
    "RUNNING": (R, S, R, S),
    "STARTING": (R, S, R, S),
    "TRAINING_IN_PROGRESS": (R, R, T, T),
    "COPYING_IN_PROGRESS": (R, R, T, T),
    "TRAINING_COMPLETED": (D, D, D, D),
    "FAILED": (D, D, D, D),
    "STOPPED": (D, D, D, D),
    "COPYING_COMPLETED": (D, D, D, D),
    "A_STATUS_OF_TOMORROW": (D, D, D, D),
    "": (D, D, D, D),
}


@pytest.mark.parametrize("status", TABLE)
def test_table(status: str | None) -> None:
    assert tuple(decide(status, consents) for consents in CONSENTS) == TABLE[status]


@pytest.mark.parametrize(
    ("file", "quoted"),
    [
        ("tests/unit/test_lifecycle.py", '"{}": ('),
        ("tests/hosts/test_statuses.py", '"{}": ('),
        ("docs/reference.md", "`{}`"),
        ("awscli_rekcl/help/description.rst", "``{}``"),
    ],
)
def test_every_status_has_its_row(file: str, quoted: str) -> None:
    text = (Path(__file__).parents[2] / file).read_text()
    # The pages don't name those that are simply deleted.
    named = [name for name, rule in RULES.items() if name and rule.action is not Action.DELETE]
    if file.startswith("tests"):
        named = [name for name in RULES if name]
    missing = [name for name in named if quoted.format(name) not in text]
    assert not missing, f"{file} needs a row for {', '.join(missing)}"


def test_a_model_that_stops_by_itself() -> None:
    assert [status for status in TABLE if is_stopping(status)] == ["STOPPING"]
