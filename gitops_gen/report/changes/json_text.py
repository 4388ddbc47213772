"""The summary of a changed text that contains JSON, such as a dashboard in a ConfigMap."""

from __future__ import annotations

import json
from typing import Any

from gitops_gen.changes.context import counted
from gitops_gen.changes.definitions import first_of
from gitops_gen.model import printable


def summary_of_json(old: str, new: str) -> str:
    """Returns the paths of the values that differ; empty if a text is no JSON object or list.

    It is also empty if only the layout of the text differs.
    """
    from gitops_gen.objects.fields import differences

    before, after = _parsed(old), _parsed(new)
    if before is None or after is None:
        return ""
    labels = [one.label or "everything" for one in differences(before, after)]
    if not labels:
        return ""
    verb = "differs" if len(labels) == 1 else "differ"
    return printable(f"~ JSON: {counted(len(labels), 'value')} {verb}: {first_of(labels)}")


def _parsed(text: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
