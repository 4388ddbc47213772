"""checkov reports no problem in terraform/ that is not skipped in the code with a reason."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest
from workspace import REPOSITORY, Workspace

CHECKOV = os.environ.get("CHECKOV") or shutil.which("checkov")
_SKIP = re.compile(r"checkov:skip=(CKV\w+)(.*)")


@pytest.mark.skipif(not CHECKOV, reason="checkov is not installed: terraform/ was not scanned")
def test_no_check_fails_without_a_reason(fresh: Workspace) -> None:
    folder = fresh.root / "terraform"
    # The configurations of the modules' tests are not used outside of the tests.
    for tests in folder.glob("modules/*/tests"):
        shutil.rmtree(tests)
    command = [str(CHECKOV), "-d", str(folder), "--framework", "terraform", "-o", "json"]
    command += ["--skip-download", "--quiet"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    report = json.loads(done.stdout)
    failed = [
        f"{check['check_id']} {check['resource']}" for check in report["results"]["failed_checks"]
    ]
    assert failed == []
    assert report["summary"]["passed"] > 100
    assert report["summary"]["parsing_errors"] == 0


def test_every_skip_has_a_reason() -> None:
    for path in (REPOSITORY / "terraform").rglob("*.tf"):
        for check, reason in _SKIP.findall(path.read_text()):
            assert len(reason) > 20, f"{path}: {check}"
