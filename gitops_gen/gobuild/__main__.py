"""`python -m gitops_gen.gobuild tools/apicheck` builds the programs of a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from gitops_gen.errors import GitopsGenError
from gitops_gen.gobuild import build


def _progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m gitops_gen.gobuild FOLDER\n")
        return 2
    try:
        sys.stdout.write(f"{build(Path(sys.argv[1]), _progress)}\n")
    except GitopsGenError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; the next build continues\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
