"""The way down as a script, which asks before each step that destroys something."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from gitops_gen.teardown.plan import Step, Teardown

_ASK = r"""
unsaved=
agreed() {
  local word=$cluster${1:+-$1} answer
  printf 'Type %s to do this, or skip to pass it over: ' "$word"
  read -r answer || answer=
  case "$answer" in
    "$word") return 0 ;;
    skip) return 1 ;;
  esac
  echo 'stopped; nothing of this step was done' >&2
  exit 1
}
"""


def script(teardown: Teardown) -> str:
    """It can be started again: a step that is done is skipped by a word."""
    return "\n".join([*_head(teardown), *_steps(teardown)]) + "\n"


def _head(teardown: Teardown) -> Iterator[str]:
    yield "#!/usr/bin/env bash"
    yield f"# The way down of {teardown.cluster}, written by `gitops-gen teardown`. Read it first."
    yield "# Run it at the top of the repository, on a machine that reaches the API server."
    yield "set -euo pipefail"
    yield "trap 'echo \"stopped: this failed: $BASH_COMMAND\" >&2' ERR"
    yield f"cluster={quote(teardown.cluster)}"
    yield _ASK
    yield from _told("Lost for good:", teardown.lost)
    yield from _told("Stays in the account:", teardown.stays)


def _told(title: str, items: tuple[str, ...]) -> Iterator[str]:
    yield f"echo {quote(title)}"
    yield from (f"echo {quote(f'- {item}')}" for item in items)


def _steps(teardown: Teardown) -> Iterator[str]:
    for number, step in enumerate(teardown.steps, 1):
        yield ""
        yield f"echo {quote(f'{number}. {step.title}')}"
        yield f"echo {quote(f'   {step.why}')}"
        yield from _body(step)


def _body(step: Step) -> Iterator[str]:
    if step.by_hand:
        yield "echo '   Do this by hand, then go on:'"
        yield from (f"echo {quote(f'     {command}')}" for command in step.commands)
        yield "agreed || true"
    elif step.destroys:
        yield from _if_agreed(step)
    else:
        yield from step.commands


def _if_agreed(step: Step) -> Iterator[str]:
    """What was not saved is said where it is lost, and the word to type is another."""
    if step.loses:
        yield '[ -z "$unsaved" ] || echo "   No last snapshot was made in this run of: $unsaved"'
    word = "${unsaved:+without-snapshot}" if step.loses else step.only
    yield f"if agreed {word}".rstrip() + "; then"
    yield from (f"  {command}" for command in step.commands)
    if step.saves:
        yield "else"
        yield f"  unsaved+=${{unsaved:+, }}{quote(step.saves)}"
    yield "fi"
