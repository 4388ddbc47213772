"""Applies the rules of the API server to manifests, without an API server.

This package is the only caller of the program in tools/apicheck.

    program = find()                      # None if it is not installed; `install` builds it
    with Session(program, "1.35") as session:
        session.learn(crds)               # the CRDs of the custom resources in the manifests
        for answer in session.ask(Create(manifest) for manifest in manifests):
            ...                           # answer.outcome, answer.faults, answer.why
    session.notes                         # which rules of this version cannot be applied

A Session applies the rules of one minor version of Kubernetes. It starts in 20 to 65 ms.

Questions
    Create(manifest)              does the server accept a new object?        -> ObjectValidation
    Update(old=, new=, by=)       does it accept a change of an object?       -> ObjectValidation
    Normalize(manifest)           which fields would it store differently?    -> NormalForm
    Lifecycle(api_version, kind)  which versions of Kubernetes serve a kind?  -> Life
A manifest is the bytes of one object as the file contains them, because duplicate keys and the
types of YAML values are validated too. Ask all questions about one object one after the other: the
program keeps the last manifest that it parsed.

Answers
There is one answer for each question, in the order of the questions. Its `outcome` is `holds`,
`found` or `not checked`; for `not checked`, `why` is the reason. An object that cannot be validated
never counts as `holds`. All texts of an answer may be printed: messages of the server are shortened
and secrets of the manifest are removed from them. `NormalForm.object` must not be printed.

Failures
A program that ends or does not answer in time is started again. If this happens twice for one
object, the object is not checked. ToolFailed is raised for a program that cannot be started, that
was built from different sources, whose answers do not follow the protocol, or that fails for many
objects. Only `install` builds or downloads a program.

Memory
`ask` reads questions from their iterator while its caller reads answers, so both iterators may be
endless. A session answers one series of questions at a time: read the iterator that `ask` returned
to its end, or close it, before the next `ask`.
"""

from gitops_gen.apicheck.answers import (
    Change,
    Fault,
    Life,
    MinorState,
    NormalForm,
    ObjectValidation,
    Outcome,
)
from gitops_gen.apicheck.conversation import Patience
from gitops_gen.apicheck.program import ADVICE, VARIABLE, ApicheckProgram, find, install, require
from gitops_gen.apicheck.questions import Create, Lifecycle, Normalize, Question, Update
from gitops_gen.apicheck.session import Session
from gitops_gen.apicheck.setup import linked_version

__all__ = [
    "ADVICE",
    "VARIABLE",
    "ApicheckProgram",
    "Change",
    "Create",
    "Fault",
    "Life",
    "Lifecycle",
    "MinorState",
    "NormalForm",
    "Normalize",
    "ObjectValidation",
    "Outcome",
    "Patience",
    "Question",
    "Session",
    "Update",
    "find",
    "install",
    "linked_version",
    "require",
]
