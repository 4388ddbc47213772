"""The format for programs: {"id", "title", "why", "remedy", "severity", "excusable"}."""

from __future__ import annotations

import json
from dataclasses import asdict

from gitops_gen.model import Rule


def explanation(rule: Rule) -> str:
    return json.dumps(asdict(rule), indent=2) + "\n"
