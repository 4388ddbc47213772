"""The format for programs: {"id", "title", "why", "remedy", "severity", "excusable", "bad",
"good"}. `bad` and `good` are examples in YAML, or empty.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from gitops_gen.model import Rule


def explanation(rule: Rule) -> str:
    return json.dumps(asdict(rule), indent=2) + "\n"
