"""What a test can have the service do, over the service package that knows none of it.

- **Listings lag** behind accepted requests, and shift between pages while others vanish.
- **A status ends otherwise**: a transition of the state manager may have ``"to"``, as a training
  that fails, and a deletion may fail for one version alone.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

from moto.moto_api import state_manager

from .rekognition import models, urls
from .rekognition.exceptions import InvalidPaginationTokenException
from .rekognition.models import GONE, rekognition_backends


class ProjectVersion(models.ProjectVersion):
    #: For how long (seconds) listings show the old status after a request was accepted.
    lag = 0.0
    #: The status that a deletion leads to, if it fails.
    failed_deletion: str | None = None

    _lagging, _lags_until = "", datetime.min

    def request(self, status: str) -> str:
        self._lagging = self.status
        self._lags_until = datetime.now() + timedelta(seconds=self.lag)
        return super().request(status)

    @property
    def listed_status(self) -> str:
        return self._lagging if datetime.now() < self._lags_until else self.status

    def _get_next_status(self, previous: str | None) -> str | None:
        """What a status leads to; ManagedState asks."""
        name = f"rekognition::{self.kind}-{previous}"
        other = state_manager.get_transition(name).get("to")
        if previous == "DELETING":
            other = self.failed_deletion
        return other or super()._get_next_status(previous)


class Backend(models.RekognitionBackend):
    """One account in one region."""

    version_class = ProjectVersion
    _url_module = urls  # moto derives it from the module of the class

    def page(
        self,
        descriptions: list[dict[str, Any]],
        unique_attribute: str,
        max_results: int,
        next_token: str | None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """A page, and the token of the next, which is empty for the last.

        A token is a position in the listing as it is when the token is used, so that entries shift
        from page to page while others vanish: the service promises no more. moto's tokens name the
        next entry, and are refused when that one has vanished.
        """
        try:
            start = int(base64.b64decode(next_token, validate=True)) if next_token else 0
        except ValueError:
            raise InvalidPaginationTokenException from None
        end = start + max_results
        token = "" if end >= len(descriptions) else base64.b64encode(b"%d" % end).decode()
        return descriptions[start:end], token

    def has_project(self, arn: str) -> bool:
        return arn in self.projects and self.projects[arn].status != GONE

    def remove_project(self, arn: str) -> None:
        """Have a project gone now, with what is in it."""
        project = self.projects[arn]
        for resource in (project, *project.datasets.values(), *project.versions.values()):
            if resource.status != GONE:
                resource.status = GONE


def install() -> None:
    """Have moto's server make these backends."""
    rekognition_backends.backend = Backend
