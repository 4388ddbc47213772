"""The ordered steps that destroy a cluster, as a text to read or a script to run.

No command is run here. The steps and their commands are in templates/steps.j2.

    facts = ClusterFacts(environment, planned)
    text(facts), script(facts) -> str
"""

from gitops_gen.teardown.facts import ClusterFacts
from gitops_gen.teardown.output import script, text

__all__ = ["ClusterFacts", "script", "text"]
