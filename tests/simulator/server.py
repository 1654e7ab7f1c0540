"""moto's server with Custom Labels in it, and the simulator's control routes around it."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.handlers import SimpleHandler
from wsgiref.simple_server import WSGIRequestHandler

from moto.moto_server import werkzeug_app

from . import behaviour, rekognition
from .control import Control

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


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
        self.base_environ = {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(self.server_address[1])}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(WSGIRequestHandler):
    """Serves one connection. An application that raises ConnectionError closes it unanswered."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave in one piece

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client went away
            BaseHTTPRequestHandler.handle(self)  # WSGIRequestHandler's serves one request only

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        stdout: Any = self.wfile
        _Answer(io.BytesIO(body), stdout, sys.stderr, self.get_environ()).run(self._app)

    def _app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self.server.app(environ, start_response)
        except ConnectionError:
            self.close_connection = True
            raise


class _Answer(SimpleHandler):
    """Writes the answer to one request."""

    http_version = "1.1"
    # A defect of the simulator or an operation that it lacks: no SDK sends that once more.
    error_status = "501 Not Implemented"
