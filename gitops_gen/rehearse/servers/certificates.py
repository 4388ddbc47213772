"""One authority and one server certificate for the length of a rehearsal, made by openssl."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gitops_gen.errors import ToolFailed

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_API_NAMES = (
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
)


@dataclass(frozen=True, slots=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path


def certificates(openssl: str, folder: Path, hosts: Iterable[str]) -> Certificates:
    """For the API server, and for the hosts that are served in place of the real ones."""
    folder.mkdir()
    files = Certificates(folder / "ca.crt", folder / "server.crt", folder / "server.key")
    names = ",".join(f"DNS:{name}" for name in sorted({*_API_NAMES, *hosts}))
    authority = ("-CA", str(files.authority), "-CAkey", str(folder / "ca.key"))
    _certificate(openssl, files.authority, folder / "ca.key", "rehearsal authority", [])
    extra = ["-addext", f"subjectAltName=IP:127.0.0.1,{names}"]
    extra += ["-addext", "basicConstraints=critical,CA:false"]
    _certificate(openssl, files.certificate, files.key, "rehearsal", [*authority, *extra])
    return files


def _certificate(openssl: str, certificate: Path, key: Path, name: str, extra: list[str]) -> None:
    command = [openssl, "req", "-x509", *_KEY, "-days", "2", "-subj", f"/CN={name}"]
    command += ["-keyout", str(key), "-out", str(certificate), *extra]
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(certificate.parent)}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if result.returncode != 0:
        raise ToolFailed(f"openssl made no certificate: {result.stderr.strip()[-300:]}")
