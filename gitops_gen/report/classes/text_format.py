"""The format for a terminal."""

from __future__ import annotations

from textwrap import fill

from gitops_gen.changes.result import TRAILER, Certainty, ChangeClass
from gitops_gen.report.rules.text_format import WIDTH

_CERTAINTIES = {
    Certainty.EXACT: "It follows from the rules of the API server, or from the fields alone.",
    Certainty.RULE: "It follows from documented behaviour of a controller, of Argo CD or of AWS.",
    Certainty.HEURISTIC: "It is probable, but two revisions do not prove it.",
}


def explanation(change_class: ChangeClass) -> str:
    accepted = (
        "can be accepted" if change_class.acceptable else "cannot be accepted, with one exception"
    )
    sentences = [
        f"{change_class.title}.",
        f"Why: {change_class.why}",
        f"Certainty: {_CERTAINTIES[change_class.certainty]}",
        f"What to do: {change_class.remedy}",
        f"To accept a change, write '{TRAILER}: {change_class.id} KIND NAMESPACE/NAME: REASON' in "
        "the last paragraph of a commit message. See docs/diff.md#accepting-a-danger.",
        f"`gitops-gen diff --fail-on {change_class.id}` exits with 1 for this class and for all "
        "more dangerous ones.",
    ]
    lines = [f"{change_class.id}: a class of changes, {accepted}"]
    for sentence in sentences:
        lines += ["", fill(sentence, WIDTH, break_on_hyphens=False, break_long_words=False)]
    return "\n".join(lines) + "\n"
