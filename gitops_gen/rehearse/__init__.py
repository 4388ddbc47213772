"""A tree on a real API server and a real Argo CD, started for the purpose.

rehearse_environment(request, listener) -> Rehearsal
"""

from gitops_gen.rehearse.request import Request, rehearse_environment

__all__ = ["Request", "rehearse_environment"]
