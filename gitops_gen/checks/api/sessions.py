"""The processes of apicheck in one run: one at a time, for as long as its questions allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from gitops_gen.apicheck import ApicheckProgram, Patience, Session

_ARGOCD_KINDS = Path(__file__).with_name("argocd_kinds")


@cache
def argocd_kinds() -> tuple[bytes, ...]:
    """Returns the CRDs of the kinds that gitops-gen writes for Argo CD."""
    return tuple(path.read_bytes() for path in sorted(_ARGOCD_KINDS.glob("*.yaml")))


@dataclass
class Sessions:
    """Environments share a session if they have the same Kubernetes version and the same CRDs."""

    program: ApicheckProgram
    patience: Patience
    _key: tuple[str, ...] = ()
    _session: Session | None = None

    def session(self, kubernetes: str, crds: Sequence[bytes]) -> Session:
        """Returns a session that knows these CRDs, and those of Argo CD. Raises ToolFailed."""
        key = (kubernetes, *(sha256(crd).hexdigest() for crd in crds))
        if self._session is None or key != self._key:
            self.close()
            self._session = Session(self.program, kubernetes, self.patience)
            self._key = key
            # If the rendered objects contain the CRDs of Argo CD, those replace the first ones.
            self._session.learn([*argocd_kinds(), *crds])
        return self._session

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session, self._key = None, ()
