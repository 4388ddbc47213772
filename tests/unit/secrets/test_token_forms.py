"""Tokens are recognised by the forms that vendors give them, and nothing else is taken for one."""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from base64 import b64encode
from pathlib import Path
from struct import pack
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.secrets import token_forms
from gitops_gen.secrets.hidden import Hidden, without_tokens
from gitops_gen.secrets.leaks import leaks

HERE = Path(__file__).parent
# In parts, so that no scanner takes the file for a leak.
TOKENS: dict[str, list[str]] = json.loads((HERE / "tokens.json").read_text())


@pytest.mark.parametrize(("form", "parts"), TOKENS.items(), ids=list(TOKENS))
def test_a_token_is_found_under_any_name_and_never_shown(form: str, parts: list[str]) -> None:
    token = "".join(parts)
    for text in (token, f"--verbose --with={token}, more", f"first: 1\nsecond: ({token})\n"):
        values = {"tiers": {"backend": {"env": {"COLOUR": text}}}}
        assert [leak.description for leak in leaks(values)] == [f"a token ({form})"]
        hidden = Hidden.of(values)
        for message in (f"'{text}' is not a colour", f"'{text[:40]}…' is not a colour"):
            assert parts[-1][:20] not in hidden.masked(message)
    assert parts[-1][:20] not in without_tokens(f"{token} is not a colour")


def test_a_token_that_a_message_cuts_short_is_not_shown() -> None:
    token = "".join(TOKENS["github-pat"])
    assert without_tokens(f"'{token[:30]}…' is long") == "'(not shown: it may be a secret)' is long"
    assert without_tokens("'a description of the team…' is long").startswith("'a description")
    assert without_tokens("an address: https://… or oci://…") == "an address: https://… or oci://…"


@pytest.mark.parametrize("parts", TOKENS.values(), ids=list(TOKENS))
def test_a_token_in_base64_is_found(parts: list[str]) -> None:
    encoded = b64encode("".join(parts).encode() + b"\n").decode()
    assert [leak.path for leak in leaks({"colour": encoded})] == [("colour",)]


def picture() -> bytes:
    """A PNG of 64 x 64 random points."""
    rows = b"".join(b"\0" + random.Random(row).randbytes(192) for row in range(64))
    chunks = ((b"IHDR", pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)))
    parts = (pack(">I", len(d)) + k + d + pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("content", [picture(), gzip.compress(picture() * 3, mtime=0)])
def test_the_base64_of_a_file_is_no_token(content: bytes) -> None:
    assert list(leaks({"logo": b64encode(content).decode()})) == []


@pytest.mark.parametrize("text", yaml.safe_load((HERE / "no_tokens.yaml").read_text()))
def test_what_is_only_long_is_no_token(text: Any) -> None:
    assert list(leaks({"tiers": {"backend": {"env": {"COLOUR": text}}}})) == []


DIGITS, HEXADECIMAL = "0123456789", "0123456789abcdef"
REGIONS = st.sampled_from(["eu-central-1", "us-east-2", "ap-northeast-2", "us-gov-west-1"])
NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
ACCOUNTS = st.text(DIGITS, min_size=12, max_size=12)


def hexadecimal(size: int) -> st.SearchStrategy[str]:
    return st.text(HEXADECIMAL, min_size=size, max_size=size)


SHAPES = st.one_of(
    st.builds("sha256:{}".format, hexadecimal(64)),
    st.builds("ghcr.io/{}/{}@sha256:{}".format, NAMES, NAMES, hexadecimal(64)),
    st.binary(min_size=64, max_size=64).map(lambda data: f"sha512-{b64encode(data).decode()}"),
    st.sampled_from([32, 40, 64, 128]).flatmap(hexadecimal),
    st.builds("{}-{}".format, NAMES, hexadecimal(16)),
    st.uuids().map(str),
    st.builds("{}-{}".format, NAMES, st.uuids()),
    st.builds("arn:aws:iam::{}:role/{}".format, ACCOUNTS, NAMES),
    st.builds("arn:aws:acm:{}:{}:certificate/{}".format, REGIONS, ACCOUNTS, st.uuids()),
    st.builds("arn:aws:kms:{}:{}:key/mrk-{}".format, REGIONS, ACCOUNTS, hexadecimal(32)),
    st.builds("{}.dkr.ecr.{}.amazonaws.com/{}:{}".format, ACCOUNTS, REGIONS, NAMES, NAMES),
    st.builds("{}.{}.svc.cluster.local:6379".format, NAMES, NAMES),
    st.builds("{}-{}.{}.elb.amazonaws.com".format, NAMES, ACCOUNTS, REGIONS),
)


@given(SHAPES)
def test_digests_arns_and_uuids_are_no_tokens(text: str) -> None:
    assert list(leaks({"tiers": {"backend": {"env": {"COLOUR": text}}}})) == []


@given(st.randoms(use_true_random=False), st.integers(1, 20_000), st.booleans())
def test_the_base64_of_random_bytes_is_no_token(
    source: random.Random, size: int, in_lines: bool
) -> None:
    encoded = b64encode(source.randbytes(size)).decode()
    lines = [encoded[at : at + 76] for at in range(0, len(encoded), 76)]
    assert list(leaks({"logo": "\n".join(lines) if in_lines else encoded})) == []


# The forms themselves


FORMS = token_forms.forms()


def test_every_pattern_can_be_used() -> None:
    assert len(FORMS) > 150
    for form in FORMS:
        assert list(form.tokens("no token")) == []
        assert all(keyword == keyword.lower() for keyword in form.keywords)


def test_no_pattern_repeats_without_an_end() -> None:
    """A text that is made for it could keep such a pattern busy."""
    for form in FORMS:
        plain = re.sub(r"\\.", "e", form.pattern)
        plain = re.sub(r"\[\^?\]?[^]]*\]", "c", plain)
        assert not re.search(r"[*+]|,\}", plain), form.id
        # Nor does it repeat, more or less often, what itself repeats more or less often.
        assert not re.search(r"\{\d*,\d+\}\)\{\d*,", plain), form.id
        # After the longest repeat anything may follow, or a longer run would be read in vain.
        assert not re.search(r",1000\}(=\{0,\d\})?\)?\(\?!\[[^]]*\]\)\Z", form.pattern), form.id


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_a_text_made_of_beginnings_is_looked_through(form: token_forms.TokenForm) -> None:
    beginning = form.keywords[0]
    for text in (f"{beginning}\n" * 10_000, f"{beginning}{'a' * 100_000}\n"):
        for written in (text, text.upper()):
            assert list(form.tokens(written)) == [] or not form.entropy


@pytest.mark.parametrize(
    "beginning", ["xoxd-", "eyJhbGci-", "sl.abc-", "https://a:b", "amplitude\r"]
)
def test_a_long_text_made_of_beginnings_holds_nothing(beginning: str) -> None:
    """It would take minutes if each of them were read to the end of the text."""
    assert list(leaks({"colour": beginning * (900_000 // len(beginning))})) == []
