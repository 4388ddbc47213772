"""Questions. Each makes a request, and reads its answer from the result."""

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
    """An argument of `Session.ask`. The classes below are the only questions."""

    @property
    def manifests(self) -> tuple[bytes, ...]:
        """The manifests that messages may quote, the new object first."""

    def request(self) -> Result:
        """Returns the request. Raises UnicodeDecodeError if a manifest is not UTF-8."""

    def answer(self, result: Result) -> T_co:
        """Reads the result of the program. Raises the errors that `results` names."""

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
    """Does the API server accept a new object, with strict validation of fields?"""

    def request(self) -> Result:
        return {"operation": "create", "manifest": self.manifest.decode()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(_ForValidation):
    """Does the API server accept that the object of one manifest becomes that of another one?

    Both must have the same kind, namespace and name. kubectl and Argo CD use `apply` by default;
    Argo CD uses `replace` with the sync option Replace=true.
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
    """Which fields of a new object does the API server store with other values?"""

    def request(self) -> Result:
        return {"operation": "normalize", "manifest": self.manifest.decode()}

    def answer(self, result: Result) -> NormalForm:
        return results.normal_form(result, self.manifests)

    def not_checked(self, why: str) -> NormalForm:
        return NormalForm(Outcome.NOT_CHECKED, why=why)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Do this version of Kubernetes and the next two serve an API version of a kind?

    Ask once for each kind, not for each object.
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
    """Adds a CustomResourceDefinition. Only `Session.learn` may ask it, because a new process needs
    all of them again."""

    def request(self) -> Result:
        return {"operation": "crd", "manifest": self.manifest.decode()}

    def answer(self, result: Result) -> ObjectValidation:
        return results.learned(result)

    def not_checked(self, why: str) -> ObjectValidation:
        return ObjectValidation(Outcome.NOT_CHECKED, why=why)
