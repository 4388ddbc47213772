"""Replaces the placeholders of `init`, as a user does."""

from __future__ import annotations

from tests.repository import Repository

_OWN = {
    "xx-replace-me-1": "eu-west-1",
    "replace-me": "acme",
    "vpc-00000000000000000": "vpc-0123456789abcdef0",
    "192.0.2.": "10.0.0.",
}


def replace_placeholders(repository: Repository) -> None:
    for folder in ("values", ".github", ".pre-commit-config.yaml", "README.md"):
        path = repository.path(folder)
        for file in [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]:
            text = file.read_text()
            for placeholder, own in _OWN.items():
                text = text.replace(placeholder, own)
            file.write_text(text)
