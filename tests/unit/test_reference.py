"""The options in docs/reference.md are those of the command."""

from __future__ import annotations

from tests.reference import PAGE, with_current_options


def test_the_options_are_current() -> None:
    page = PAGE.read_text()
    assert page == with_current_options(page)  # else: make reference
