"""The format for programs: a class as in the format json of `gitops-gen diff`."""

from __future__ import annotations

import json

from gitops_gen.changes.result import ChangeClass
from gitops_gen.report.changes.json_format import class_document


def explanation(change_class: ChangeClass) -> str:
    return json.dumps(class_document(change_class), indent=2) + "\n"
