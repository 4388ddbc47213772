"""Runs the steps of action.yml like a runner of GitHub, on a machine without GitHub.

Steps with `run:` are run with bash, and with the variables and files that GitHub provides. Steps
with `uses:` are other actions, so only their names and arguments are recorded.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from tests.repository import ROOT

ACTION = ROOT / "action.yml"
Context = Mapping[str, Any]

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TOKEN = re.compile(r"\s*('[^']*'|==|!=|&&|\|\||[()]|[\w.-]+)")
_OPERATORS = {"&&": "and", "||": "or"}


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.yaml_load(ACTION.read_bytes())
    return loaded


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = action()["runs"]["steps"]
    return found


def inputs(**changed: str) -> dict[str, str]:
    """Returns the inputs with their defaults."""
    defaults = {name: one["default"] for name, one in action()["inputs"].items()}
    assert changed.keys() <= defaults.keys()
    return {**defaults, **changed}


def evaluated(text: str, context: Context) -> str:
    """Replaces the expressions in a text."""
    return _EXPRESSION.sub(lambda match: str(_value(match[1], context)), text)


def holds(condition: str, context: Context) -> bool:
    return bool(_value(condition, context))


def _value(expression: str, context: Context) -> Any:
    words = [_word(token, context) for token in _TOKEN.findall(expression)]
    return eval(" ".join(words), {"__builtins__": {}})


def _word(token: str, context: Context) -> str:
    if token in ("==", "!=", "(", ")") or token.startswith("'"):
        return token
    return _OPERATORS.get(token) or repr(_find(token, context))


def _find(name: str, context: Any) -> Any:
    """Returns the value of a name such as `steps.check.outputs.code`; an unset one is empty."""
    for part in name.split("."):
        context = context.get(part) if isinstance(context, dict) else None
    return "" if context is None else context


@dataclass
class JobResult:
    """What the steps of a job did."""

    outputs: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """The outputs by the ids of the steps."""
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    """The arguments of the other actions that were run, by their names."""
    log: str = ""
    summary: str = ""
    failed: str | None = None
    """The name of the step that ended the job."""

    def code(self, step: str) -> str | None:
        return self.outputs.get(step, {}).get("outputs", {}).get("code")


@dataclass
class Job:
    """A job of a workflow with one step, which uses the action."""

    folder: Path
    """A new folder for the files of GitHub."""
    workspace: Path
    """The folder into which the repository was checked out."""
    environment: Mapping[str, str]
    """The variables of the machine and of the event."""
    context: dict[str, Any]
    """The contexts of expressions: `inputs`, `github` and `runner`."""
    installed: Mapping[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """The outputs of steps that another job ran before; they are not run again."""

    def run(self) -> JobResult:
        result = JobResult({**self.installed})
        self.context["steps"] = result.outputs
        paths: list[str] = []
        for step in steps():
            name = str(step.get("name") or step.get("uses"))
            if step.get("id") in self.installed or not self._is_due(step):
                continue
            if "uses" in step:
                result.used[step["uses"].partition("@")[0]] = self._arguments(step)
            elif self._run(step, result, paths):
                result.failed = name
                break
        return result

    def _is_due(self, step: Mapping[str, Any]) -> bool:
        return "if" not in step or holds(step["if"], self.context)

    def _arguments(self, step: Mapping[str, Any]) -> dict[str, str]:
        return {key: evaluated(str(v), self.context) for key, v in step.get("with", {}).items()}

    def _run(self, step: Mapping[str, Any], result: JobResult, paths: list[str]) -> int:
        """Runs a script. Returns its exit code."""
        files = {name: self.folder / name.lower() for name in ("OUTPUT", "PATH", "STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        variables = {f"GITHUB_{name}": str(file) for name, file in files.items()}
        script = self.folder / "script.sh"
        script.write_text(step["run"])
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace / evaluated(step.get("working-directory", "."), self.context),
            env={**self._variables(step, paths), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        result.log += done.stdout + done.stderr
        result.summary += files["STEP_SUMMARY"].read_text()
        paths[:0] = files["PATH"].read_text().splitlines()
        outputs = dict(line.split("=", 1) for line in files["OUTPUT"].read_text().splitlines())
        if "id" in step:
            result.outputs[step["id"]] = {"outputs": outputs}
        return done.returncode

    def _variables(self, step: Mapping[str, Any], paths: list[str]) -> dict[str, str]:
        own = {name: evaluated(str(v), self.context) for name, v in step.get("env", {}).items()}
        path = os.pathsep.join([*paths, self.environment["PATH"]])
        return {**self.environment, **own, "PATH": path}


def python_outputs() -> dict[str, dict[str, dict[str, str]]]:
    """The outputs of actions/setup-python."""
    return {"python": {"outputs": {"python-path": sys.executable}}}


def scripts() -> Iterator[str]:
    yield from (step["run"] for step in steps() if "run" in step)
