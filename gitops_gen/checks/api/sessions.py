"""The processes of apicheck in one run: one at a time, for as long as its questions allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from gitops_gen.apicheck import ApicheckProgram, Patience, Session
from gitops_gen.checks.api.verdicts import Identified, ObjectVerdict, verdicts


@dataclass
class Sessions:
    """Environments share a session if they have the same Kubernetes version and the same CRDs."""

    program: ApicheckProgram
    patience: Patience = field(default_factory=Patience)
    notes: dict[str, None] = field(default_factory=dict)
    """What cannot be determined for the versions of Kubernetes, in the order of the sessions."""
    _key: tuple[str, ...] = ()
    _session: Session | None = None

    def verdicts(
        self, kubernetes: str, crds: Sequence[bytes], objects: Iterable[Identified]
    ) -> Iterator[ObjectVerdict]:
        """Yields the verdicts on objects of one environment. Raises ToolFailed."""
        return verdicts(self._session_for(kubernetes, crds), objects)

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session, self._key = None, ()

    def _session_for(self, kubernetes: str, crds: Sequence[bytes]) -> Session:
        key = (kubernetes, *(sha256(crd).hexdigest() for crd in crds))
        if self._session is None or key != self._key:
            self.close()
            self._session = Session(self.program, kubernetes, self.patience)
            self._key = key
            self._session.learn(crds)
            self.notes |= dict.fromkeys(self._session.notes)
        return self._session
