"""The form of a table of settings: label of a resource -> path of an argument -> its value."""

from __future__ import annotations

from typing import Any, TypeAlias

Rows: TypeAlias = dict[str, dict[str, Any]]
