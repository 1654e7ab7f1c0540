"""Faults and meddling, by rule.

A rule is a JSON object:

- ``Operation``: the operation it is for; without it or with ``*``, all;
- ``ProjectVersionArn``: only requests that name this version, by ARN or by ``VersionNames``;
- ``Skip``: so many such requests pass first (default 0);
- ``Times``: how often it takes effect (default 1; null: for ever);
- ``Effect``: an object with one of

  - ``{"Error": code, "Message": text}`` (the text is optional),
  - ``{"Page": 503}`` a bare HTML page with that HTTP status,
  - ``{"Drop": "before"}`` or ``"after"``: closed without an answer, before or after it took effect,
  - ``{"Hang": seconds}`` then closed without an answer,
  - ``{"Garbage": true}`` half a JSON object, or ``{"Garbage": body}`` this body, in Latin-1,

  or with one or several of

  - ``{"Before": actions}``, done just before the request is served (see `control.act`), Drop
    included,
  - ``{"Drip": seconds}`` the answer's body comes a byte at a time, with this pause before each.

Error, Page, Garbage and Hang keep the request from taking effect.

A request is counted by each rule that is for it until one takes effect; the oldest comes first.
"""

from __future__ import annotations

from typing import Any

_CONDITIONS = {"Operation", "ProjectVersionArn", "Skip", "Times", "Effect"}
_ALONE = {"Error", "Message", "Page", "Drop", "Hang", "Garbage"}
_TOGETHER = {"Before", "Drip"}
#: HTTP statuses of errors, where they are not 400.
STATUSES = {"InternalServerError": 500, "ThrottlingException": 500, "ServiceUnavailable": 503}
#: Messages that are documented.
MESSAGES = {
    "ThrottlingException": "Service Unavailable",
    "ProvisionedThroughputExceededException": "Provisioned Rate exceeded.",
}


class Rule:
    """A rule, as the module describes it, and how far it has got."""

    def __init__(self, spec: dict[str, Any]):
        unknown = (set(spec) - _CONDITIONS) | (set(spec["Effect"]) - _ALONE - _TOGETHER)
        if unknown:
            raise ValueError(f"a rule has no {', '.join(sorted(unknown))}")
        self.effect: dict[str, Any] = spec["Effect"]
        self._operation: str = spec.get("Operation", "*")
        self._arn: str | None = spec.get("ProjectVersionArn")
        self._skip: int = spec.get("Skip", 0)
        times = spec.get("Times", 1)
        self._left: float = float("inf") if times is None else times

    def fires(self, operation: str, parameters: dict[str, Any]) -> bool:
        """Count a request, and say whether the rule takes effect on it."""
        if self._operation not in ("*", operation) or not self._names_version(parameters):
            return False
        if self._skip > 0:
            self._skip -= 1
            return False
        self._left -= 1
        return self._left >= 0

    def _names_version(self, parameters: dict[str, Any]) -> bool:
        if self._arn is None or parameters.get("ProjectVersionArn") == self._arn:
            return True
        _, project, _, version, _ = self._arn.split("/")
        return version in (parameters.get("VersionNames") or ()) and f"/{project}/" in str(
            parameters.get("ProjectArn")
        )
