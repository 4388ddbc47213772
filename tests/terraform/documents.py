"""What is written into the documentation from what there is: `make terraform-docs`.

docs/terraform-facts.md   the facts that Terraform and the generator share (contract.py)
terraform/*/README.md     the variables and outputs of each root and module, between two marks
"""

from __future__ import annotations

import re
from pathlib import Path

import contract
from workspace import REPOSITORY, folders

START = "<!-- Written by `make terraform-docs` -->\n"
END = "<!-- End of what is written -->\n"
_BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.S | re.M)
_DESCRIPTION = re.compile(r'^  description = "(.*)"$', re.M)
_TYPE = re.compile(r"^  type +=(.*)$", re.M)
_DEFAULT = re.compile(r"^  default +=(.*)$", re.M)


def written() -> dict[Path, str]:
    """Each file, as it should be."""
    pages = {REPOSITORY / "docs/terraform-facts.md": contract.page()}
    for folder in folders():
        readme = REPOSITORY / "terraform" / folder / "README.md"
        before, _, rest = readme.read_text().partition(START)
        _, _, after = rest.partition(END)
        pages[readme] = f"{before}{START}{tables(readme.parent)}{END}{after}"
    return pages


def tables(folder: Path) -> str:
    found = [
        block for file in sorted(folder.glob("*.tf")) for block in _BLOCK.findall(file.read_text())
    ]
    variables = [_variable(name, body) for kind, name, body in found if kind == "variable"]
    outputs = [f"| `{name}` | {_said(body)} |" for kind, name, body in found if kind == "output"]
    lines = ["| variable | type | default | |", "|---|---|---|---|", *variables]
    lines += ["", "| output | |", "|---|---|", *outputs] if outputs else []
    return "\n".join(lines) + "\n"


def _variable(name: str, body: str) -> str:
    default = _DEFAULT.search(body)
    shown = f"`{default[1].strip()}`" if default else "required"
    kind = _TYPE.search(body)
    assert kind, name
    # An object: what it may hold is in the description, and module.object checks it.
    type_ = kind[1].strip().replace("any", "object")
    return f"| `{name}` | {type_} | {shown} | {_said(body)} |"


def _said(body: str) -> str:
    description = _DESCRIPTION.search(body)
    assert description, body
    return description[1].replace('\\"', '"').replace("|", "\\|")


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text)
