"""Questions, each with the request that asks it and the answer that is read of the result."""

from __future__ import annotations

import json
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from gitops_gen.apicheck import results
from gitops_gen.apicheck.answers import Life, NormalForm, ObjectValidation, Outcome

Result = dict[str, Any]
T_co = TypeVar("T_co", covariant=True)


class Question(Protocol[T_co]):
    """What `Session.ask` takes; the classes below are all there are."""

    @property
    def manifests(self) -> tuple[bytes, ...]:
        """What is judged, the new object first: messages may quote something of it."""

    def request(self) -> Result:
        """Raises UnicodeDecodeError for a manifest that is not UTF-8."""

    def answer(self, result: Result) -> T_co:
        """Raises what `results` does."""

    def not_checked(self, why: str) -> T_co: ...


@dataclass(frozen=True, slots=True)
class _OfManifest:
    manifest: bytes

    @property
    def manifests(self) -> tuple[bytes, ...]:
        return (self.manifest,)


class _ForValidation:
    __slots__ = ()

    @property
    @abstractmethod
    def manifests(self) -> tuple[bytes, ...]: ...

    def answer(self, result: Result) -> ObjectValidation:
        return results.validation(result, self.manifests)

    def not_checked(self, why: str) -> ObjectValidation:
        return ObjectValidation(Outcome.NOT_CHECKED, why=why)


@dataclass(frozen=True, slots=True)
class Create(_OfManifest, _ForValidation):
    """What the API server says to a new object, with strict validation of fields."""

    def request(self) -> Result:
        return {"operation": "create", "manifest": self.manifest.decode()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(_ForValidation):
    """What the API server says when the object of one manifest becomes that of another one.

    Both must be of one kind, namespace and name. `apply` is what kubectl and Argo CD do by default;
    `replace` is what Argo CD does with the sync option Replace=true.
    """

    old: bytes
    new: bytes
    by: Literal["apply", "replace"] = "apply"

    @property
    def manifests(self) -> tuple[bytes, ...]:
        return (self.new, self.old)

    def request(self) -> Result:
        old, new = self.old.decode(), self.new.decode()
        return {"operation": "update", "old": old, "manifest": new, "by": self.by}


@dataclass(frozen=True, slots=True)
class Normalize(_OfManifest):
    """What the API server stores of a new object instead of what the manifest says."""

    def request(self) -> Result:
        return {"operation": "normalize", "manifest": self.manifest.decode()}

    def answer(self, result: Result) -> NormalForm:
        return results.normal_form(result, self.manifests)

    def not_checked(self, why: str) -> NormalForm:
        return NormalForm(Outcome.NOT_CHECKED, why=why)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Whether this version of Kubernetes and the next two serve an API version of a kind.

    Ask it once for each kind, not for each object.
    """

    api_version: str
    kind: str

    @property
    def manifests(self) -> tuple[bytes, ...]:
        return ()

    def request(self) -> Result:
        manifest = json.dumps({"apiVersion": self.api_version, "kind": self.kind})
        return {"operation": "lifecycle", "manifest": manifest}

    def answer(self, result: Result) -> Life:
        return results.life(result)

    def not_checked(self, why: str) -> Life:
        return Life(Outcome.NOT_CHECKED, why=why)


@dataclass(frozen=True, slots=True)
class Learn(_OfManifest):
    """Gives a CustomResourceDefinition. Only `Session.learn` asks this, since it is remembered."""

    def request(self) -> Result:
        return {"operation": "crd", "manifest": self.manifest.decode()}

    def answer(self, result: Result) -> ObjectValidation:
        return results.learned(result)

    def not_checked(self, why: str) -> ObjectValidation:
        return ObjectValidation(Outcome.NOT_CHECKED, why=why)
