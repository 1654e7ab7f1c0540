"""A plugin for the AWS CLI with which a failed deletion is believed after a second, not 30."""

from __future__ import annotations

from awscli_rekcl import model


def awscli_initialize(event_hooks: object) -> None:
    """Expect listings to lag for less."""
    model.LAG = 1.0
