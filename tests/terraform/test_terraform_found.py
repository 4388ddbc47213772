"""Is skipped, with a message, if Terraform is not installed and no test here can run."""

import shutil

import pytest
from conftest import FOUND


@pytest.mark.skipif(
    not FOUND, reason="terraform is not installed: nothing in terraform/ was tested"
)
def test_terraform_is_found() -> None:
    assert FOUND
    assert shutil.which(FOUND)
