"""The one line that says so when nothing here could be run."""

import shutil

import pytest
from conftest import FOUND


@pytest.mark.skipif(
    not FOUND, reason="terraform is not installed: nothing in terraform/ was tested"
)
def test_terraform_is_found() -> None:
    assert FOUND
    assert shutil.which(FOUND)
