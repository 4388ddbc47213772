"""The processes of apicheck in one run: one at a time, for as long as its questions allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from gitops_gen.apicheck import ApicheckProgram, Patience, Session


@dataclass
class Sessions:
    """Environments share a session if they have the same Kubernetes version and the same CRDs."""

    program: ApicheckProgram
    patience: Patience
    _key: tuple[str, ...] = ()
    _session: Session | None = None

    def session(self, kubernetes: str, crds: Sequence[bytes]) -> Session:
        """Returns a session that knows these CRDs and no others. Raises ToolFailed."""
        key = (kubernetes, *(sha256(crd).hexdigest() for crd in crds))
        if self._session is None or key != self._key:
            self.close()
            self._session = Session(self.program, kubernetes, self.patience)
            self._key = key
            self._session.learn(crds)
        return self._session

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session, self._key = None, ()
