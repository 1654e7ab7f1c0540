"""How many requests the command makes, and what it costs a command that is not ours: counts only.

What they cost in time and memory is measured by ``make bench``.
"""

from __future__ import annotations

import contextlib
import http.server
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.hosts.command import COMMAND, delete, deleted, entries
from tests.hosts.faults import DELETE, DESCRIBE, both_versions
from tests.hosts.installs import ROOT
from tests.hosts.probe import Probe
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator


def names(count: int) -> list[str]:
    return [f"v{number}" for number in range(count)]


@pytest.mark.hosts("v2")
def test_a_hundred_models_take_few_more_requests_than_their_deletes(
    aws: Aws, simulator: Simulator
) -> None:
    simulator.transition("DELETING", looks=5)  # as many as there are in 15 s, by default
    project = simulator.seed({"cats": names(100)})["cats"]
    result = delete(aws, "--project-arn", project.arn, "--all-versions")
    assert result.returncode == 0, result.stderr
    assert simulator.versions(project.arn) == {}
    count = Counter(request["Operation"] for request in simulator.requests())
    assert (count[DELETE], count["DescribeProjects"]) == (100, 0)
    assert sum(count.values()) <= 110, count


@pytest.mark.hosts("v1")
def test_a_project_is_described_once_in_each_round_in_its_own_region(
    aws: Aws, simulator: Simulator
) -> None:
    simulator.transition("DELETING", looks=2)
    west = simulator.seed({"cats": names(25)}, region="eu-west-1")["cats"]
    south = simulator.seed({"cats": ["v1"]}, region="ap-south-1")["cats"]
    arns = [*south.versions, *west.versions]  # the configured region is neither
    result = delete(aws, arns=arns)
    assert (result.returncode, entries(result)) == (0, deleted(*arns)), result.stderr
    # Before the deletes, twice DELETING, and gone.
    described = [request["Parameters"]["ProjectArn"] for request in simulator.requests(DESCRIBE)]
    assert Counter(described) == {west.arn: 4, south.arn: 4}
    sent = simulator.requests()
    assert len(sent) == 2 + len(arns) + len(described)
    for request in sent:
        parameters = str(request["Parameters"])
        assert "arn:" not in parameters or f":{request['Region']}:" in parameters


@contextlib.contextmanager
def serving(
    handler: type[http.server.BaseHTTPRequestHandler], context: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve by HTTP, or with a context by HTTPS, and return the host and its port."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


HIDDEN = """
import warnings
def awscli_initialize(events):
    events.register("before-send.rekognition", warn)
def warn(**kwargs):
    warnings.warn_explicit("hidden", DeprecationWarning, "response.py", 1, "urllib3.response")
"""
PROJECT = "arn:aws:rekognition:{}:123456789012:project/cats/1600000000000"


@pytest.mark.hosts("v2")
@pytest.mark.skipif(sys.platform == "win32", reason="openssl")
def test_a_warning_that_comes_once_a_command_comes_once(aws: Aws) -> None:
    asked: list[bytes] = []

    class TwoEmptyPages(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            more = b"" if b"NextToken" in asked[-1] else b', "NextToken": "1"'
            self.wfile.write(b'{"ProjectVersionDescriptions": []%s}' % more)

    (aws.home / "plugins" / "hidden.py").write_text(HIDDEN)
    aws.config.write_text(aws.config.read_text().replace("rekcl =", "hidden = hidden\nrekcl ="))
    files = ["-keyout", str(aws.home / "key.pem"), "-out", str(aws.home / "certificate.pem")]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run([*new, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[3], files[1])
    with serving(TwoEmptyPages, context) as server:
        insecure = ("--endpoint-url", f"https://{server}", "--no-verify-ssl")
        all_of = ("--project-arn", PROJECT.format("us-east-1"), "--all-versions")
        result = delete(aws, *insecure, *all_of, endpoint=False)
    assert result.returncode == 0, result.stderr
    assert len(asked) > 1
    assert result.stderr.count("InsecureRequestWarning:") == 1
    assert "DeprecationWarning" not in result.stderr


@pytest.mark.hosts("v1")
def test_throttled_requests_are_repeated_until_they_pass(aws: Aws, simulator: Simulator) -> None:
    project = simulator.seed({"cats": ["v1"]})["cats"]
    simulator.rule(DELETE, {"Error": "ThrottlingException"}, Times=4)  # the SDK sends three
    result = delete(aws, "--project-arn", project.arn, "--all-versions")
    assert len(simulator.requests(DELETE)) == 4 + 1
    assert "Throttling" not in result.stderr


@pytest.mark.hosts("v2", "v1", "v1-old", "v2-debian")
@pytest.mark.parametrize(
    ("words", "region"),
    [
        (["--project-name", "cats"], "us-east-1"),
        (["--project-arn", PROJECT.format("ca-central-1")], "ca-central-1"),
    ],
)
def test_a_region_that_asks_for_fips(aws: Aws, words: list[str], region: str) -> None:
    asked: list[str] = []

    class NoProxy(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(self.path)
            self.send_error(502)

    aws.config.write_text(aws.config.read_text().replace("us-east-1", "us-east-1-fips"))
    with serving(NoProxy) as server:
        env = {"HTTPS_PROXY": f"http://{server}", "AWS_MAX_ATTEMPTS": "1"}
        result = delete(aws, *words, "--all-versions", env=env, endpoint=False)
    assert result.returncode == 255, result.stderr
    assert asked == [f"rekognition-fips.{region}.amazonaws.com:443"]


def test_importing_the_plugin_imports_nothing_else() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); before = set(sys.modules);"
        "import awscli_rekcl; print(*set(sys.modules) - before)"
    )
    # Without site, and so without whatever an installation has imported before.
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"awscli_rekcl"]


@both_versions
def test_other_commands_load_only_the_first_module(aws: Aws) -> None:
    probe = Probe(aws)
    aws.run("rekognition", "describe-projects", env=probe.variables)
    answer = probe.answer()
    assert answer["imported"] == ["awscli_rekcl"]
    assert answer["at_exit"] == ["awscli_rekcl"]
    # The probe does see the rest of the plugin where it is loaded.
    aws.run(*COMMAND, env=probe.variables)
    assert "awscli_rekcl.command" in probe.answer()["at_exit"]
