"""The functions of a template that return the time or random values."""

from __future__ import annotations

import pytest

from gitops_gen.render.helm_runs.nondeterministic import nondeterministic_functions
from tests.operations import operations


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ('{{ dateInZone "2006-01-02" (now) "UTC" }}', "dateInZone now"),
        ("{{- div (now|unixEpoch) 100 -}}", "now unixEpoch"),
        ("{{ $n := randInt 0 3 }}{{ randAlphaNum 5 | b64enc }}", "randInt randAlphaNum"),
        ("{{ (genCA `a` 1).Cert }}{{genSelfSignedCertWithKey}}", "genCA genSelfSignedCertWithKey"),
        ('{{ htpasswd "a" "b" }}{{ uuidv4 }}{{ shuffle "}}" }}', "htpasswd uuidv4 shuffle"),
        ('{{ date "2006" .Values.day }}', "date"),
        ('{{ tpl "{{ now }}" . }}{{ tpl `{{ ago .x }}` . }}', "now ago"),
        ("{{ if\n  not now }}", "now"),
    ],
)
def test_functions_are_found(template: str, names: str) -> None:
    assert nondeterministic_functions(template) == set(names.split())


@pytest.mark.parametrize(
    "template",
    [
        "now: {{ .Values.now }} {{ $now }} {{ $.now }} {{ (index .a 0).now }}",
        '{{ include "now" . }} now }} {{/* now */}} {{- /* randInt }} now */ -}}',
        '{{ date "2006" (toDate "2006" .Values.day) }}',
        '{{ "a \\" now" }} {{ `now` }} it\'s now {{ generated }}',
        "{{/* never ended: now",
        '{{ "never ended',
    ],
)
def test_other_texts_are_not_found(template: str) -> None:
    assert nondeterministic_functions(template) == set()


@pytest.mark.parametrize("part", ["{{", "{{/*", "{{/*}}", '{{"', "{{`", "{{ /*"])
def test_the_work_grows_linearly_with_the_text(part: str) -> None:
    """The benchmarks measure the time, including that of the regular expressions."""
    short = operations(lambda: nondeterministic_functions(part * 1000))
    long = operations(lambda: nondeterministic_functions(part * 4000))
    assert long < 4.1 * short
    assert nondeterministic_functions(part * 4000) == set()
