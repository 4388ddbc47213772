"""Syncs rendered files on a real API server and a real Argo CD that run only for this test.

rehearse_environment(request, listener) -> Rehearsal
"""

from gitops_gen.rehearse.request import RehearsalRequest, rehearse_environment

__all__ = ["RehearsalRequest", "rehearse_environment"]
