"""The processes of apicheck in one run. Few run at a time, for as long as their questions allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    most: int = 1
    """How many sessions stay open. The one that was used least recently is closed first."""
    _open: dict[tuple[str, ...], Session] = field(default_factory=dict)

    def session(self, kubernetes: str, crds: Sequence[bytes]) -> Session:
        """Returns a session that knows these CRDs, and those of Argo CD. Raises ToolFailed."""
        key = (kubernetes, *(sha256(crd).hexdigest() for crd in crds))
        found = self._open.pop(key, None) or self._started(kubernetes, crds)
        self._open[key] = found
        return found

    def _started(self, kubernetes: str, crds: Sequence[bytes]) -> Session:
        while len(self._open) >= self.most:
            self._open.pop(next(iter(self._open))).close()
        session = Session(self.program, kubernetes, self.patience)
        try:
            # If the rendered objects contain the CRDs of Argo CD, those replace the first ones.
            session.learn([*argocd_kinds(), *crds])
        except BaseException:
            session.close()
            raise
        return session

    def close(self) -> None:
        for session in self._open.values():
            session.close()
        self._open.clear()
