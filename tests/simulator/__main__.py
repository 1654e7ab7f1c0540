"""The simulator as a program. It prints its URL when it is ready."""

import argparse
import contextlib
import os
import threading
import time

from .server import Server


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(0)


parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
parser.add_argument("--port", type=int, default=0, help="default: one that is free")
parser.add_argument("--parent", type=int, help="end when this is no longer the parent process")
args = parser.parse_args()
if args.parent:
    threading.Thread(target=_end_with, args=(args.parent,), daemon=True).start()
with Server(args.port) as server, contextlib.suppress(KeyboardInterrupt):
    print(server.url, flush=True)
    server.serve_forever()
