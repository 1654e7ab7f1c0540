"""What the tests of faults share.

The simulator injects faults, not a proxy such as microburst: whoever serves the request can also
time a fault by what it did, have somebody act just before or after it, and needs no further
dependency. Which answer is which error is decided in `tests/unit/test_errors.py`.
"""

import pytest

both_versions = pytest.mark.hosts("v1", "v2")

DESCRIBE, DELETE, STOP = "DescribeProjectVersions", "DeleteProjectVersion", "StopProjectVersion"
