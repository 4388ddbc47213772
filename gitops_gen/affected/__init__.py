"""Which environments and components a change of the repository touches, without a render.

`affected` compares the work tree with its base. The answer is pessimistic: whatever a render would
change between both is named, and more may be named. If something cannot be determined, all
environments are named, and a note says why.

    changed_files   the files that differ from the base
    sides           the environments of one revision, their files and their plans
    touched         which environments and components a changed file touches
    identical       compares planned components with regard to types and order
"""

from gitops_gen.affected.request import affected
from gitops_gen.affected.result import Affected, AffectedEnvironment

__all__ = ["Affected", "AffectedEnvironment", "affected"]
