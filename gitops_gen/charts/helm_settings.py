"""Credentials and TLS settings of chart repositories, from the configuration files of Helm.

`helm repo add` writes repositories.yaml, and `helm registry login` writes registry/config.json,
which has the form of Docker's config.json. Like Helm, this module also reads the file of Docker.
Nothing that it returns is printed or written.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import platform
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from gitops_gen.charts.sources import normalized
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Values

_HELPER_SECONDS = 30
_LARGEST_FILE = 4 << 20


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a token that the registry exchanges for another one."""

    user: str = field(repr=False)
    password: str = field(repr=False)
    identity_token: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """The header Authorization."""
        joined = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(joined).decode()}"


@dataclass(frozen=True, slots=True)
class RepositorySettings:
    """The settings of one chart repository in repositories.yaml."""

    credentials: Credentials | None = None
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    authorities: str = ""
    unverified: bool = False

    def tls(self) -> ssl.SSLContext:
        """The TLS settings. Raises ToolFailed if a file in them cannot be read."""
        try:
            context = ssl.create_default_context(cafile=self.authorities or None)
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key or None)
        except (OSError, ssl.SSLError) as error:
            text = "a certificate or key in the configuration of Helm cannot be read"
            raise ToolFailed(f"{text}: {error.strerror or 'it is not valid'}") from error
        if self.unverified:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def repository_settings(repository: str) -> RepositorySettings:
    """Returns the settings of the repository with this address; no settings if Helm has none."""
    for entry in _repositories():
        if normalized(str(entry.get("url", ""))) == normalized(repository):
            return RepositorySettings(
                _repository_credentials(entry),
                str(entry.get("certFile") or ""),
                str(entry.get("keyFile") or ""),
                str(entry.get("caFile") or ""),
                entry.get("insecure_skip_tls_verify") is True,
            )
    return RepositorySettings()


def registry_credentials(host: str) -> Credentials | None:
    """Returns the credentials of an OCI registry; None if neither Helm nor Docker has any."""
    for file in _registry_files():
        found = _credentials_in(_json(file), host)
        if found is not None:
            return found
    return None


# repositories.yaml


def _repositories() -> Iterator[Values]:
    file = Path(os.environ.get("HELM_REPOSITORY_CONFIG") or _config_folder() / "repositories.yaml")
    data = _content(file)
    try:
        document = yaml.yaml_load(data, str(file)) if data else {}
    except InvalidInput as error:
        # The message of the parser could quote a password.
        raise ToolFailed(f"{file}: is not valid YAML; correct the configuration of Helm") from error
    entries = document.get("repositories") if isinstance(document, dict) else None
    yield from (one for one in entries or () if isinstance(one, dict))


def _repository_credentials(entry: Values) -> Credentials | None:
    user, password = entry.get("username"), entry.get("password")
    return Credentials(str(user), str(password or "")) if user else None


def _config_folder() -> Path:
    """Returns the folder in which Helm keeps its configuration."""
    if named := os.environ.get("HELM_CONFIG_HOME"):
        return Path(named)
    if xdg := os.environ.get("XDG_CONFIG_HOME"):
        return Path(xdg) / "helm"
    home = Path(os.path.expanduser("~"))
    is_mac = platform.system() == "Darwin"
    return home / ("Library/Preferences/helm" if is_mac else ".config/helm")


# config.json


def _registry_files() -> Iterator[Path]:
    named = os.environ.get("HELM_REGISTRY_CONFIG")
    yield Path(named) if named else _config_folder() / "registry" / "config.json"
    docker = os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")
    yield Path(docker) / "config.json"


def _json(file: Path) -> Values:
    data = _content(file)
    try:
        value = json.loads(data) if data else {}
    except ValueError as error:
        raise ToolFailed(f"{file}: is not valid JSON; correct it, or log in again") from error
    return value if isinstance(value, dict) else {}


def _credentials_in(config: Values, host: str) -> Credentials | None:
    helpers = config.get("credHelpers")
    helper = helpers.get(host) if isinstance(helpers, dict) else None
    if isinstance(helper, str):
        return _from_helper(helper, host)
    auths = config.get("auths")
    for name, entry in auths.items() if isinstance(auths, dict) else ():
        if _host_of(name) == host and isinstance(entry, dict) and (found := _from_entry(entry)):
            return found
    store = config.get("credsStore")
    return _from_helper(store, host) if isinstance(store, str) and store else None


def _host_of(name: str) -> str:
    """Returns the host of a key of `auths`, which may be a URL."""
    return name.partition("://")[2].partition("/")[0] if "://" in name else name.partition("/")[0]


def _from_entry(entry: Values) -> Credentials | None:
    user, password = entry.get("username"), entry.get("password")
    if isinstance(entry.get("auth"), str):
        user, password = _decoded(entry["auth"]) or (user, password)
    token = entry.get("identitytoken")
    if not (user or token):
        return None
    return Credentials(str(user or ""), str(password or ""), str(token or ""))


def _decoded(text: str) -> tuple[str, str] | None:
    try:
        user, colon, password = base64.b64decode(text).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password.rstrip("\0")) if colon else None


def _from_helper(name: str, host: str) -> Credentials | None:
    """Returns the credentials that a credential helper of Docker has; None if it has none."""
    program = shutil.which(f"docker-credential-{os.path.basename(name)}")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "get"],
            input=host.encode(),
            capture_output=True,
            timeout=_HELPER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolFailed(f"the credential helper {program} did not answer") from error
    return _helper_answer(done.stdout) if done.returncode == 0 else None


def _helper_answer(output: bytes) -> Credentials | None:
    try:
        value: Any = json.loads(output)
    except ValueError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("Secret"), str):
        return None
    user, secret = str(value.get("Username", "")), value["Secret"]
    # Docker marks a token that the registry exchanges by this name instead of a user.
    return Credentials("", "", secret) if user == "<token>" else Credentials(user, secret)


def _content(file: Path) -> bytes:
    """Returns the content of a file; nothing if it does not exist."""
    try:
        with file.open("rb") as opened:
            return opened.read(_LARGEST_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise ToolFailed(f"{file}: cannot be read: {error.strerror}") from error
