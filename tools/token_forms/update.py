"""Writes gitops_gen/secrets/token_forms.json from the rules of a clone of Betterleaks.

    python tools/token_forms/update.py CLONE

It takes the rules whose token is recognised by its own text, translates their patterns from Go's
regular expressions into Python's, and says on standard error which rules it leaves out, and why.
Of a rule that looks for "name = token" it takes the token alone, if that has a beginning of its
own. additional.toml, beside this file, holds what the rules lack.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from os.path import commonprefix
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

SOURCE = "https://github.com/betterleaks/betterleaks"
RULES = "config/betterleaks.toml"
ADDITIONAL = Path(__file__).with_name("additional.toml")
OUTPUT = Path(__file__).parents[2] / "gitops_gen/secrets"

# Keys that programs hand to every browser, so they may stand in values.
PUBLIC_KEYS = frozenset(
    [
        *("devcycle-client-sdk-key", "devcycle-mobile-sdk-key", "klaviyo-api-key"),
        *("flutterwave-public-key", "posthog-project-api-key", "lob-pub-api-key"),
        *("mailgun-pub-key", "mapbox-api-token", "new-relic-browser-api-token"),
    ]
)
# Without "name =" before them, these are also what resources and settings are called:
# db-… of AWS, prd-…, live_…, eu1.…, Mid-server-….
TOO_GENERAL_ALONE = frozenset(
    [
        *("databento-api-key", "ebay-client-secret", "fullstory-api-key", "gocardless-api-token"),
        "midtrans-production-server-client-key",
    ]
)
# Rules for keys without a form of their own look for "name = value" by this part.
OPERATOR = r"(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)"
# Found by its first line alone, as the rest may be cut off.
FOUND_OTHERWISE = frozenset(["private-key"])
# What may follow a token. Values are also looked at within texts: `(token)`, `token, …`.
END_OF_TOKEN = (
    r"""(?:\\?['"\x60]|[\s;]|\\[nr]|$)""",
    r"""(?:[\x60'"\s;]|\\[nr]|$|\b)""",
    r"""(?:[\x60'"\s;]|\\[nr]|$)""",
)
# What else a rule may put there: the end, or a character that no token has.
_OTHER_END_OF_TOKEN = re.compile(r"\(\?:\[\^((?:[^]\\]|\\.)*)\]\|(?:\\z|\$)\)$")
# A repeat without an end takes quadratic time in long texts, and no token is this long.
LONGEST_REPEAT = 1000
_AFTER_LONGEST_REPEAT = re.compile(rf"(,{LONGEST_REPEAT}\}}(?:=\{{0,\d\}})?\)?)\(\?!\[[^]]*\]\)$")
# The ways of a pattern to match at one place.
MOST_WAYS = 1000
SHORTEST_KEYWORD = 4
# What a token without "name =" before it must have, unless its rule demands more.
LEAST_ENTROPY_ALONE = 3.0
# Alternatives of one character that are still written out: [bp], but not [a-z].
MOST_ALTERNATIVES = 12


WITHOUT_TEXT = (kinds.AT, kinds.ASSERT_NOT)

BY_ITS_CONTEXT = "its token is recognised only by the words around it"


class LeftOutError(Exception):
    """Why a rule is not taken."""


def main(clone: Path) -> None:
    rules = tomllib.loads((clone / RULES).read_text())
    forms, left_out = convert(rules, tomllib.loads(ADDITIONAL.read_text()))
    described = ["git", "-C", str(clone), "describe", "--tags", "--exact-match"]
    version = subprocess.run(described, check=True, capture_output=True, text=True).stdout.strip()
    head = {"source": SOURCE, "file": RULES, "version": version, "licence": "MIT"}
    text = json.dumps(head | {"forms": forms}, indent=1, ensure_ascii=False)
    (OUTPUT / "token_forms.json").write_text(f"{text}\n")
    (OUTPUT / "token_forms.LICENSE.txt").write_text((clone / "LICENSE").read_text())
    for name, why in left_out.items():
        sys.stderr.write(f"{name}: {why}\n")
    sys.stderr.write(f"{len(forms)} forms taken, {len(left_out)} rules left out\n")


def convert(
    rules: dict[str, Any], additional: dict[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The forms of tokens in the rules, and why each of the others is left out.

    The first form that a text matches is what a message names, so forms that the rules recognise
    alone come first. An additional rule takes the place of the rule of the same id.
    """
    forms: list[dict[str, Any]] = []
    alone: list[dict[str, Any]] = []
    left_out = {}
    replaced = {rule["id"] for rule in additional["rules"]}
    for rule in (rule for rule in rules["rules"] if rule["id"] not in replaced):
        try:
            (alone if OPERATOR in rule.get("regex", "") else forms).append(converted(rule))
        except LeftOutError as why:
            left_out[rule["id"]] = str(why)
    return forms + [own_form(rule) for rule in additional["rules"]] + alone, left_out


def own_form(rule: dict[str, Any]) -> dict[str, Any]:
    """The form of an additional rule, which is written for Python already."""
    check_repeats(rule["pattern"])
    return {name: rule[name] for name in ("id", "source", "keywords", "pattern", "entropy")}


def converted(rule: dict[str, Any]) -> dict[str, Any]:
    if rule.get("skipReport") or rule["id"] in PUBLIC_KEYS:
        raise LeftOutError("what it finds is no secret")
    if "path" in rule or "regex" not in rule:
        raise LeftOutError("it is about files of one name")
    if rule["id"] in FOUND_OTHERWISE:
        raise LeftOutError("gitops_gen/secrets/texts.py has a pattern for it")
    by_context = OPERATOR in rule["regex"]
    pattern, keywords = token_alone(rule) if by_context else token_of_rule(rule)
    check_repeats(pattern)
    read = Filter.read(rule.get("filter", ""))
    least = max(read.entropy, LEAST_ENTROPY_ALONE if by_context else 0)
    form = {"id": re.sub(r"\.\d+$", "", rule["id"]), "keywords": keywords, "pattern": pattern}
    conditions = {"entropy": least, "allowed": read.allowed, "demanded": read.demanded}
    return form | {name: value for name, value in conditions.items() if value}


def token_of_rule(rule: dict[str, Any]) -> tuple[str, list[str]]:
    """The rule's own pattern, with keywords that stand in the token itself."""
    pattern, group = python_pattern(rule["regex"]), rule.get("secretGroup", 0)
    literals = literals_of_token(pattern, group)
    own = [word for word in rule["keywords"] if any(word in literal for literal in literals)]
    keywords = list(filter(is_specific, own)) or beginnings(pattern)
    if not keywords:
        raise LeftOutError(BY_ITS_CONTEXT)
    return pattern, keywords


def token_alone(rule: dict[str, Any]) -> tuple[str, list[str]]:
    """The pattern of the token without that of "name =" before it, if it begins as no other."""
    if rule["id"] in TOO_GENERAL_ALONE:
        raise LeftOutError("without the words around it, it is the form of many names")
    for written in tokens_of(rule["regex"]):
        pattern = python_pattern(written)
        if keywords := beginnings(pattern):
            return pattern, keywords
    raise LeftOutError(BY_ITS_CONTEXT)


_GROUP_OF_TOKEN = re.compile(r"(?:\[[^]]*\]\{0,5\})?\(")
# A beginning such as NRAK- is in capital letters, even where the rest is taken in any.
_BEGINNING = re.compile(r"(?:\w|-|\\[.+])*(?![{*+?])")


def tokens_of(pattern: str) -> Iterator[str]:
    """The token behind "name =", as a word of its own, and an alternative that has no name."""
    flag = "(?i)" if pattern.startswith("(?i)") else ""
    after = _GROUP_OF_TOKEN.sub("", pattern.split(OPERATOR)[1], count=1)
    token = after[: end_of_group(after)]
    beginning = _BEGINNING.match(token)
    begins = beginning[0] if beginning else ""
    yield rf"(?<![\w-])({begins}{flag}{token[len(begins) :]}){END_OF_TOKEN[0]}"
    _, found, alternative = after[len(token) + 1 :].partition(f"{END_OF_TOKEN[0]}|")
    if found:
        yield f"{flag}{alternative}"


def end_of_group(pattern: str) -> int:
    """Where the group ends in which the pattern begins."""
    depth = 1
    for part in _TOKEN.finditer(pattern):
        depth += {"open": 1, "close": -1}.get(part.lastgroup or "", 0)
        if not depth:
            return part.start()
    raise LeftOutError("its pattern is not understood")


def is_specific(keyword: str) -> bool:
    return len(keyword) >= SHORTEST_KEYWORD or (len(keyword) == 3 and not keyword.isalnum())


# Patterns


def python_pattern(pattern: str) -> str:
    """Go's pattern for Python: flags in the middle, `\\z`, `$`, POSIX classes, ends of tokens."""
    for end in END_OF_TOKEN:
        pattern = pattern.replace(end, r"(?![\w-])")
    pattern = _OTHER_END_OF_TOKEN.sub(r"(?![\1])", pattern)
    written = "".join(_Translation(pattern).parts())
    # A longer token than the repeat takes is one too. Otherwise a text of many beginnings without
    # an end would be read for each of them as far as the repeat goes.
    written = _AFTER_LONGEST_REPEAT.sub(r"\1", written)
    try:
        re.compile(written, re.ASCII)
    except re.error as error:
        raise LeftOutError(f"Python does not take its pattern: {error}") from error
    return written


_TOKEN = re.compile(
    r"""
      (?P<flags> \(\?[imsU-]+\) )
    | (?P<open> \((?:\?(?:P?<\w+>|[a-z-]*:|[=!]))? )
    | (?P<close> \) )
    | (?P<either> \| )
    | (?P<class> \[\^?\]?(?:\[:\w+:\]|\\.|[^]\\])*\] )
    | (?P<repeat> \{\d+,\}|[*+] )
    | (?P<other> \\.|. )
    """,
    re.VERBOSE | re.DOTALL,
)
_AS_IN_GO = {"$": r"\Z", r"\z": r"\Z"}


@dataclass
class _Translation:
    """A pattern part by part; `(?i)` in the middle holds to the end of its group, and past `|`."""

    pattern: str
    flags: list[str] = field(default_factory=lambda: [""])

    def parts(self) -> Iterator[str]:
        for found in _TOKEN.finditer(self.pattern):
            yield self._part(found.lastgroup or "", found[0])
        yield ")" if self.flags[-1] else ""

    def _part(self, kind: str, text: str) -> str:
        if kind == "flags":
            return self._begin(text)
        if kind == "open":
            self.flags.append("")
        elif kind == "close":
            return f"{text})" if self.flags.pop() else text
        elif kind == "either" and self.flags[-1]:
            return f"){text}{self.flags[-1]}"
        elif kind == "class":
            return text.replace("[:alnum:]", "A-Za-z0-9").replace("[[", r"[\[")
        elif kind == "repeat":
            return bounded(text)
        return _AS_IN_GO.get(text, text)

    def _begin(self, flags: str) -> str:
        before, self.flags[-1] = self.flags[-1], f"{flags[:-1]}:"
        return f"){self.flags[-1]}" if before else self.flags[-1]


def bounded(repeat: str) -> str:
    least = {"*": 0, "+": 1}.get(repeat) if len(repeat) == 1 else int(repeat[1:-2])
    return f"{{{least},{LONGEST_REPEAT}}}"


def check_repeats(pattern: str) -> None:
    """Texts made for it must not keep a pattern busy: it may try few ways to match at one place."""
    if ways(parser.parse(pattern, re.ASCII)) > MOST_WAYS:
        raise LeftOutError("long texts could keep its pattern busy")


def ways(parts: Any) -> int:
    """About how many ways the parts have to match one text."""
    found = 1
    for at, (kind, value) in enumerate(parts):
        inner = [ways(part) for part in inner_parts(kind, value)]
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
            least, most, item = value
            ends = len(item) == 1 and is_last_or_ended(item[0], parts[at + 1 :])
            found *= max(1, 1 if ends else most - least) * inner[0] ** min(most, LONGEST_REPEAT)
        elif kind is kinds.BRANCH:
            # A character may be taken by several alternatives.
            found *= sum(inner)
        else:
            found *= max([1, *inner])
        if found > MOST_WAYS:
            break
    return found


def is_last_or_ended(item: Any, following: Any) -> bool:
    """Whether a repeat of a character can end only at one place: before one that it does not take.

    What is last in its group, or before the end of the token, may end anywhere, and ends the match.
    """
    if item[0] not in (kinds.IN, kinds.LITERAL, kinds.NOT_LITERAL, kinds.ANY):
        return False
    following = [part for part in following if part[0] is not kinds.ASSERT_NOT]
    if not following:
        return item[0] is not kinds.ANY
    return following[0][0] is kinds.LITERAL and not takes(item, following[0][1])


def takes(item: Any, character: int) -> bool:
    """Whether a part of a pattern matches a character."""
    compiled = re.compile(class_source(item), re.ASCII | re.IGNORECASE)
    return compiled.fullmatch(chr(character)) is not None


def class_source(item: Any) -> str:
    kind, value = item
    if kind is kinds.LITERAL:
        return re.escape(chr(value))
    if kind is kinds.NOT_LITERAL:
        return f"[^{re.escape(chr(value))}]"
    if kind is kinds.ANY:
        return "."
    return "".join(("[", *(_in_class(*part) for part in value), "]"))


_CATEGORIES = {
    kinds.CATEGORY_DIGIT: r"\d",
    kinds.CATEGORY_NOT_DIGIT: r"\D",
    kinds.CATEGORY_WORD: r"\w",
    kinds.CATEGORY_NOT_WORD: r"\W",
    kinds.CATEGORY_SPACE: r"\s",
    kinds.CATEGORY_NOT_SPACE: r"\S",
}


def _in_class(kind: Any, value: Any) -> str:
    if kind is kinds.NEGATE:
        return "^"
    if kind is kinds.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return _CATEGORIES[value] if kind is kinds.CATEGORY else re.escape(chr(value))


def inner_parts(kind: Any, value: Any) -> list[Any]:
    if kind is kinds.SUBPATTERN:
        return [value[-1]]
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        return [value[2]]
    return list(value[1]) if kind is kinds.BRANCH else []


# The text of a token that is always the same


def literals_of_token(pattern: str, group: int) -> set[str]:
    """Every text, in small letters, of which each token of the pattern has one in it."""
    parts = parser.parse(pattern, re.ASCII)
    token = group_of(parts, group or 1) or parts
    return {literal for run in runs(token) for literal in run}


def beginnings(pattern: str) -> list[str]:
    """How every token of the pattern begins, in small letters; none if one may begin as a word."""
    parts = parser.parse(pattern, re.ASCII)
    found = first_texts(parts) if begins_with_token(parts) else [""]
    if is_specific(shared := commonprefix(found)):  # noqa: RUF071 - of characters
        return [shared]
    return sorted(set(found)) if all(map(is_specific, found)) else []


def begins_with_token(parts: Any) -> bool:
    """Whether no other text is before the token, which is a group if the pattern has groups."""
    if parts.state.groups == 1:
        return True
    kind, value = next(part for part in parts if part[0] not in WITHOUT_TEXT)
    if kind is not kinds.SUBPATTERN:
        return False
    return value[0] is not None or begins_with_token(value[-1])


def first_texts(parts: Any) -> list[str]:
    """All texts with which the parts may begin, as far as they can be written out."""
    texts = [""]
    for kind, value in parts:
        written = written_out(kind, value)
        if written is None:
            inner = first_texts(value[-1]) if kind is kinds.SUBPATTERN else [""]
            return joined(texts, inner)
        texts = joined(texts, written)
    return texts


def group_of(parts: Any, number: int) -> Any:
    for kind, value in parts:
        if kind is kinds.SUBPATTERN and value[0] == number:
            return value[-1]
        for inner in inner_parts(kind, value):
            if (found := group_of(inner, number)) is not None:
                return found
    return None


def runs(parts: Any) -> list[list[str]]:
    """The runs of parts whose texts can be written out, each with all its texts."""
    found: list[list[str]] = [[""]]
    for kind, value in parts:
        texts = written_out(kind, value)
        if texts is not None:
            found[-1] = joined(found[-1], texts)
            continue
        before = found[-1]
        for first, *others in map(runs, inner_parts(kind, value)):
            found.extend([joined(before, first), *others])
        found.append([""])
    return found


def joined(texts: list[str], following: list[str]) -> list[str]:
    return ["".join(pair) for pair in product(texts, following)]


def written_out(kind: Any, value: Any) -> list[str] | None:
    """All texts of a part in small letters; nothing where they are many or of no sure length."""
    if kind is kinds.LITERAL:
        return [chr(value).lower()]
    if kind in WITHOUT_TEXT:
        return [""]
    if kind is kinds.IN:
        source = re.compile(class_source((kind, value)), re.ASCII)
        texts = sorted({c.lower() for c in map(chr, range(128)) if source.fullmatch(c)})
        return texts if len(texts) <= MOST_ALTERNATIVES else None
    if kind not in (kinds.SUBPATTERN, kinds.BRANCH):
        return None
    found = [runs(inner) for inner in inner_parts(kind, value)]
    return None if any(len(run) > 1 for run in found) else [t for run in found for t in run[0]]


# Filters


_ENTROPY = re.compile(r"(?:filter\.)?entropy\(finding\[\"secret\"\]\) <=? ([0-9.]+)")
_MATCHES = re.compile(r"(!?)(?:filter\.)?matchesAny\(finding\[\"secret\"\], \[(.*)\]\)", re.DOTALL)
_CONTAINS = re.compile(r"(?:filter\.)?containsAny\(finding\[\"secret\"\], \[(.*)\]\)", re.DOTALL)
_OF_PATH = re.compile(
    r"(?:filter\.)?matchesAny\(\(attributes\[\"path\"\] \?\? \"\"\), .*", re.DOTALL
)
_TEXT = re.compile(r"`([^`]*)`|\"((?:[^\"\\]|\\.)*)\"")


@dataclass
class Filter:
    """What keeps a match from being a token: too little entropy, or what its text is like.

    The filter for all rules is not read: it is for examples in code and documents, such as a token
    with the alphabet in it, and what values hold is used.
    """

    entropy: float = 0
    allowed: list[str] = field(default_factory=list)
    demanded: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, source: str) -> Filter:
        found, source = cls(), source.strip()
        for clause in (
            re.split(r"\s*\|\|\s+(?=!?(?:filter\.)?[a-zA-Z]+\()", source) if source else []
        ):
            found._add(clause.strip())
        return found

    def _add(self, clause: str) -> None:
        if entropy := _ENTROPY.fullmatch(clause):
            self.entropy = float(entropy[1])
        elif matches := _MATCHES.fullmatch(clause):
            patterns = [python_pattern(text) for text in texts_of(matches[2])]
            (self.demanded if matches[1] else self.allowed).extend(patterns)
        elif contains := _CONTAINS.fullmatch(clause):
            self.allowed.extend(re.escape(text) for text in texts_of(contains[1]))
        elif not _OF_PATH.fullmatch(clause):
            raise LeftOutError("its filter is not understood")


def texts_of(listed: str) -> list[str]:
    return [raw or json.loads(f'"{quoted}"') for raw, quoted in _TEXT.findall(listed)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
