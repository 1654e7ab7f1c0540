"""Every example of the help and every command of the pages, run as it is written."""

from __future__ import annotations

import re
import shlex
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import pyte
import pytest

from tests.hosts.installs import ROOT
from tests.hosts.shell import Aws, Result
from tests.hosts.texts import PAGES, Example, blocks, examples
from tests.simulator.client import SeededProject, Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
only_v1 = pytest.mark.hosts("v1")

JANUARY = 1767258000  # 2026-01-01 09:00, when v1 was created; v2 a day later, and so on
DAY = 86400
WIDE = 200
COMPLETED, FAILED = "TRAINING_COMPLETED", "TRAINING_FAILED"
TRAINING, RUNNING, STOPPED = "TRAINING_IN_PROGRESS", "RUNNING", "STOPPED"
# Those that are an example of the help as well are run as that.
RECIPES = {
    name: next(block for block in blocks("bash") if text in block)
    for name, text in {
        "script": "set -e",
        "many": "-arn file://models.txt",
        "pipe": "file:///dev/stdin",
        "loop": "while read",
        "every night": "--keep-newest 5",
        "failed training": "failed-models.json",
        "empty a project": "delete-project ",
        "simulator": "-m tests.simulator",
    }.items()
}


def seed(simulator: Simulator, statuses: Sequence[str], region: str = "us-east-1") -> SeededProject:
    """Have models v1, v2 and so on. Their ARNs are those in the texts."""
    models = [
        {"VersionName": f"v{n + 1}", "Status": status, "CreationTimestamp": JANUARY + DAY * n}
        for n, status in enumerate(statuses)
    ]
    # As the console makes them; a project with datasets can't be deleted.
    datasets = ("TRAIN", "TEST")
    return simulator.seed({"my-project": models}, region, datasets=datasets)["my-project"]


def test_every_recipe_and_example_is_run_here() -> None:
    assert {*RECIPES.values(), *(each.script for each in examples())} >= set(blocks("bash"))
    assert len(examples()) == 11


@only_v1
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title)
def test_example_of_the_help(example: Example, aws: Aws, simulator: Simulator) -> None:
    models = [COMPLETED, STOPPED, RUNNING, *[COMPLETED] * 4]
    if "resume" in example.title:
        models.append("DELETING")
        simulator.transition("DELETING", looks=2)
    seed(simulator, models, "eu-west-1")
    project = seed(simulator, models)
    with aws.config.open("a") as config:
        config.write("[profile staging]\naws_access_key_id = a\naws_secret_access_key = b\n")
        config.write("region = us-west-2\n")
    before = simulator.versions(project.arn)
    if "ACTION" in example.output:  # what a person sees, and types
        typed = re.findall(r"^(Models to delete|Type .delete.) .*: (\S+)$", example.output, re.M)
        result = aws.bash(
            example.script,
            terminal=True,
            stdout="terminal",
            columns=WIDE,
            answers=[(f"{question} .*: ", f"{answer}\n") for question, answer in typed],
        )
        assert comparable(screen(result)) == comparable(example.output)
    else:  # what a script gets
        result = aws.bash(example.script)
        assert result.stdout == example.output
    assert result.returncode == 0, result.stderr or result.screen
    assert (simulator.versions(project.arn) == before) == (
        "--dry-run" in example.script or "eu-west-1" in example.script
    )


def screen(result: Result) -> str:
    """Return what is on the screen in the end: the moving line is wiped by then."""
    terminal = pyte.Screen(WIDE, 60)
    pyte.Stream(terminal).feed(result.screen)
    return "\n".join(line.rstrip() for line in terminal.display).rstrip() + "\n"


