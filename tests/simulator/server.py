"""The simulator as a program: moto's server with Custom Labels in it, and its control routes."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from moto.moto_server import werkzeug_app

from . import behaviour, rekognition
from .control import Control

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


def create_app() -> Control:
    """moto's server application, with `rekognition` in the place of moto's own package.

    Over it lies `behaviour`, and around both `Control`.
    """
    sys.modules["moto.rekognition"] = rekognition
    behaviour.install()
    # moto finds an unsigned request's service by this table; the region is the Host header's.
    werkzeug_app.UNSIGNED_REQUESTS["RekognitionService"] = ("rekognition", "us-east-1")
    # A region is as good as another here, whether botocore knows that the service is there or not.
    os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "true"
    return Control(werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app))


class Server(ThreadingMixIn, TCPServer):
    """A WSGI server that keeps connections alive, as the service does and werkzeug's does not."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, app: WSGIApplication, port: int = 0):
        super().__init__(("127.0.0.1", port), _Handler)
        self.app = app

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    """Serves one connection. An application that raises ConnectionError closes it unanswered."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave in one piece

    def do_POST(self) -> None:
        status, headers = "", []

        def start_response(new_status: str, new_headers: Any, exc_info: Any = None) -> Any:
            nonlocal status, headers
            status, headers = new_status, new_headers

        try:
            body = self.server.app(self._environ(), start_response)
        except ConnectionError:
            self.close_connection = True
            return
        except Exception:
            # A defect of the simulator or an operation that it lacks: not to be overlooked.
            traceback.print_exc()
            status, headers, body = "501 Not Implemented", [("Content-Length", "0")], []
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() not in ("connection", "server", "date"):
                self.send_header(name, value)
        self.end_headers()
        for piece in body:
            self.wfile.write(piece)
            if len(piece) == 1:  # one that drips: not to be kept back until there are more
                self.wfile.flush()

    do_GET = do_DELETE = do_PUT = do_POST

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client went away
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _environ(self) -> WSGIEnvironment:
        url = urlsplit(self.path)
        length = self.headers.get("Content-Length", "0")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(url.path, "latin-1"),
            "QUERY_STRING": url.query,
            "RAW_URI": self.path,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": length,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.rfile.read(int(length))),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            environ.setdefault(f"HTTP_{name.upper().replace('-', '_')}", value)
        return environ


def _end(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: one that is free")
    parser.add_argument("--parent", type=int, help="end when this is no longer the parent process")
    args = parser.parse_args()
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    if args.parent:
        threading.Thread(target=_end_with, args=(args.parent,), daemon=True).start()
    with Server(create_app(), args.port) as server:
        print(server.url, flush=True)
        server.serve_forever()
