"""Servers that fail, and credentials that must reach only the right server."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chart_servers import (
    READER,
    ChartRepository,
    Handler,
    ScriptedServer,
    basic,
    oci_charts,
    run_helm,
    scripted_server,
)
from tests.integration.charts.conftest import LOCK, PINS, VENDOR, Shop

TIMEOUT = ("--timeout", "0.3")


# Servers that fail


def hangs(handler: Handler) -> None:
    handler.scripted.stopped.wait()


def hangs_within_the_answer(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x" * 10)
    handler.wfile.flush()
    handler.scripted.stopped.wait()


def cuts_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x" * 10)
    handler.close_connection = True


def is_no_http(handler: Handler) -> None:
    handler.wfile.write(b"220 ready\r\n")


def answers(status: int, content: bytes = b"") -> Callable[[Handler], None]:
    return lambda handler: handler.send(status, content)


def is_endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not handler.scripted.stopped.is_set():
        handler.wfile.write(bytes(1 << 20))


FAILURES = {
    "hangs": (hangs, "did not answer in time (3 attempts)"),
    "hangs within the answer": (hangs_within_the_answer, "did not answer in time (3 attempts)"),
    "cuts the answer off": (cuts_off, "the connection ended before the answer was complete (3"),
    "is no HTTP server": (is_no_http, "an answer that is not HTTP"),
    "answers 404": (answers(404), "the server answered 404 Not Found; it does not exist"),
    "answers 401": (answers(401), "the server requires credentials"),
    "answers 403": (answers(403), "have no permission"),
    "answers 500": (answers(500), "the server answered 500 Internal Server Error (3 attempts)"),
    "sends a page": (answers(200, b"<html>login</html>"), "is not the index of a chart repository"),
    "sends another map": (answers(200, b"a: 1\n"), "is not the index of a chart repository"),
    "sends no text": (answers(200, b"\xff\xfe\0"), "is not the index of a chart repository"),
    "sends without end": (is_endless, "the answer is larger than 64 MiB"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_server_that_fails(name: str, shop: Shop, scripted: ScriptedServer) -> None:
    behaviour, expected = FAILURES[name]
    scripted.behaviours["/index.yaml"] = behaviour
    shop.pin(scripted.url)
    error = shop.refused("lock", *TIMEOUT)
    assert f"{scripted.url}/index.yaml: " in error
    assert expected in error
    assert not shop.path(LOCK).exists()


@pytest.mark.parametrize("name", ["hangs within the answer", "cuts the answer off", "answers 500"])
def test_an_archive_is_never_used_in_part(
    name: str, shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    scripted.serve_chart(plain_archives["1.0.0"].read_bytes())
    shop.pin(scripted.url)
    shop.charts("lock")
    [cached] = shop.cache.iterdir()
    cached.unlink()
    scripted.behaviours["/plain-1.0.0.tgz"] = FAILURES[name][0]
    shop.refused("pull", *TIMEOUT)
    assert not list(shop.cache.iterdir())


def test_a_failure_that_passes_is_repeated(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    scripted.serve_chart(plain_archives["1.0.0"].read_bytes())
    works, attempts = scripted.behaviours["/index.yaml"], iter([answers(503), cuts_off])
    scripted.behaviours["/index.yaml"] = lambda handler: next(attempts, works)(handler)
    shop.pin(scripted.url)
    shop.charts("lock", *TIMEOUT)
    paths = [request.path for request in scripted.requests]
    assert paths == ["/index.yaml"] * 3 + ["/plain-1.0.0.tgz"]


def test_a_server_that_does_not_exist(shop: Shop, scripted: ScriptedServer) -> None:
    shop.pin("http://127.0.0.1:1")
    assert "the connection failed: Connection refused (3 attempts)" in shop.refused("lock")


def test_a_mirror_in_the_index_is_used_if_the_first_address_fails(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    archive = plain_archives["1.0.0"].read_bytes()
    entry = {"name": "plain", "version": "1.0.0", "urls": ["gone.tgz", f"{scripted.url}/b.tgz"]}
    scripted.serve("/index.yaml", json.dumps({"entries": {"plain": [entry]}}).encode())
    scripted.serve("/b.tgz", archive)
    shop.pin(scripted.url)
    assert "locked: plain 1.0.0" in shop.charts("lock")


def test_another_archive_than_the_locked_one_is_refused(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path], tmp_path: Path
) -> None:
    scripted.serve_chart(plain_archives["1.0.0"].read_bytes())
    shop.pin(scripted.url)
    shop.charts("lock")
    [cached] = shop.cache.iterdir()
    cached.unlink()
    scripted.serve_chart(plain_archives["1.1.0"].read_bytes())
    for arguments in (("pull",), ("pull", "--into", VENDOR)):
        error = shop.refused(*arguments, code=2)
        assert f"{LOCK}:4:5: " in error
        assert "is not the locked archive of plain 1.0.0" in error
    assert not list(shop.cache.iterdir())
    assert not shop.path(VENDOR).exists()


def test_an_archive_that_contradicts_the_index_is_not_locked(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    scripted.serve_chart(plain_archives["1.0.0"].read_bytes())
    scripted.serve("/plain-1.0.0.tgz", plain_archives["1.1.0"].read_bytes())
    shop.pin(scripted.url)
    assert "but the index of the repository states" in shop.refused("lock")


def test_an_archive_of_another_version_is_not_locked(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    scripted.serve_chart(plain_archives["1.1.0"].read_bytes())
    shop.pin(scripted.url)
    error = shop.refused("lock", code=2)
    assert "contains the chart plain 1.1.0 and not plain 1.0.0" in error


def test_one_failure_does_not_keep_other_archives_away(
    shop: Shop,
    http_charts: ChartRepository,
    scripted: ScriptedServer,
    plain_archives: dict[str, Path],
) -> None:
    scripted.serve_chart(plain_archives["1.0.0"].read_bytes())
    http_charts.publish(plain_archives["1.1.0"])
    shop.pin(scripted.url)
    shop.write("values/next.yaml", shop.read("values/dev.yaml"))
    shop.copy_cluster("dev", "next")
    own = f"wave: 5, version: 1.1.0, repository: '{http_charts.url}', chart: plain"
    shop.edit("values/next.yaml", "wave: 5", own)
    shop.charts("lock")
    for file in shop.cache.iterdir():
        file.unlink()
    scripted.behaviours.clear()
    done = shop.run("charts", "pull")
    assert done.returncode == 3
    assert "downloaded: plain 1.1.0" in done.stdout
    assert f"{scripted.url}/index.yaml: the server answered 404" in done.stderr


def test_ctrl_c_ends_a_download_and_leaves_nothing(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    scripted.serve_chart(plain_archives["1.0.0"].read_bytes())
    scripted.behaviours["/plain-1.0.0.tgz"] = hangs_within_the_answer
    shop.pin(scripted.url)
    run = shop.start("charts", "lock")
    while not any(request.path.endswith(".tgz") for request in scripted.requests):
        assert run.poll() is None
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    assert "interrupted" in run.communicate()[1]
    assert run.returncode == 130
    assert not shop.path(LOCK).exists()
    assert not shop.cache.exists() or not list(shop.cache.iterdir())


# Caches that cannot be written


def test_a_cache_that_cannot_be_written(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path], tmp_path: Path
) -> None:
    """Locking needs no cache, and archives can be kept in the repository instead."""
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.url)
    (tmp_path / "file").write_text("")
    variables = {"XDG_CACHE_HOME": str(tmp_path / "file")}
    assert shop.run("charts", "lock", **variables).returncode == 0
    done = shop.run("charts", "pull", **variables)
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert shop.run("charts", "pull", "--into", VENDOR, **variables).returncode == 0
    assert shop.run("charts", "verify", **variables).returncode == 0


@pytest.mark.parametrize("vendored", [False, True])
def test_a_folder_in_the_place_of_an_archive(
    vendored: bool, shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    """The folder is no archive, and the message says where it is."""
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.url)
    shop.charts("lock")
    [cached] = shop.cache.iterdir()
    cached.unlink()
    place = shop.path(f"{VENDOR}/plain-1.0.0.tgz") if vendored else cached
    place.mkdir(parents=True)
    assert "the archive of plain 1.0.0 is not on this machine" in shop.refused("verify", code=1)
    if vendored:
        assert "downloaded: plain 1.0.0" in shop.charts("pull")
    else:
        assert f"{place}: cannot be written: Is a directory" in shop.refused("pull")


def test_a_full_disk(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path], tmp_path: Path
) -> None:
    """A file system without space: nothing is left under the name of the archive."""
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.url)
    shop.charts("lock")
    command = " ".join(shop.command("charts", "pull"))
    script = (
        f"mount -t tmpfs -o size=4k,mode=700 none {shop.cache} && "
        f"head -c 8k /dev/zero > {shop.cache}/full; {command}; code=$?; ls -A {shop.cache}; "
        "exit $code"
    )
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", script],
        cwd=shop.root,
        env=shop.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 3):
        pytest.skip(f"no file system of its own can be mounted: {done.stderr.strip()[-100:]}")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    assert done.stdout.split() == ["full"]


# Credentials


def helm_repository(shop: Shop, url: str, user: str, password: str) -> dict[str, str]:
    """Writes repositories.yaml as `helm repo add` does, and returns the environment variable."""
    file = shop.root.parent / "repositories.yaml"
    entry = {"name": "mine", "url": url, "username": user, "password": password}
    file.write_text(json.dumps({"apiVersion": "", "repositories": [entry]}))
    return {"HELM_REPOSITORY_CONFIG": str(file)}


def helm_registry(shop: Shop, host: str, user: str, password: str) -> dict[str, str]:
    """Writes the registry configuration as `helm registry login` does."""
    file = shop.root.parent / "config.json"
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    file.write_text(json.dumps({"auths": {host: {"auth": auth}}}))
    return {"HELM_REGISTRY_CONFIG": str(file)}


def test_a_repository_with_credentials(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.private_url)
    assert "helm repo add" in shop.refused("lock")
    variables = helm_repository(shop, http_charts.private_url, *READER)
    done = shop.run("charts", "lock", **variables)
    assert done.returncode == 0, done.stderr
    variables = helm_repository(shop, http_charts.private_url, "reader", "wrong")
    for file in shop.cache.iterdir():
        file.unlink()
    done = shop.run("charts", "pull", **variables)
    assert done.returncode == 3
    assert "wrong" not in done.stdout + done.stderr


def test_the_file_of_helm_itself(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path], tmp_path: Path
) -> None:
    """The form of the file is that of the real `helm repo add`."""
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.private_url)
    file, cache = tmp_path / "repositories.yaml", tmp_path / "helm-cache"
    options = ["--repository-config", str(file), "--repository-cache", str(cache)]
    login = ["--username", READER[0], "--password", READER[1]]
    run_helm(shop.helm, "repo", "add", "mine", http_charts.private_url, *login, *options)
    done = shop.run("charts", "lock", HELM_REPOSITORY_CONFIG=str(file))
    assert done.returncode == 0, done.stderr


def test_a_registry_with_credentials(
    shop: Shop, plain_archives: dict[str, Path], tmp_path: Path
) -> None:
    """`helm registry login` writes the file that gitops-gen reads."""
    with oci_charts(tmp_path / "oci", shop.helm, private=True) as oci:
        host, config = f"127.0.0.1:{oci.port}", tmp_path / "config.json"
        options = ["--plain-http", "--registry-config", str(config)]
        login = ["--username", READER[0], "--password", READER[1]]
        run_helm(shop.helm, "registry", "login", host, *login, *options)
        oci.publish(plain_archives["1.0.0"], config=config)
        shop.pin(oci.url)
        assert "helm registry login" in shop.refused("lock")
        done = shop.run("charts", "lock", HELM_REGISTRY_CONFIG=str(config))
        assert done.returncode == 0, done.stderr
        wrong = helm_registry(shop, host, "reader", "wrong")
        assert shop.run("charts", "outdated", **wrong).returncode == 3


def test_a_registry_with_a_token_server(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    """The registry gets a token only, and the password goes to its token server."""
    archive = plain_archives["1.0.0"].read_bytes()
    serve_oci(scripted, archive, token="t0ken")
    shop.pin(f"oci://127.0.0.1:{scripted.port}/charts")
    variables = helm_registry(shop, f"127.0.0.1:{scripted.port}", *READER)
    done = shop.run("charts", "lock", **variables)
    assert done.returncode == 0, done.stderr
    sent = {request.path.partition("?")[0]: request.authorization for request in scripted.requests}
    assert sent["/token"] == basic(*READER)
    assert {sent[path] for path in sent if path != "/token"} == {"Bearer t0ken"}


def test_a_registry_that_sends_another_archive(
    shop: Shop, scripted: ScriptedServer, plain_archives: dict[str, Path]
) -> None:
    digest = serve_oci(scripted, plain_archives["1.0.0"].read_bytes())
    scripted.serve(f"/v2/charts/plain/blobs/{digest}", plain_archives["1.1.0"].read_bytes())
    shop.pin(f"oci://127.0.0.1:{scripted.port}/charts")
    assert "sent data with another digest" in shop.refused("lock")


def test_an_image_is_no_chart(shop: Shop, scripted: ScriptedServer) -> None:
    manifest = {"config": {"mediaType": "application/vnd.oci.image.config.v1+json"}, "layers": []}
    path = "/v2/charts/plain/manifests/1.0.0"
    scripted.serve(path, json.dumps(manifest).encode())
    shop.pin(f"oci://127.0.0.1:{scripted.port}/charts")
    assert f"{path}: is not a Helm chart" in shop.refused("lock")


def serve_oci(scripted: ScriptedServer, archive: bytes, token: str = "") -> str:
    """Serves a chart as a registry does, and returns the digest of its archive."""
    import hashlib

    digest = f"sha256:{hashlib.sha256(archive).hexdigest()}"
    kind = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
    manifest = {
        "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"},
        "layers": [{"mediaType": kind, "digest": digest}],
    }
    challenge = f'Bearer realm="{scripted.url}/token",service="registry",scope="pull"'

    def protected(content: bytes) -> Callable[[Handler], None]:
        def behaviour(handler: Handler) -> None:
            if token and handler.headers.get("Authorization") != f"Bearer {token}":
                handler.send(401, b"", WWW_Authenticate=challenge)
            else:
                handler.send(200, content)

        return behaviour

    base = "/v2/charts/plain"
    scripted.behaviours[f"{base}/manifests/1.0.0"] = protected(json.dumps(manifest).encode())
    scripted.behaviours[f"{base}/blobs/{digest}"] = protected(archive)
    answer = json.dumps({"token": token}).encode()
    scripted.serve("/token?service=registry&scope=pull", answer)
    return digest


@pytest.fixture
def elsewhere() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


def redirects_to(url: str) -> Callable[[Handler], None]:
    return lambda handler: handler.send(302, b"", Location=url)


def test_a_redirect_takes_no_credentials_to_another_server(
    shop: Shop,
    scripted: ScriptedServer,
    elsewhere: ScriptedServer,
    plain_archives: dict[str, Path],
) -> None:
    """Neither a redirect nor an address in the index sends the password to another server."""
    archive = plain_archives["1.0.0"].read_bytes()
    scripted.serve_chart(archive)
    elsewhere.serve("/stored.tgz", archive)
    scripted.behaviours["/plain-1.0.0.tgz"] = redirects_to("/moved.tgz")
    scripted.behaviours["/moved.tgz"] = redirects_to(f"{elsewhere.url}/stored.tgz")
    shop.pin(scripted.url)
    done = shop.run("charts", "lock", **helm_repository(shop, scripted.url, *READER))
    assert done.returncode == 0, done.stderr
    assert {request.authorization for request in scripted.requests} == {basic(*READER)}
    assert [request.path for request in scripted.requests][1:] == ["/plain-1.0.0.tgz", "/moved.tgz"]
    assert [request.authorization for request in elsewhere.requests] == [None]


def test_an_address_in_the_index_gets_no_credentials_of_another_server(
    shop: Shop,
    scripted: ScriptedServer,
    elsewhere: ScriptedServer,
    plain_archives: dict[str, Path],
) -> None:
    entry = {"name": "plain", "version": "1.0.0", "urls": [f"{elsewhere.url}/stored.tgz"]}
    scripted.serve("/index.yaml", json.dumps({"entries": {"plain": [entry]}}).encode())
    elsewhere.serve("/stored.tgz", plain_archives["1.0.0"].read_bytes())
    shop.pin(scripted.url)
    done = shop.run("charts", "lock", **helm_repository(shop, scripted.url, *READER))
    assert done.returncode == 0, done.stderr
    assert [request.authorization for request in elsewhere.requests] == [None]


def test_a_redirect_without_end(shop: Shop, scripted: ScriptedServer) -> None:
    scripted.behaviours["/index.yaml"] = redirects_to("/index.yaml")
    shop.pin(scripted.url)
    assert "/index.yaml: the server answered 302" in shop.refused("lock")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_protocol(target: str, shop: Shop, scripted: ScriptedServer) -> None:
    scripted.behaviours["/index.yaml"] = redirects_to(target)
    shop.pin(scripted.url)
    assert "root:" not in shop.refused("lock")


def test_a_url_with_a_password_is_refused_and_not_shown(shop: Shop) -> None:
    shop.pin("https://reader:pa55-word@charts.example.com")
    error = shop.refused("lock", code=2)
    assert f"{PINS}:8:17" in error
    assert "helm repo add" in error
    assert "pa55" not in error


def test_no_password_is_written(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.private_url)
    variables = helm_repository(shop, http_charts.private_url, *READER)
    for command in (
        ["lock"],
        ["pull"],
        ["outdated", "--format", "json"],
        ["pull", "--into", VENDOR],
    ):
        done = shop.run("charts", *command, **variables)
        assert READER[1] not in done.stdout + done.stderr
    assert not any(READER[1].encode() in data for data in shop.files().values())
