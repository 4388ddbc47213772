"""Rules for the options of initdb, which creates the data of a database in the cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gitops_gen.components.postgres import server_settings
from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Environment, Finding, Rule

INITDB = Rule(
    "postgres-initdb",
    title="The options of initdb create a database that the StatefulSet can use",
    why="Options such as --pgdata move the data out of the volume, and with an option that initdb "
    "does not have, the first start fails.",
    remedy="Correct the option, or remove it.",
)
_KEY = "initdbArgs"
_PLACES = frozenset({"--pgdata", "--waldir"})
_OWNED = frozenset({"--username", "--pwfile", "--pwprompt", "--set"})
_WITHOUT_DATABASE = frozenset({"--help", "--version", "--show", "--sync-only"})
_OPPOSITES = {"--no-data-checksums": "--data-checksums", "--no-locale": "--locale"}
_SEGMENT_SIZES = frozenset(str(2**power) for power in range(11))
_METHODS = (
    *("trust", "reject", "md5", "scram-sha-256", "password", "ident", "peer", "gss", "sspi"),
    *("pam", "bsd", "ldap", "radius", "cert"),
)
_WORDS: Mapping[str, tuple[str, ...]] = {
    "--auth": _METHODS,
    "--auth-host": _METHODS,
    "--auth-local": _METHODS,
    "--builtin-locale": ("C", "C.UTF-8", "C.UTF8", "PG_UNICODE_FAST"),
    "--locale-provider": ("builtin", "icu", "libc"),
    "--sync-method": ("fsync", "syncfs"),
}
"""The values that initdb of at least one version accepts, for options with few values."""
_ENCODING = re.compile(
    "abc|alt|big5|euc(cn|jis2004|jp|kr|tw)|gb18030|gbk|iso8859(1[03456]|[1-9])|johab|koi8[ru]?|"
    "latin(10|[1-9])|mskanji|muleinternal|s(hift)?jis|shiftjis2004|sqlascii|tcvn(5712)?|uhc|"
    "unicode|utf8|vscii|win|win(dows)?(125[0-8]|866|874|932|936|949|950)"
)
"""The names that initdb knows (pg_char_to_encoding), in lower case and without punctuation."""


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME) and not (database := Database(environment)).external:
        arguments = database.section.get(_KEY, [])
        for index, argument in enumerate(arguments):
            if problem := _problem(database, argument) or _clash(argument, arguments[:index]):
                yield environment.finding(INITDB, (NAME, _KEY, index), f"'{argument}' {problem}")


def _problem(database: Database, argument: str) -> str | None:
    option, has_value, value = argument.partition("=")
    if option in _PLACES:
        return "would move the data out of the folder of the volume; remove it"
    if option in _OWNED:
        return "is an option that gitops-gen or the image sets; remove it"
    if option in _WITHOUT_DATABASE:
        return "makes initdb end without a database; remove it"
    major = server_settings.major_of(database.section["image"])
    return _form_problem(option, bool(has_value), major) or _value_problem(option, value)


def _form_problem(option: str, has_value: bool, major: int | None) -> str | None:
    """Returns the problem with an option that initdb does not have, or with its missing value."""
    supported = server_settings.majors()
    if major is not None and major > supported[-1]:
        return None
    options = dict(
        item
        for one in ((major,) if major in supported else supported)
        for item in server_settings.initdb_options(one).items()
    )
    if option not in options:
        hint = did_you_mean(option, options)
        return f"is not an option of initdb; correct it or remove it{hint}"
    if has_value == options[option]:
        return None
    return (
        f"needs a value; write {option}=VALUE" if options[option] else "takes no value; remove it"
    )


def _value_problem(option: str, value: str) -> str | None:
    if option == "--wal-segsize" and value not in _SEGMENT_SIZES:
        return "is not a size of a WAL segment; write a power of two from 1 to 1024 (megabytes)"
    if option == "--encoding" and not _ENCODING.fullmatch(_folded(value)):
        return "is not an encoding of Postgres; write one, for example --encoding=UTF8"
    words = _WORDS.get(option)
    if words is not None and value not in words:
        return f"is not one of the values that initdb accepts: {', '.join(words)}; write one"
    return None


def _folded(encoding: str) -> str:
    return re.sub("[^a-z0-9]", "", encoding.lower())


def _clash(argument: str, earlier: list[str]) -> str | None:
    option = argument.partition("=")[0]
    for previous in earlier:
        name = previous.partition("=")[0]
        if name == option or _OPPOSITES.get(name) == option or _OPPOSITES.get(option) == name:
            return f"contradicts '{previous}'; keep one of the two"
    return None
