"""For programs: the result as it is, its fields by their names; positions as file, line, column.

`good` says whether it found nothing that speaks against merging.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from gitops_gen.rehearse.result import Rehearsal


def told(rehearsal: Rehearsal) -> str:
    whole = {"good": rehearsal.good, **asdict(rehearsal)}
    whole["versions"] = dict(rehearsal.versions)
    return json.dumps(whole, indent=2) + "\n"
