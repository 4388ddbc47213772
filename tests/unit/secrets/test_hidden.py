"""The values that messages show, and the text that replaces a secret."""

from __future__ import annotations

import pytest

from gitops_gen.model import Environment, Finding, Path, Position, Rule, dotted
from gitops_gen.secrets.hidden import Hidden, without_tokens
from gitops_gen.secrets.places import may_be_shown

RULE = Rule("rule", "A rule", "Why.", "What to do.")
VALUES = {
    "tiers": {
        "backend": {
            "args": ["--password", "correct-horse-1", "--verbose", "loudly-1"],
            "env": {"DB_PASSWORD": "hunter2-zz", "LOG_LEVEL": "loudly-2", "PIN_TOKEN": 48151623},
            "secretEnv": {"STRIPE": "my-stripe-1"},
            "container": [{"name": "API_KEY", "value": 'first\nsecond "line" 2\n'}],
        }
    }
}
HIDDEN = Hidden.of(VALUES)
BACKEND: Path = ("tiers", "backend")


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        (("tiers", "backend", "replicas"), "two", True),
        (("tiers", "backend", "env", "DB_PASSWORD"), 5, False),
        (("tiers", "backend", "env", "DB_PASSWORD"), "true", True),
        (("postgres", "credentials", "existingSecret"), "My_Secret", False),
        (("postgres", "credentials"), "hunter2", False),
        (("tiers", "backend", "secretEnv", "STRIPE"), "hunter2", False),
        (("addons", "external-secrets", "version"), "1.2", True),
        (("tiers", "token", "replicas"), "two", True),
        (("repository", "url"), "https://token@git.example/x", False),
        (("repository", "url"), "ssh://git@git.example/x", True),
        (("platform", "quotas", "app", "count/secrets"), "10x", True),
        (("tiers", "backend", "args", 0), "--api-key=hunter2", False),
        # Numbers with few digits are limits and times, unless the name is that of a secret.
        (("postgres", "credentials", "passwordRevision"), 0, True),
        (("postgres", "credentials", "passwordRevision"), 20270131, True),
        (("postgres", "credentials", "passwordRevision"), "two", False),
        (("platform", "quotas", "app", "secrets"), 10, True),
        (("platform", "quotas", "app", "secrets"), "10x", False),
        (("tiers", "backend", "env", "TOKEN_TTL"), "3600", True),
        (("tiers", "backend", "env", "PASSWORD_MIN_LENGTH"), "8", True),
        (("tiers", "backend", "env", "PASSWORD_MIN_LENGTH"), "48151623", False),
        (("tiers", "backend", "env", "PIN"), "1234", False),
        (("auth", "existingSecret"), "1234", False),
        (("passwords", "admin"), 1234, False),
        (("postgres", "credentials", "externalSecret", "refreshInterval"), "1h30m", True),
        (("postgres", "credentials", "externalSecret", "refreshInterval"), "soon", False),
        (("tiers", "backend", "databasePassword"), "env", True),
        (("tiers", "backend", "databasePassword"), "fil", True),
        (("tiers", "backend", "databasePassword"), "hunter2", False),
    ],
)
def test_values_that_messages_may_show(path: Path, value: object, shown: bool) -> None:
    assert may_be_shown(path, value) is shown


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("'hunter2-zz' is short", "the value (not shown: it may be a secret) is short"),
        ('got "hunter2-zz"', "got the value (not shown: it may be a secret)"),
        ("map[A:hunter2-zz b:1]", "map[A:(not shown: it may be a secret) b:1]"),
        ("at correct-horse-1", "at (not shown: it may be a secret)"),
        ("the pin is 48151623", "the pin is (not shown: it may be a secret)"),
        (r'"first\nsecond \"line\" 2\n"', "the value (not shown: it may be a secret)"),
        ('x second "line" 2 y', "x (not shown: it may be a secret) y"),
        ("loudly-1 and loudly-2", "loudly-1 and loudly-2"),
        ("'my-stripe-1' is no Secret", "'my-stripe-1' is no Secret"),
    ],
)
def test_a_secret_is_hidden_in_every_message(message: str, expected: str) -> None:
    assert HIDDEN.masked(message) == expected


def test_the_name_of_a_secret_is_hidden_in_messages_about_its_place() -> None:
    hidden = "the value (not shown: it may be a secret) is no Secret"
    for path in (BACKEND, (*BACKEND, "secretEnv", "STRIPE")):
        assert HIDDEN.masked("'my-stripe-1' is no Secret", path) == hidden


def test_a_weak_password_is_hidden_in_messages_about_its_section() -> None:
    """The `secrets` of a chart may be names or passwords."""
    section = ("addons", "shop")
    values = {"secrets": {"db": "correcthorsebattery", "pin": "pw1xz"}}
    hidden = Hidden.of({"addons": {"shop": {"values": values}}})
    message = "bad correcthorsebattery and pw1xz"
    shown = "(not shown: it may be a secret)"
    assert hidden.masked(message, section) == f"bad {shown} and {shown}"
    assert hidden.masked(message, ("tiers",)) == message


