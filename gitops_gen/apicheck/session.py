"""Asks questions about one minor version of Kubernetes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import count
from types import TracebackType
from typing import Self, TypeVar

from gitops_gen.apicheck import wire
from gitops_gen.apicheck.answers import ObjectValidation, Outcome
from gitops_gen.apicheck.conversation import STOPPED, Conversation, Patience
from gitops_gen.apicheck.program import ApicheckProgram
from gitops_gen.apicheck.questions import Learn, Question
from gitops_gen.apicheck.wording import Wording
from gitops_gen.errors import ToolFailed

T = TypeVar("T")

_AHEAD = 1 << 18
"""How many bytes of requests may be sent before their answers are read."""
_FIRST = 2
"""The number of the first question. The setup has number 1."""
_OF_ONE_MANIFEST = frozenset({"BadRequest", "TooLarge", "Internal", STOPPED})
"""Reasons of a failed request after which the next request may succeed."""
_DEFAULT_PATIENCE = Patience()


class Session:
    """Asks one program, and starts it again if it stops. The context manager ends it."""

    def __init__(
        self, program: ApicheckProgram, kubernetes: str, patience: Patience = _DEFAULT_PATIENCE
    ) -> None:
        """Starts the program. `kubernetes` is a minor version such as "1.35". Raises ToolFailed."""
        self._conversation = Conversation(program, kubernetes, patience)
        self._program = program
        self._numbers = count(_FIRST)
        self._asked = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Which rules of this Kubernetes version cannot be applied. Print them with the results."""
        return self._conversation.ready.notes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._conversation.close()

    def learn(self, crds: Iterable[bytes]) -> tuple[ObjectValidation, ...]:
        """Adds CustomResourceDefinitions, so that objects of their kinds can be validated.

        The outcome is `not checked` for a CRD that is not added. If a CRD is added but cannot be
        used, the objects of its kind are not checked. To validate the CRD itself, ask Create.
        """
        questions = [Learn(crd) for crd in crds]
        answers = tuple(self.ask(questions))
        for question, answer in zip(questions, answers, strict=True):
            if answer.outcome is Outcome.HOLDS:
                line = wire.line(next(self._numbers), question.request())
                self._conversation.repeat_on_start(line)
        return answers

    def ask(self, questions: Iterable[Question[T]]) -> Iterator[T]:
        """Yields one answer for each question, in their order. Raises ToolFailed."""
        if self._asked:
            raise RuntimeError("a session answers one series of questions at a time")
        self._asked, waiting, complete = True, deque[tuple[Question[T], str]](), False
        try:
            for question in questions:
                waiting.append((question, self._send(question)))
                while self._conversation.ahead > _AHEAD:
                    yield self._answer(*waiting.popleft())
            while waiting:
                answer = self._answer(*waiting.popleft())
                # A caller may stop after the last answer, without a look for another one.
                complete = not waiting
                yield answer
            complete = True
        finally:
            self._asked = False
            if not complete:
                # The program would still send answers, which the next series must not read.
                self.close()

    def _send(self, question: Question[T]) -> str:
        """Sends the question. Returns an empty string, or the reason why it was not sent."""
        ready = self._conversation.ready
        if ready.unsupported:
            return ready.unsupported
        if any(len(manifest) > ready.manifest_bytes for manifest in question.manifests):
            return f"the manifest has more than {ready.manifest_bytes} bytes, the limit of apicheck"
        try:
            request = question.request()
        except UnicodeDecodeError:
            return "the manifest is not UTF-8"
        number = next(self._numbers)
        self._conversation.send(number, wire.line(number, request))
        return ""

    def _answer(self, question: Question[T], refusal: str) -> T:
        if refusal:
            return question.not_checked(refusal)
        try:
            return question.answer(self._conversation.receive())
        except wire.Refused as refused:
            return self._not_processed(question, refused)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self._useless() from None

    def _not_processed(self, question: Question[T], refused: wire.Refused) -> T:
        if refused.reason not in _OF_ONE_MANIFEST:
            raise self._useless()
        return question.not_checked(Wording.of(question.manifests).message(str(refused)))

    def _useless(self) -> ToolFailed:
        return ToolFailed(f"{self._program.path} gave an answer that does not follow the protocol")
