"""Servers that answer what no honest server answers, to get a password or to end the program."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chart_servers import READER, Handler, ScriptedServer, scripted_server
from tests.integration.charts.conftest import LOCK, Shop
from tests.integration.charts.test_servers import (
    helm_registry,
    redirects_to,
    serve_oci,
)

INTERNAL = "internal error"


@pytest.fixture
def elsewhere() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


# Credentials and TLS settings


def test_a_host_after_a_redirect_names_no_token_server(
    shop: Shop,
    scripted: ScriptedServer,
    elsewhere: ScriptedServer,
    plain_archives: dict[str, Path],
) -> None:
    """The registry redirects to a store of archives, which asks for the password of the registry.

    The token server that the store names could be its own; here, it is one that records requests.
    """
    digest = serve_oci(scripted, plain_archives["1.0.0"].read_bytes())
    scripted.behaviours[f"/v2/charts/plain/blobs/{digest}"] = redirects_to(f"{elsewhere.url}/blob")
    challenge = f'Bearer realm="{scripted.url}/token-server-of-the-store"'
    elsewhere.behaviours["/blob"] = lambda handler: handler.send(
        401, b"", WWW_Authenticate=challenge
    )
    shop.pin(f"oci://127.0.0.1:{scripted.port}/charts")
    variables = helm_registry(shop, f"127.0.0.1:{scripted.port}", *READER)
    assert shop.run("charts", "lock", **variables).returncode == 3
    assert not any("token-server-of-the-store" in request.path for request in scripted.requests)
    assert {request.authorization for request in (*scripted.requests, *elsewhere.requests)} == {
        None
    }


@contextmanager
def tls_server(folder: Path) -> Iterator[ScriptedServer]:
    """A server with a certificate that nobody has signed."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not key.exists():
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        files = ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=charts"]
        subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with scripted_server(context) as server:
        yield server


def test_an_unverified_certificate_is_allowed_only_for_the_repository_itself(
    shop: Shop, plain_archives: dict[str, Path], tmp_path: Path
) -> None:
    """`helm repo add --insecure-skip-tls-verify` says nothing about the hosts of the archives."""
    with tls_server(tmp_path) as repository, tls_server(tmp_path) as other:
        archive = plain_archives["1.0.0"].read_bytes()
        repository.serve_chart(archive)
        other.serve("/plain-1.0.0.tgz", archive)
        shop.pin(repository.url)
        file = tmp_path / "repositories.yaml"
        entry = {"name": "mine", "url": repository.url, "insecure_skip_tls_verify": True}
        file.write_text(json.dumps({"repositories": [entry]}))
        variables = {"HELM_REPOSITORY_CONFIG": str(file)}
        done = shop.run("charts", "lock", **variables)
        assert done.returncode == 0, done.stderr

        shop.path(LOCK).unlink()
        target = f"{other.url}/plain-1.0.0.tgz"
        repository.behaviours["/plain-1.0.0.tgz"] = redirects_to(target)
        done = shop.run("charts", "lock", **variables)
        assert done.returncode == 3
        assert "the certificate of the server is not valid" in done.stderr
        assert other.requests == []


# Answers of another form


def index(**entry: object) -> bytes:
    chart = {"name": "plain", "version": "1.0.0", **entry}
    return json.dumps({"entries": {"plain": [chart]}}).encode()


INDEXES = {
    "the addresses are a number": (index(urls=5), "names no archive of plain 1.0.0"),
    "the addresses are true": (index(urls=True), "names no archive of plain 1.0.0"),
    "the addresses are a text": (index(urls="a.tgz"), "names no archive of plain 1.0.0"),
    "the address is not valid": (index(urls=["http://[x"]), "is not a valid address"),
    "the versions are a number": (b'{"entries": {"plain": 5}}', "has no chart plain"),
    "the versions are true": (b'{"entries": {"plain": true}}', "has no chart plain"),
}


@pytest.mark.parametrize("name", INDEXES)
def test_an_index_of_another_form(name: str, shop: Shop, scripted: ScriptedServer) -> None:
    content, expected = INDEXES[name]
    scripted.serve("/index.yaml", content)
    shop.pin(scripted.url)
    error = shop.refused("lock")
    assert expected in error
    assert INTERNAL not in error
    assert INTERNAL not in shop.run("charts", "outdated").stderr
    assert [one.path for one in scripted.requests if one.path != "/index.yaml"] == []


@pytest.mark.parametrize("realm", ["http://[", "https://[", "file:///etc/passwd", ""])
def test_a_token_server_whose_address_is_not_valid(
    realm: str, shop: Shop, scripted: ScriptedServer
) -> None:
    scripted.behaviours["*"] = lambda handler: handler.send(
        401, b"", WWW_Authenticate=f'Bearer realm="{realm}"'
    )
    shop.pin(f"oci://127.0.0.1:{scripted.port}/charts")
    assert INTERNAL not in shop.refused("lock")


def test_a_next_page_whose_address_is_not_valid(shop: Shop, scripted: ScriptedServer) -> None:
    content = json.dumps({"tags": ["1.0.0"]}).encode()
    scripted.behaviours["*"] = lambda handler: handler.send(
        200, content, Link='<http://[>; rel="next"'
    )
    shop.pin(f"oci://127.0.0.1:{scripted.port}/charts")
    assert "is not a valid address" in shop.refused("outdated")


# What a server sends in messages


def names_a_command(handler: Handler) -> None:
    """Answers with a reason that a terminal or a job of GitHub Actions would execute."""
    handler.wfile.write(
        b"HTTP/1.1 404 \x1b]0;title\x07\x0c::error::from the server\r\nContent-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize("command", ["lock", "outdated"])
def test_the_reason_of_a_server_is_only_text(
    command: str, shop: Shop, scripted: ScriptedServer
) -> None:
    scripted.behaviours["/index.yaml"] = names_a_command
    shop.pin(scripted.url)
    error = shop.refused(command)
    assert r"404 \x1b]0;title\x07\x0c::error::from the server" in error
    assert [one for one in error if not one.isprintable()] == ["\n"]
