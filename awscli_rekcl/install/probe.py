"""What an AWS CLI loads in the place of the plugin when the installer asks it.

It loads the plugin in turn, wherever that lies. All of it happens at the import, because the AWS
CLI imports every plugin before it initializes one, and version 1 the paths as one more.
"""

import json
import os
import site
import sys

import awscli

is_frozen = bool(getattr(sys, "frozen", False))
answer = {"version": awscli.__version__, "python": None if is_frozen else sys.executable}
if not is_frozen:
    # Where this Python reads `.pth` files. The first is the prefix itself on Windows.
    own = [path for path in site.getsitepackages() if path.endswith("-packages")]
    answer["sites"] = [path for path in own if path in sys.path]
    answer["user_site"] = site.getusersitepackages() if site.ENABLE_USER_SITE else None
if awscli.__version__.startswith("1."):
    # A new plugin lies beside this file. A `.pth` file will append it as well.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.extend(os.path.join(here, name) for name in os.listdir(here) if name.endswith(".zip"))
else:
    from awscli.autocomplete import db

    answer.update(index_file=db.INDEX_FILE, shipped_index=db.BUILTIN_INDEX_FILE)
try:
    import awscli_rekcl
    from awscli_rekcl import awscli_initialize  # noqa: F401  which the AWS CLI calls

    place = os.path.dirname(os.path.dirname(awscli_rekcl.__file__))
    answer.update(plugin=awscli_rekcl.__version__, place=place)
finally:
    print("awscli_rekcl: " + json.dumps(answer), file=sys.stderr, flush=True)
