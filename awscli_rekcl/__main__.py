"""`python3 -m awscli_rekcl install`, and out of a wheel `python3 FILE.whl/awscli_rekcl install`."""

import os
import sys

if sys.version_info < (3, 9):  # noqa: UP036  before anything is compiled that older ones can't read
    sys.exit(
        "awscli-rekcl: needs Python 3.9 or later, and this is %d.%d. Nothing was changed."  # noqa: UP031
        " Start it with another one." % sys.version_info[:2]
    )
if not __package__:  # run out of a wheel: the import path begins inside of it, one level too deep
    sys.path[0] = os.path.dirname(sys.path[0])

from awscli_rekcl.install.commands import main

if __name__ == "__main__":
    sys.exit(main())
