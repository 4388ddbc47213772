"""Chart repositories over HTTP: index.yaml lists the charts, their versions and their archives."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gitops_gen import yaml
from gitops_gen.charts.archive import LARGEST_ARCHIVE
from gitops_gen.charts.helm_settings import repository_settings
from gitops_gen.charts.sources import normalized, problem_of, redacted
from gitops_gen.charts.versions import ChartVersion
from gitops_gen.charts.web import HostAccess, RequestFailed, Web, WebAnswer, joined
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Values
from gitops_gen.objects.plain import as_list

_LARGEST_INDEX = 64 << 20


@dataclass(frozen=True, slots=True)
class Download:
    """An archive as a server sent it, with the digests that the server states."""

    data: bytes = field(repr=False)
    origin: str
    """The URL without credentials, for messages."""
    oci_manifest: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class HttpRepository:
    """A chart repository over HTTP. The index is read once."""

    web: Web
    url: str

    def versions(self, name: str) -> dict[str, str]:
        """Returns the versions of a chart with their application versions.

        Raises ToolFailed if the repository does not have the chart.
        """
        return {
            str(one.get("version")): str(one.get("appVersion") or "") for one in self._entries(name)
        }

    def download(self, name: str, version: str) -> Download:
        """Returns the archive of a version. Raises ToolFailed if no URL of it can be read."""
        entry = next((one for one in self._entries(name) if one.get("version") == version), None)
        if entry is None:
            raise ToolFailed(self._without_version(name, version))
        urls = [url for url in as_list(entry.get("urls")) if isinstance(url, str) and url]
        if not urls:
            raise ToolFailed(f"{redacted(self.url)}: names no archive of {name} {version}")
        found = self._from_first_mirror(urls, f"{name} {version}")
        stated = str(entry.get("digest") or "").removeprefix("sha256:")
        if stated and stated != found.sha256:
            raise ToolFailed(
                f"{found.origin}: has the digest {found.sha256}, but the index of the repository "
                f"states {stated}; the repository is damaged, or the archive was replaced"
            )
        return found

    def _without_version(self, name: str, version: str) -> str:
        wanted = ChartVersion.parse(version)
        similar = [one for one in self.versions(name) if wanted == ChartVersion.parse(one)]
        hint = f"; it has {similar[0]}" if wanted and similar else ""
        return f"{redacted(self.url)}: has no version {version} of the chart {name}{hint}"

    def _from_first_mirror(self, urls: list[str], label: str) -> Download:
        """Returns the archive from the first URL that answers."""
        for index, url in enumerate(urls):
            full = joined(f"{normalized(self.url)}/", url)
            if not full.startswith(("http://", "https://")):
                raise ToolFailed(f"{redacted(full)}: is not an HTTP address of an archive")
            try:
                answer = self._get(full, LARGEST_ARCHIVE, label)
            except RequestFailed:
                if index + 1 == len(urls):
                    raise
            else:
                return Download(answer.body, redacted(full))
        raise AssertionError("urls is not empty")

    def _get(self, url: str, largest: int, label: str) -> WebAnswer:
        return self.web.get(url, largest, access=self._access, label=label)

    @cached_property
    def _access(self) -> HostAccess:
        settings = repository_settings(self.url)
        authorization = settings.credentials.basic if settings.credentials else ""
        return HostAccess.of(self.url, authorization, settings.tls())

    def _entries(self, name: str) -> list[Values]:
        found = self._parsed(name)
        if not found:
            raise ToolFailed(f"{redacted(self.url)}: has no chart {name}; correct its name")
        return found

    def _parsed(self, name: str) -> list[Values]:
        if name not in self._parsed_entries:
            self._parsed_entries[name] = list(chart_entries(self._index, name, self._index_url))
        return self._parsed_entries[name]

    @cached_property
    def _parsed_entries(self) -> dict[str, list[Values]]:
        return {}

    @property
    def _index_url(self) -> str:
        return f"{normalized(self.url)}/index.yaml"

    @cached_property
    def _index(self) -> bytes:
        require_valid(self.url)
        return self._get(self._index_url, _LARGEST_INDEX, f"{redacted(self.url)}: index").body


def require_valid(repository: str) -> None:
    """Raises ToolFailed for an address that is not that of a chart repository."""
    if problem := problem_of(repository):
        raise ToolFailed(f"{redacted(repository)}: {problem}")


def chart_entries(index: bytes, name: str, url: str) -> Iterator[Values]:
    """Yields the entries of one chart in an index, which may be YAML or JSON.

    An index may have megabytes, so only the lines of the chart are parsed if the index has the form
    in which Helm writes it.
    """
    value = _lines_of_chart(index, name) or index
    document = _document(value, url)
    entries = document.get("entries") if isinstance(document, Mapping) else None
    if not isinstance(entries, Mapping):
        raise ToolFailed(f"{redacted(url)}: is not the index of a chart repository")
    yield from (one for one in as_list(entries.get(name)) if isinstance(one, dict))


def _lines_of_chart(index: bytes, name: str) -> bytes | None:
    """Returns an index with the lines of one chart only; None if it has another form."""
    start = re.search(rb"(?m)^entries:[ \t]*\r?\n", index)
    key = re.compile(rb"(?m)^  ['\"]?" + re.escape(name.encode()) + rb"['\"]?:[ \t]*\r?\n")
    found = key.search(index, start.end()) if start else None
    if found is None:
        return None
    end = re.compile(rb"(?m)^(?:  [^ \-\r\n#]|[^ \-\r\n#])").search(index, found.end())
    return b"entries:\n" + index[found.start() : end.start() if end else len(index)]


def _document(data: bytes, url: str) -> Any:
    try:
        if data.lstrip().startswith(b"{"):
            return json.loads(data)
        return yaml.yaml_load(data, redacted(url))
    except (ValueError, RecursionError) as error:
        raise ToolFailed(f"{redacted(url)}: is not the index of a chart repository") from error
    except InvalidInput as error:
        text = "is not the index of a chart repository, because it is not valid YAML"
        raise ToolFailed(f"{redacted(url)}: {text}") from error
