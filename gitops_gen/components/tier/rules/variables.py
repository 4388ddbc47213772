"""The rule for references between environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Environment, Finding, Rule, Severity

REFERENCE = Rule(
    "tier-env-reference",
    title="A variable refers only to variables before it",
    why="The kubelet replaces $(NAME) only by the value of a variable that comes before it. "
    "Otherwise the container gets the text $(NAME) itself. Variables of backing services come "
    "first, then those of secretEnv, then those of env in the order of the values.",
    remedy="Define the variable, or move it further up. `$$(NAME)` stands for the text $(NAME). If "
    "a shell in the container reads the text, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
_TOKEN = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
_OF_THE_KUBELET = "KUBERNETES_"
"""The prefix of the variables that the kubelet sets in each container, before all others."""


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        yield from _references(tier)


def _references(tier: Tier) -> Iterator[Finding]:
    variables = tier.get("env", default={})
    defined = {name for _, provision in tier.backing for name in provision.variables}
    defined |= set(tier.get("secretEnv", default={}))
    for name, text in variables.items():
        for wanted in _names(text):
            if wanted not in defined and not wanted.startswith(_OF_THE_KUBELET):
                later = wanted in variables and wanted != name
                message = _message(wanted, later, defined)
                yield tier.finding(REFERENCE, ("env", name), message)
        defined.add(name)


def _names(text: str) -> list[str]:
    """Returns the names that a text refers to, each once. `$$` is an escaped `$`."""
    return list(dict.fromkeys(name for name in _TOKEN.findall(text) if name))


def _message(wanted: str, later: bool, defined: set[str]) -> str:
    if later:
        return f"$({wanted}) is defined after it, so it is not replaced; move {wanted} further up"
    hint = did_you_mean(wanted, sorted(defined))
    return (
        f"$({wanted}) is not replaced, because no variable has this name; define it before this "
        f"variable, or write $$({wanted}) for the text itself{hint}"
    )
