"""The API server's own rules without an API server: all that calls the program of tools/apicheck.

    program = find()                      # None: `install` builds it; `ADVICE` says how to get it
    with Session(program, "1.35") as session:
        session.learn(crds)               # those of the custom resources among the manifests
        for answer in session.ask(Create(manifest) for manifest in manifests):
            ...                           # answer.outcome, answer.faults, answer.why
    session.notes                         # what cannot be told of this version of Kubernetes

There is one Session for each minor version of Kubernetes; starting one takes 20 to 65 ms.

Questions
    Create(manifest)              what the server says to a new object   -> ObjectValidation
    Update(old=, new=, by=)       what it says to a change of an object  -> ObjectValidation
    Normalize(manifest)           what it would store instead            -> NormalForm
    Lifecycle(api_version, kind)  whether it serves the kind, and how long -> Life
A manifest is the bytes of one object as they lie in the file: what a YAML parser makes of them is
part of what is judged. Ask all questions about one object directly after each other, since the
program keeps the manifest that it parsed last.

Answers
Each answer has an `outcome`: `holds`, `found` or `not checked`. With `not checked`, `why` is the
reason, a sentence. Nothing that could not be judged ever counts as `holds`. Answers come in the
order of the questions, one for each. Messages of the server are shortened, and the secrets of the
manifest are taken out of them, so that they may be printed; `NormalForm.object` may not.

Programs that fail
A program that ends or does not answer in time is started again. An object at which that happens
twice is not checked. ToolFailed is raised for a program that cannot be started, was built from
other sources, gives answers that make no sense, or fails again and again. No program is ever built
or fetched except by `install`.

Memory
Questions are taken from their iterator as answers are read from the iterator that `ask` returns,
so both may be endless. A session answers one series of questions at a time: read one iterator to
its end, or close it, before the next `ask`.
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
