"""Messages of the API server are shortened, and secrets are removed from them."""

from __future__ import annotations

import pytest

from gitops_gen.apicheck.wording import Wording, shortened

PASSWORD = "hunter2zz!Pass"
DEPLOYMENT = f"""
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          env:
            - name: DB_PASSWORD
              value: {PASSWORD}
"""


@pytest.mark.parametrize(
    "message",
    [
        f'Invalid value: "{PASSWORD}": must be shorter',
        f'Invalid value: {{"Env":[{{"Name":"DB_PASSWORD","Value":"{PASSWORD}"}}]}}: is immutable',
        f"Invalid value: core.EnvVar{{Name:\"DB_PASSWORD\", Value:'{PASSWORD}'}}: is immutable",
    ],
)
def test_a_secret_of_the_manifest_is_not_quoted(message: str) -> None:
    shown = Wording.of((DEPLOYMENT.encode(),)).message(message)
    assert PASSWORD not in shown
    assert shown.startswith("Invalid value: ")


def test_a_secret_of_the_old_manifest_is_not_quoted_either() -> None:
    new = DEPLOYMENT.replace(PASSWORD, "another2zz!Pass")
    wording = Wording.of((new.encode(), DEPLOYMENT.encode()))
    assert PASSWORD not in wording.message(f'Invalid value: "{PASSWORD}": is immutable')


def test_no_value_of_a_manifest_that_cannot_be_read_is_quoted() -> None:
    wording = Wording.of((b'password: "hunter2zz!Pass',))
    assert PASSWORD not in wording.message(f'unknown anchor "{PASSWORD}" and `{PASSWORD}`')


def test_no_value_of_a_manifest_that_is_too_large_is_quoted() -> None:
    manifest = b"kind: ConfigMap\ndata: {text: " + b"x" * (1 << 20) + b", password: hunter2zz!Pass}"
    shown = Wording.of((manifest,)).message(f'Invalid value: "{PASSWORD}": is no name')
    assert shown == "Invalid value: (not shown: it may be a secret): is no name"


def test_the_examples_of_a_crd_are_quoted() -> None:
    crd = b"kind: CustomResourceDefinition\nspec: {properties: {password: {example: abc-123-def}}}"
    message = 'Invalid value: "abc-123-def": is no example'
    assert Wording.of((crd,)).message(message) == message


def test_the_start_and_the_end_of_a_long_message_remain() -> None:
    message = f"Invalid value: {'x' * 10_000}: field is immutable"
    shown = shortened(message)
    assert shown.startswith("Invalid value: xxx")
    assert shown.endswith("xxx: field is immutable")
    assert len(shown) < 500
    assert shortened(shown) == shown


def test_a_message_is_one_line_without_control_characters() -> None:
    shown = Wording.of((b"kind: ConfigMap",)).message("a\n\x1b[31mb")
    assert shown.isprintable()
