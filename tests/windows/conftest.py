"""The Windows Python that these tests share."""

from __future__ import annotations

import pytest

from tests.hosts.installs import HostUnavailable

from .wine import Wine, install


@pytest.fixture(scope="session")
def wine() -> Wine:
    try:
        return install()
    except HostUnavailable as reason:
        pytest.skip(str(reason))