def comparable(text: str) -> str:
    """Take the ages out, which grow, and the width of their column with them."""
    text = re.sub(r"\b\d+ d\b", "n d", text)
    return "\n".join(re.sub(r"(?<=\S) +", " ", line) for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "models", "named", "code", "gone"),
    [
        pytest.param("script", [COMPLETED, COMPLETED], [0], 0, {0}, marks=only_v1),
        pytest.param("script", [RUNNING], [0], 255, set(), marks=only_v1),
        pytest.param("many", [STOPPED, COMPLETED, COMPLETED], [0, 2], 0, {0, 2}, marks=only_v1),
        ("pipe", [STOPPED, COMPLETED, COMPLETED], [0, 2], 0, {0, 2}),
        pytest.param("loop", [COMPLETED, STOPPED], [1], 0, {1}, marks=only_v1),
        pytest.param("loop", [RUNNING, COMPLETED], [0, 1], 255, {1}, marks=only_v1),
        pytest.param(  # a listing of two pages, newest first
            "every night",
            [STOPPED, COMPLETED, *[RUNNING] * 100, COMPLETED, FAILED, *[COMPLETED] * 4],
            [],
            0,
            {0, 1},
            marks=only_v1,
        ),
        ("failed training", [COMPLETED, FAILED, STOPPED, FAILED], [], 0, {1, 3}),
        pytest.param("empty a project", [RUNNING, TRAINING], [], 0, {0, 1}, marks=only_v1),
    ],
)
def test_recipe(
    name: str,
    models: list[str],
    named: list[int],
    code: int,
    gone: set[int],
    aws: Aws,
    simulator: Simulator,
) -> None:
    """A recipe deletes some models, of which `$model` names the first and a file all."""
    simulator.transition(TRAINING, looks=2)
    arn, versions = seed(simulator, models)
    (aws.home / "models.txt").write_text("".join(f"{versions[n]}\n" for n in named))
    result = aws.bash(RECIPES[name], env={"project": arn, "model": versions[0]})
    assert result.returncode == code, result.stderr
    assert set(simulator.versions(arn)) == {v for n, v in enumerate(versions) if n not in gone}
    assert result.stdout.count('"DELETED"') == 2 * len(gone)
    if name == "every night":
        assert result.stderr == ""  # of which cron would send mail
    deletions = [request["Error"] for request in simulator.requests("DeleteProject")]
    assert deletions == ([None] if name == "empty a project" else [])


@only_v1
def test_a_script_tells_that_the_time_is_up(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    (model,) = seed(simulator, [COMPLETED]).versions
    script = RECIPES["script"].replace("--yes", "--yes --timeout 0.1")
    result = aws.bash(script, env={"model": model})
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("The time is up. AWS continues a deletion that was requested.\n")


@only_v1
def test_a_job_can_be_run_again(aws: Aws, simulator: Simulator) -> None:
    [job] = blocks("yaml")
    [command] = re.findall(r"- run: (aws .*?)\n +env:", job, re.DOTALL)
    arn, (_, kept) = seed(simulator, [COMPLETED, COMPLETED])
    for _ in range(2):
        result = aws.bash(" ".join(command.split()), env={"project": arn, "VERSION": "v1"})
        assert result.returncode == 0, result.stderr
        assert list(simulator.versions(arn)) == [kept]


@only_v1
def test_simulated_models_for_an_aws_of_ones_own(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    own = Aws(aws.host, tmp_path / "own")  # which knows no endpoint
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    recipe = RECIPES["simulator"].replace("5000", str(port))
    recipe = recipe.replace(".demo/bin/python", shlex.quote(sys.executable))
    answers = [("Models to delete .*: ", "all\n"), ("these 2 models: ", "delete\n")]
    script = f"cd {shlex.quote(str(ROOT))}\n{recipe}kill %1"
    result = own.bash(script, env={"no_proxy": "127.0.0.1"}, terminal=True, answers=answers)
    own.close()
    assert "Deleted: versions v2, v1 in project my-project." in result.screen


# In blocks and in sentences. What installs without Python is run by `test_installing.py`.
IN_A_SENTENCE = re.compile(r"`(python3 [^`\n]*awscli_rekcl (?:install|remove|status))`")
INSTALLING = {
    *(block.strip() for block in blocks("sh") if "configure set" not in block),
    *(command for page in PAGES for command in IN_A_SENTENCE.findall(page.read_text("utf-8"))),
}
CLONE, ZIP = "python3 -m awscli_rekcl", "python3 ~/.aws/awscli_rekcl-config.zip/awscli_rekcl"


@pytest.mark.hosts("v2")
def test_installing(aws: Aws) -> None:
    """Every command in a clone, in an order in which each has something to do."""
    bin = aws.home / "bin"
    (bin / "aws").unlink()
    (bin / "aws").symlink_to(aws.host.aws)
    (bin / "python3").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    (bin / "python3").chmod(0o755)
    for name in ("AWS_CONFIG_FILE", "PYTHONPATH"):
        aws.environment.pop(name, None)
    commands = [f"{CLONE} install", f"{CLONE} status", f"{ZIP} status", f"{ZIP} remove"]
    commands += [f"{CLONE} install --completion", f"{CLONE} remove"]
    assert sorted(commands) == sorted(INSTALLING)
    for command in commands:
        # No other `aws` of this machine, which the installer would try.
        result = aws.bash(f"PATH={bin}; cd {shlex.quote(str(ROOT))}; {command}")
        assert result.returncode == 0, result.stderr
        config = aws.home / ".aws" / "config"
        is_named = config.exists() and "awscli_rekcl" in config.read_text()
        assert is_named == (" remove" not in command), command
