"""The API server's message about every manifest of corpus/ is the one in its file.

Messages change with the server's version, so another minor version is tested for verdicts only.
"""

from __future__ import annotations

from gitops_gen.rehearse.servers import versions
from gitops_gen.rehearse.servers.tools import tools
from tests.e2e import corpus

WORDS_OF = "1.36."


def test_every_verdict_is_as_stated() -> None:
    refused, accepted = corpus.files("invalid"), corpus.files("valid")
    found = corpus.verdicts([*refused, *accepted])
    stated = {**{file: corpus.stated(file) for file in refused}, **dict.fromkeys(accepted, "")}
    assert {file for file in found if found[file]} == set(refused)
    if (versions.kubernetes(tools()) or "").startswith(WORDS_OF):
        assert found == stated
    assert len(refused) >= 250
    assert len(accepted) >= 250
