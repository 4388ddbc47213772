"""Archives of the small charts in tests/charts, each of which has one trait of a real chart.

Large files are written here, so that the repository does not contain them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.chart_servers import run_helm

CHARTS = Path(__file__).parent / "charts"
NAMES = sorted(path.name for path in CHARTS.iterdir())

_CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
spec:
  group: example.com
  names: {kind: Thing, listKind: ThingList, plural: things, singular: thing}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
"""
_PROPERTY = "                property{0}: {{type: string, description: '{1}'}}\n"


def _write_large_crd(chart: Path) -> None:
    """Writes a definition of more than 262,144 bytes, the limit of an annotation."""
    (chart / "crds").mkdir()
    properties = (_PROPERTY.format(number, "what it is for " * 20) for number in range(1000))
    (chart / "crds" / "things.yaml").write_text(_CRD + "".join(properties))


def _write_large_file(chart: Path) -> None:
    (chart / "files").mkdir()
    (chart / "files" / "large.txt").write_bytes(b"0123456789abcdef" * (5 << 16) + b"!")


_COMPLETED: dict[str, Callable[[Path], None]] = {
    "large-crd": _write_large_crd,
    "large-file": _write_large_file,
}


def chart_folder(name: str, folder: Path) -> Path:
    """Copies a chart into a folder, with its large files, and returns its path."""
    target = folder / name
    shutil.copytree(CHARTS / name, target)
    if name in _COMPLETED:
        _COMPLETED[name](target)
    return target


def packaged(name: str, folder: Path, helm: str, *, version: str | None = None) -> Path:
    """Packages a chart with `helm package`, and returns the path of the archive."""
    chart = chart_folder(name, folder / f"source-{version or 'as-it-is'}")
    options = ["--version", version] if version else []
    run_helm(helm, "package", str(chart), "--destination", str(folder), *options)
    found = list(folder.glob(f"{name}-*{version or ''}.tgz"))
    assert len(found) == 1, found
    return found[0]
