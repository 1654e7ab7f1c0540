"""Projects: created, listed by feature and by name, deleted."""

from __future__ import annotations

from typing import Any

from tests.simulator.calls import raises
from tests.simulator.client import Simulator


def test_projects_are_listed_by_feature(sim: Simulator, aws: Any) -> None:
    models = sim.seed({"a": [], "b": []})
    adapters = sim.seed({"c": ["v"]}, feature="CONTENT_MODERATION")

    def listed(**parameters: Any) -> list[str]:
        answer = aws.describe_projects(**parameters)["ProjectDescriptions"]
        return [project["ProjectArn"] for project in answer]

    both = ["CUSTOM_LABELS", "CONTENT_MODERATION"]
    assert listed() == [models["b"].arn, models["a"].arn]
    assert listed(Features=both)[0] == adapters["c"].arn
    assert listed(ProjectNames=["a", "c", "nonesuch"]) == [models["a"].arn]
    assert listed(ProjectNames=["c"], Features=["CONTENT_MODERATION"]) == [adapters["c"].arn]
    pages = aws.get_paginator("describe_projects").paginate(
        Features=both, PaginationConfig={"PageSize": 2}
    )
    assert [len(page["ProjectDescriptions"]) for page in pages] == [2, 1]
    with raises("InvalidParameterException"):
        aws.start_project_version(ProjectVersionArn=adapters["c"].versions[0], MinInferenceUnits=1)