@pytest.mark.parametrize(
    ("secret", "written"),
    [
        ("@hunter2'zz!Pass", r"'@hunter2\'zz!Pass'"),
        ("@hunter2'zz!Pass", "'@hunter2''zz!Pass'"),
        ("hunter2<zz&Pass", r"hunter2\u003czz\u0026Pass"),
        ("hunter2<zz&Pass", r"hunter2\u003Czz&Pass"),
        ('hunter2"zz\\Pass', r"{\"a\":\"hunter2\\\"zz\\\\Pass\"}"),
        ("hun\tter2é zz\xa0😀", r"hun\tter2é zz\u00a0😀"),
        ("hun\tter2é zz\xa0😀", r"hun\tter2é zz\_😀"),
        ("hun\tter2é zz\xa0😀", r"hun\tter2\u00e9 zz\u00a0\U0001f600"),
        ("hun\tter2é zz\xa0😀", r"hun\tter2\xe9 zz\xa0\ud83d\uDE00"),
        (12345678, "1.2345678e+07"),
        (48151623.5, "4.81516235e+07"),
        ("*hunter2zz", "unknown anchor 'hunter2zz' referenced"),
        ("? hunter2zz", "map[hunter2zz:<nil>]"),
        ("[hunter2zz]", "[]interface {}{hunter2zz}"),
        ("{hunter2zz: 1}", "invalid map key: map[string]interface {}{hunter2zz:1}"),
        ("!!int hunter2zz", "cannot decode !!str `hunter2zz` as a !!int"),
        ("&hunter2zz x", "anchor hunter2zz"),
        ("hunter2zz: x", "map[hunter2zz:x]"),
        ("hunter2zz!Pass", "aHVudGVyMnp6IVBhc3M="),
        ("hunter2zz", r"first\nhunter2zz\nlast"),
    ],
)
def test_a_secret_is_hidden_in_any_notation(secret: object, written: str) -> None:
    for values in ({"password": secret}, {"auth": {"existingSecret": secret}}):
        shown = Hidden.of(values).masked(f"bad {written}", (next(iter(values)),))
        assert not any(piece in shown for piece in ("hunter2", "Pass", "ter2", "aHVu", "e+07"))


def test_the_name_of_a_secret_is_hidden_as_a_word_and_not_within_another() -> None:
    hidden = Hidden.of({"auth": {"existingSecret": "shop-db-1"}})
    message = "the release shop-db-10 needs shop-db-1"
    shown = "the release shop-db-10 needs (not shown: it may be a secret)"
    assert hidden.masked(message, ("auth",)) == shown


def test_a_shortened_secret_is_hidden() -> None:
    secret = "0123456789abcdef" * 8
    hidden = Hidden.of({"password": secret})
    assert hidden.masked(f"'{secret[:57]}…' is long") == (
        "the value (not shown: it may be a secret) is long"
    )


def test_a_word_of_the_values_is_not_hidden_because_a_secret_is_the_same() -> None:
    hidden = Hidden.of({"postgres": {"password": "postgres"}})
    assert hidden.masked("'postgres' is switched off") == "'postgres' is switched off"
    assert "'postgres'" not in hidden.masked("'postgres' is weak", ("postgres", "password"))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("'https://me:hunter2@git.example/x' is far", "'(not shown: it may be a secret)' is far"),
        (
            "got ghp_0123456789abcdef0123456789ABCDEF0123, no",
            "got (not shown: it may be a secret) no",
        ),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "(not shown: it may be a secret)"),
        ("use https://git.example/x", "use https://git.example/x"),
    ],
)
def test_no_finding_contains_a_token(message: str, expected: str) -> None:
    assert without_tokens(message) == expected
    assert Finding(RULE, message, Position("f")).message == expected


def test_a_rule_of_an_environment_cannot_show_a_secret() -> None:
    environment = Environment("dev", VALUES, {}, "values/dev.yaml")
    path = (*BACKEND, "env", "DB_PASSWORD")
    finding = environment.finding("rule", path, "'hunter2-zz' is not one of 'a', 'b'")
    shown = "the value (not shown: it may be a secret) is not one of 'a', 'b'"
    assert finding.message == f"tiers.backend.env.DB_PASSWORD: {shown}"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("tiers", "backend", "args", 0), "tiers.backend.args[0]"),
        (("env", "ghp_0123456789abcdef0123456789ABCDEF0123"), "env.(not shown)"),
        (("values", "adminPassword", "hunter2"), "values.adminPassword.(not shown)"),
        (("values", "password", "secretKeyRef", "name"), "values.password.secretKeyRef.name"),
        (("tiers", "token", "image"), "tiers.token.image"),
    ],
)
def test_a_path_shows_no_key_that_may_be_a_secret(path: Path, text: str) -> None:
    assert dotted(path) == text
