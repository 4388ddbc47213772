"""One Kubernetes object: rendered, read from a file or read from a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from gitops_gen import yaml
from gitops_gen.model import ObjectId, Values


@dataclass(frozen=True, eq=False)
class KubeObject:
    """An object with its identity; its value is parsed only when it is used.

    A parse takes longer than everything else in a render, so `document` may be bytes whose identity
    was read without one (`objects.scan`).
    """

    id: ObjectId
    api_version: str
    document: bytes | Values = field(repr=False)
    """The YAML of this object alone, or its value."""
    file: str = ""
    """Relative to the repository, with "/"; empty for an object that has no file."""
    component: str = ""
    """The component whose Application syncs it; empty for objects of a cluster."""
    template: str = ""
    """The chart template that gave it, as Helm's `# Source:` names it; empty if unknown."""
    parsed: Values | None = field(default=None, repr=False)
    """The value of `document`, where its bytes have been parsed already."""

    @cached_property
    def value(self) -> Values:
        """Raises InvalidInput for bytes that are no YAML."""
        if self.parsed is not None:
            return self.parsed
        if isinstance(self.document, bytes):
            value: Values = yaml.yaml_load(self.document)
            return value
        return self.document

    @cached_property
    def content(self) -> bytes:
        """The YAML of this object alone: the bytes that were read, or its value written as YAML."""
        if isinstance(self.document, bytes):
            return self.document
        return yaml.dump_manifest(self.document).encode()

    def __str__(self) -> str:
        return str(self.id)
