"""The ordered way down of a cluster, as a text to read or a script to run. Nothing is run here.

teardown(environment, planned) -> Teardown
text(teardown), script(teardown) -> str
"""

from gitops_gen.teardown.plan import Step, Teardown, teardown
from gitops_gen.teardown.script import script
from gitops_gen.teardown.text import text

__all__ = ["Step", "Teardown", "script", "teardown", "text"]
