"""Charts in OCI registries: a tag names a manifest, and the manifest names the archive by digest.

The `+` of a version is `_` in a tag, because a tag cannot contain `+`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from gitops_gen.charts.archive import LARGEST_ARCHIVE
from gitops_gen.charts.helm_settings import Credentials, registry_credentials
from gitops_gen.charts.http_repository import Download, require_valid
from gitops_gen.charts.sources import OCI, redacted
from gitops_gen.charts.web import (
    HostAccess,
    RequestFailed,
    Web,
    WebAnswer,
    challenge_of,
    joined,
    origin,
)
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Values

_ARCHIVES = (
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
    "application/tar+gzip",
)
_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_CONFIG = "application/vnd.cncf.helm.config.v1+json"
_LARGEST_DOCUMENT = 4 << 20
_MOST_PAGES = 200
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PARAMETER = re.compile(r'([a-zA-Z_]+)="([^"]*)"')
_LOOPBACK = re.compile(r"(localhost|127\.[0-9.]+)(:[0-9]+)?")


@dataclass(frozen=True)
class OciRegistry:
    """The charts below one address of a registry, such as oci://registry.example.com/charts."""

    web: Web
    url: str

    def versions(self, name: str) -> dict[str, str]:
        """Returns the versions of a chart. A registry does not state application versions."""
        url: str | None = f"{self._base(name)}/tags/list?n=1000"
        tags: list[str] = []
        for _ in range(_MOST_PAGES):
            if url is None:
                break
            answer = self._get(name, url, _LARGEST_DOCUMENT)
            tags += self._tags(answer, url)
            url = self._next_page(answer, url)
        return {tag.replace("_", "+"): "" for tag in tags}

    def download(self, name: str, version: str) -> Download:
        """Returns the archive of a version. Raises ToolFailed if the registry does not have it."""
        url = f"{self._base(name)}/manifests/{quote(version.replace('+', '_'))}"
        answer = self._get(name, url, _LARGEST_DOCUMENT, accept=_MANIFESTS)
        digest = self._archive_digest(answer.body, url)
        manifest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
        found = self.archive(name, digest.removeprefix("sha256:"), f"{name} {version}")
        return Download(found.data, found.origin, manifest)

    def archive(self, name: str, sha256: str, label: str) -> Download:
        """Returns the archive with a digest. Raises ToolFailed if the registry sends other data."""
        url = f"{self._base(name)}/blobs/sha256:{sha256}"
        found = Download(self._get(name, url, LARGEST_ARCHIVE, label=label).body, redacted(url))
        if found.sha256 != sha256:
            raise ToolFailed(
                f"{redacted(url)}: the registry sent data with another digest ({found.sha256})"
            )
        return found

    @property
    def _host(self) -> str:
        return self.url.removeprefix(OCI).partition("/")[0]

    def _base(self, name: str) -> str:
        """Returns the URL of the repository of a chart. Loopback needs no encryption."""
        require_valid(self.url)
        folder = self.url.removeprefix(OCI).partition("/")[2]
        scheme = "http" if _LOOPBACK.fullmatch(self._host) else "https"
        path = "/".join(part for part in (folder, name) if part)
        return f"{scheme}://{self._host}/v2/{path}"

    def _get(
        self, name: str, url: str, largest: int, *, accept: str = "*/*", label: str = ""
    ) -> WebAnswer:
        """Returns an answer. A registry states in its first refusal how it authenticates."""
        headers = {"Accept": accept}
        access = HostAccess.of(url, self._authorizations.get(name, ""))
        try:
            return self.web.get(url, largest, access=access, headers=headers, label=label)
        except RequestFailed as failed:
            authorization = self._authorization(failed, url)
            if not authorization or authorization == self._authorizations.get(name):
                raise
        self._authorizations[name] = authorization
        access = HostAccess.of(url, authorization)
        return self.web.get(url, largest, access=access, headers=headers, label=label)

    @cached_property
    def _authorizations(self) -> dict[str, str]:
        """The header Authorization for each chart, after the registry asked for it."""
        return {}

    @cached_property
    def _credentials(self) -> Credentials | None:
        return registry_credentials(self._host)

    def _authorization(self, failed: RequestFailed, url: str) -> str:
        """Returns the header for the next attempt; empty if it would be refused again."""
        challenge = challenge_of(failed) if failed.status == 401 else ""
        kind = challenge.partition(" ")[0].lower()
        if kind == "basic" and self._credentials and self._credentials.user:
            return self._credentials.basic
        if kind == "bearer":
            return f"Bearer {self._token(dict(_PARAMETER.findall(challenge)), url)}"
        return ""

    def _token(self, challenge: dict[str, str], url: str) -> str:
        """Returns a token from the token server that the registry names, as Docker does."""
        realm = challenge.get("realm", "")
        encrypted = realm.startswith("https://")
        if not encrypted and origin(realm) != origin(url):
            raise RequestFailed(url, "names a token server without encryption")
        query: dict[str, str] = {}
        for key in ("service", "scope"):
            query |= {key: challenge[key]} if key in challenge else {}
        answer = self._token_answer(realm, query)
        value = _json(answer.body, realm)
        token = value.get("token") or value.get("access_token")
        if not isinstance(token, str) or not token.isprintable():
            raise RequestFailed(realm, "answered without a token")
        return token

    def _token_answer(self, realm: str, query: dict[str, str]) -> WebAnswer:
        credentials = self._credentials
        if credentials and credentials.identity_token:
            form = query | {
                "grant_type": "refresh_token",
                "client_id": "gitops-gen",
                "refresh_token": credentials.identity_token,
            }
            return self.web.get(realm, _LARGEST_DOCUMENT, data=urlencode(form).encode())
        access = HostAccess.of(realm, credentials.basic if credentials else "")
        url = f"{realm}{'&' if '?' in realm else '?'}{urlencode(query)}"
        return self.web.get(url, _LARGEST_DOCUMENT, access=access)

    def _tags(self, answer: WebAnswer, url: str) -> list[str]:
        tags = _json(answer.body, url).get("tags") or []
        return [one for one in tags if isinstance(one, str)]

    def _next_page(self, answer: WebAnswer, url: str) -> str | None:
        found = re.match(r'<([^>]*)>; *rel="?next"?', answer.headers.get("Link") or "")
        following = joined(url, found[1]) if found else None
        return following if following and origin(following) == origin(url) else None

    def _archive_digest(self, manifest: bytes, url: str) -> str:
        value = _json(manifest, url)
        config, layers = value.get("config"), value.get("layers")
        kind = config.get("mediaType") if isinstance(config, dict) else None
        for layer in layers if kind == _CONFIG and isinstance(layers, list) else ():
            if isinstance(layer, dict) and layer.get("mediaType") in _ARCHIVES:
                digest = layer.get("digest")
                if isinstance(digest, str) and _DIGEST.fullmatch(digest):
                    return digest
        raise ToolFailed(f"{redacted(url)}: is not a Helm chart")


def _json(data: bytes, url: str) -> Values:
    try:
        value: Any = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ToolFailed(f"{redacted(url)}: the registry gave an answer that is not valid JSON")
    return value
