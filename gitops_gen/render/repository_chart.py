"""A chart of the user's own: where it is, and what it may hold."""

from __future__ import annotations

import os

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment


def chart_folder(environment: Environment, component: Component, root: str, path: str) -> str:
    """The chart's folder. Raises InvalidInput unless it is a plain folder of the repository.

    Helm follows symlinks inside a chart and would put any file of this machine into the
    output, so there must be none, and none on the way to it.
    """
    problem = _problem(root, path)
    if problem:
        at = (*component.section, "path")
        raise InvalidInput([environment.finding("repository-chart", at, problem)])
    return os.path.join(root, path)


def _problem(root: str, path: str) -> str | None:
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "" in parts:
        return f"'{path}' leads out of the repository; name a folder in it, such as charts/shop"
    for depth in range(1, len(parts) + 1):
        if os.path.islink(os.path.join(root, *parts[:depth])):
            return f"'{'/'.join(parts[:depth])}' is a symlink; put the chart itself there"
    if not os.path.isfile(os.path.join(root, path, "Chart.yaml")):
        return f"'{path}' is no chart: there is no {path}/Chart.yaml"
    link = _first_link(os.path.join(root, path))
    if link:
        return (
            f"'{os.path.relpath(link, root)}' is a symlink, which Helm would follow; copy the file"
        )
    return None


def _first_link(folder: str) -> str | None:
    for parent, folders, files in os.walk(folder):
        for name in sorted([*folders, *files]):
            path = os.path.join(parent, name)
            if os.path.islink(path) or not (os.path.isfile(path) or os.path.isdir(path)):
                return path
    return None
