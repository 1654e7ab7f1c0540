"""Every example of the help, every command of the pages, and what is shown or not shown."""

from __future__ import annotations

import re
import shlex
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyte
import pytest

from tests.hosts.command import changes, until
from tests.hosts.installs import ROOT
from tests.hosts.shell import Aws, Result
from tests.hosts.texts import PAGES, README, REFERENCE, Example, blocks, examples
from tests.simulator.client import SeededProject, Simulator

pytestmark = pytest.mark.hosts("v1", "v2")

JANUARY = 1767258000  # 2026-01-01 09:00, when v1 was created; v2 a day later, and so on
DAY = 86400
WIDE = 200
STATUSES = {"v2": "STOPPED", "v3": "RUNNING"}
RECIPES = {
    name: next(block for block in blocks("bash") if text in block)
    for name, text in {
        "by name": "--version-names v1",
        "by hand": "-wait\n",
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


def version(number: int, status: str = "TRAINING_COMPLETED") -> Mapping[str, Any]:
    return {
        "VersionName": f"v{number}",
        "Status": STATUSES.get(f"v{number}", status),
        "CreationTimestamp": JANUARY + DAY * (number - 1),
    }


@pytest.fixture
def project(simulator: Simulator, request: pytest.FixtureRequest) -> SeededProject:
    """The project of the examples. The ARNs of its models are those in the texts."""
    models = [version(number) for number in range(1, 8)]
    if "resume" in request.node.name:
        models.append(version(8, "DELETING"))
        simulator.transition("DELETING", looks=2)
    simulator.seed({"my-project": models}, "eu-west-1")
    return simulator.seed({"my-project": models})["my-project"]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title)
def test_example_of_the_help(
    example: Example, project: SeededProject, aws: Aws, simulator: Simulator
) -> None:
    with aws.config.open("a") as config:
        config.write("[profile staging]\naws_access_key_id = a\naws_secret_access_key = b\n")
        config.write("region = us-west-2\n")
    script = example.script.replace(project_in_the_texts(example.script), project.arn)
    before = simulator.versions(project.arn)
    if "ACTION" in example.output:  # what a person sees, and types
        typed = re.findall(r"^(Models to delete|Type .delete.) .*: (\S+)$", example.output, re.M)
        result = aws.bash(
            script,
            terminal=True,
            stdout="terminal",
            columns=WIDE,
            answers=[(f"{question} .*: ", f"{answer}\n") for question, answer in typed],
        )
        assert comparable(screen(result)) == comparable(example.output)
    else:  # what a script gets
        result = aws.bash(script)
        assert result.stdout == example.output
    assert result.returncode == 0, result.stderr or result.screen
    assert (simulator.versions(project.arn) == before) == (
        "--dry-run" in script or "eu-west-1" in script
    )


def test_there_are_eleven_examples() -> None:
    assert len(examples()) == 11


def project_in_the_texts(text: str) -> str:
    # The one number that can't be seeded is that of the project.
    match = re.search(r"arn:\S+:project/my-project/\d+", text)
    return match[0] if match else "no project"


def screen(result: Result) -> str:
    """Return what is on the screen in the end: the moving line is wiped by then."""
    terminal = pyte.Screen(WIDE, 60)
    pyte.Stream(terminal).feed(result.screen)
    return "\n".join(line.rstrip() for line in terminal.display).rstrip() + "\n"


def comparable(text: str) -> str:
    """Take the ages out, which grow, and the width of their column with them."""
    text = re.sub(r"\b\d+ d\b", "n d", text)
    return "\n".join(re.sub(r"(?<=\S) +", " ", line) for line in text.splitlines())


def shown(aws: Aws, options: str, answer: str = "") -> str:
    """Run the command at a terminal; return all that appeared there."""
    script = f"aws rekognition delete-model-and-wait --project-name my-project {options}"
    answers = [("this model: ", f"{answer}\n")] if answer else []
    return aws.bash(script, terminal=True, answers=answers, columns=WIDE).screen


LIST, QUESTION, PROGRESS, SUMMARY = "ACTION", 'Type "delete"', "v1: DELETING", "Deleted: version"
PARTS = {LIST, QUESTION, PROGRESS, SUMMARY}


@pytest.mark.parametrize(
    ("option", "parts"),
    [
        ("", PARTS),
        ("--no-progress", PARTS - {PROGRESS}),
        ("--yes", PARTS - {QUESTION}),
        ("--dry-run", {LIST}),
    ],
)
def test_what_is_shown_at_a_terminal(
    option: str, parts: set[str], project: SeededProject, aws: Aws, simulator: Simulator
) -> None:
    simulator.transition("DELETING", looks=3)
    text = shown(aws, f"--version-names v1 {option}", "delete" if QUESTION in parts else "")
    assert {part for part in PARTS if part in text} == parts
    assert bool(changes(simulator)) == (option != "--dry-run")


def test_what_the_exit_status_and_standard_input_are(project: SeededProject, aws: Aws) -> None:
    script = "aws rekognition delete-model-and-wait --project-name my-project --version-names v1"
    assert aws.bash(f"{script} v2 --dry-run").returncode == 0
    assert aws.bash(f"{script} v3 --dry-run").returncode == 255
    result = aws.bash(f"{script} --yes --query nothing && cat", input="still there\n")
    assert result.stdout == "null\nstill there\n"


@pytest.fixture
def run(project: SeededProject, aws: Aws) -> Callable[..., Result]:
    """Run a text in bash, with the variables and the file that the README's commands suppose."""
    (aws.home / "models.txt").write_text("".join(f"{arn}\n" for arn in project.versions[3:6]))

    def run(text: str, code: int = 0, model: int = 0, **options: Any) -> Result:
        variables = {"project": project.arn, "model": project.versions[model], "VERSION": "v1"}
        result = aws.bash(text, env=variables, **options)
        assert result.returncode == code, result.stderr or result.screen
        return result

    return run


def test_every_recipe_is_run_here() -> None:
    assert sorted(RECIPES.values()) == sorted(blocks("bash"))


@pytest.mark.parametrize("name", ["by name", "by hand", "script", "job, twice"])
def test_one_model(
    name: str, run: Callable[..., Result], project: SeededProject, simulator: Simulator
) -> None:
    if name.startswith("by"):
        picked = [("Models to delete .*: ", "v1\n")] if name == "by hand" else []
        run(RECIPES[name], terminal=True, answers=[*picked, ("this model: ", "delete\n")])
    elif name == "script":
        run(RECIPES[name])
    else:
        [job] = blocks("yaml")
        [command] = re.findall(r"- run: (aws .*?)\n +env:", job, re.DOTALL)
        for _ in range(2):
            run(" ".join(command.split()))
    assert set(simulator.versions(project.arn)) == set(project.versions[1:])


def test_a_script_tells_a_timeout_from_a_refusal(
    run: Callable[..., Result], simulator: Simulator
) -> None:
    simulator.transition("DELETING", seconds=600)
    result = run(RECIPES["script"].replace("--yes", "--yes --timeout 0.1"))
    assert result.stdout.endswith("The time is up. AWS continues a deletion that was requested.\n")
    run(RECIPES["script"], 255, model=2)


def test_a_line_of_standard_input_deletes(
    run: Callable[..., Result], project: SeededProject, simulator: Simulator
) -> None:
    script = "echo delete | aws "
    assert all(f"`{script}" in page.read_text("utf-8") for page in (README, REFERENCE))
    words = "rekognition delete-model-and-wait --project-name my-project --version-names v1"
    assert "Deleted: version v1" in run(script + words).stderr
    assert set(simulator.versions(project.arn)) == set(project.versions[1:])


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


# Installing: what is in blocks, and what is named in a sentence.
INSTALLING = {
    *blocks("sh"),
    *(
        command
        for page in PAGES
        for command in re.findall(
            r"`(python3 [^`\n]*awscli_rekcl (?:install|remove|status))`", page.read_text("utf-8")
        )
    ),
}


@pytest.mark.hosts("v2")
@pytest.mark.parametrize("command", sorted(INSTALLING))
def test_installing(command: str, aws: Aws) -> None:
    """Each command on its own, in a clone from which the plugin is installed already."""
    bin = aws.home / "bin"
    (bin / "aws").unlink()
    (bin / "aws").symlink_to(aws.host.aws)
    (bin / "python3").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    (bin / "python3").chmod(0o755)
    for name in ("AWS_CONFIG_FILE", "PYTHONPATH"):
        aws.environment.pop(name, None)
    # No other `aws` of this machine, which the installer would try.
    prepare = f"PATH={bin}; cd {shlex.quote(str(ROOT))}; python3 -m awscli_rekcl install"
    result = aws.bash(f"{prepare} && {command}")
    assert result.returncode == 0, result.stderr
    config = aws.home / ".aws" / "config"
    is_named = config.exists() and "awscli_rekcl" in config.read_text()
    assert is_named == (" remove" not in command)


@pytest.mark.parametrize("name", ["many", "pipe", "loop"])
def test_a_file_of_models(
    name: str, run: Callable[..., Result], project: SeededProject, simulator: Simulator
) -> None:
    assert run(RECIPES[name]).stdout.count("DELETED") == 2 * 3
    assert set(simulator.versions(project.arn)) == {*project.versions[:3], project.versions[6]}


def test_the_loop_keeps_a_failure(
    run: Callable[..., Result], project: SeededProject, aws: Aws, simulator: Simulator
) -> None:
    _, _, running, idle, *_ = project.versions
    (aws.home / "models.txt").write_text(f"{running}\n{idle}\n")
    run(RECIPES["loop"], 255)
    assert running in simulator.versions(project.arn)
    assert idle not in simulator.versions(project.arn)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("every night", 105),
        ("failed training", 105),
        ("empty a project", 105),
        ("every night", 0),
        ("empty a project", 0),
    ],
)
def test_recipe(name: str, count: int, aws: Aws, simulator: Simulator) -> None:
    statuses = ["TRAINING_COMPLETED", "TRAINING_FAILED", "STOPPED"]
    models = [
        {"VersionName": f"m{n}", "Status": statuses[n % 3], "CreationTimestamp": JANUARY + n}
        for n in range(count)
    ]
    if name == "empty a project" and models:
        models[0]["Status"] = "RUNNING"
        models[1]["Status"] = "TRAINING_IN_PROGRESS"
        simulator.transition("TRAINING_IN_PROGRESS", looks=2)
    if name == "every night" and models:
        models[0]["Status"] = "RUNNING"  # in production
    # As the console makes them; a project with datasets can't be deleted.
    datasets = ("TRAIN", "TEST") if name == "empty a project" else ()
    seeded = simulator.seed({"my-project": models}, datasets=datasets)["my-project"]
    left = {
        # Of three models in a row two are usable: the newest five are among the newest eight or so.
        "every night": [*seeded.versions[:1], *seeded.versions[newest_five(models) :]],
        "failed training": [arn for n, arn in enumerate(seeded.versions) if n % 3 != 1],
        "empty a project": [],
    }[name]
    result = aws.bash(RECIPES[name], env={"project": seeded.arn})
    assert result.returncode == 0, result.stderr
    assert set(simulator.versions(seeded.arn)) == set(left)
    assert result.stdout.count('"DELETED"') == 2 * (count - len(left))
    if name == "every night":
        assert result.stderr == ""  # of which cron would send mail
    if name == "empty a project":
        until(lambda: "my-project" not in projects(aws))
    else:
        assert "my-project" in projects(aws)


def projects(aws: Aws) -> str:
    return aws.run("rekognition", "describe-projects", "--query", "ProjectDescriptions").stdout


def newest_five(models: list[dict[str, Any]]) -> int:
    """Return where the newest five usable models begin."""
    usable = [n for n, model in enumerate(models) if model["Status"] != "TRAINING_FAILED"]
    return usable[-5] if usable else 0
