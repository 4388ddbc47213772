"""The properties of written files. Files that are up to date are not written."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.tree import Output, compare, inventory, lock, write
from tests.operations import operations
from tests.unit.tree.tree_examples import output_of, snapshot


def render(root: Path, files: dict[str, bytes]) -> None:
    with lock(root) as locked:
        write(locked, [output_of(files)])


def written(path: Path) -> tuple[int, ...]:
    """Returns what a write changes. The time of the last access is not among it."""
    found = path.stat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@pytest.fixture(params=[0o000, 0o077, 0o022])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_modes_do_not_depend_on_the_umask(root: Path) -> None:
    render(root, {"rendered/dev/a/b.yaml": b"b"})
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (root / "rendered").rglob("*")}
    assert modes == {"dev": 0o755, "a": 0o755, "b.yaml": 0o644, "inventory": 0o644}


def test_an_unchanged_file_keeps_its_times_and_its_inode(root: Path) -> None:
    render(root, {"rendered/dev/a": b"a", "rendered/dev/b": b"b"})
    before = written(root / "rendered/dev/a")
    render(root, {"rendered/dev/a": b"a", "rendered/dev/b": b"B"})
    assert written(root / "rendered/dev/a") == before


def test_a_render_without_changes_writes_nothing(root: Path) -> None:
    render(root, {"rendered/dev/a": b"a"})
    before = [written(path) for path in sorted(root.rglob("*")) if ".gitops-gen" not in path.parts]
    render(root, {"rendered/dev/a": b"a"})
    after = [written(path) for path in sorted(root.rglob("*")) if ".gitops-gen" not in path.parts]
    assert after == before


def test_a_hard_link_to_a_file_keeps_the_old_content(root: Path) -> None:
    render(root, {"rendered/dev/a": b"old"})
    os.link(root / "rendered/dev/a", root.parent / "outside/second-name")
    render(root, {"rendered/dev/a": b"new"})
    assert (root.parent / "outside/second-name").read_bytes() == b"old"


def test_two_environments_are_written_together_or_not_at_all(root: Path) -> None:
    def output(environment: str, name: str) -> Output:
        folder = f"rendered/{environment}"
        files = {f"{folder}/{name}": b"content"}
        tree = files | {f"{folder}/inventory": inventory(files, f"{folder}/inventory")}
        return Output(tree, (folder, f"argocd/{environment}"), f"{folder}/inventory")

    with lock(root) as locked:
        first = write(locked, [output("dev", "a"), output("prod", "a")])
        assert [changes.created[0] for changes in first] == ["rendered/dev/a", "rendered/prod/a"]
        (root / "rendered/prod/b").write_text("mine")
        before = snapshot(root)
        with pytest.raises(InvalidInput, match=r"^rendered/prod/b:1:1: is a file that"):
            write(locked, [output("dev", "b"), output("prod", "b")])
    assert snapshot(root) == before


def test_the_working_folder_is_ignored_by_git_and_has_no_old_files(root: Path) -> None:
    render(root, {"rendered/dev/a": b"a"})
    assert (root / ".gitops-gen/.gitignore").read_text() == "*\n"
    assert list((root / ".gitops-gen/staging").iterdir()) == []


def test_files_of_a_killed_run_are_removed_and_links_are_not_followed(
    root: Path,
) -> None:
    left = root / ".gitops-gen/staging/4711/deep"
    left.mkdir(parents=True)
    (left / "file").write_text("left")
    (left / "link").symlink_to(root.parent / "outside")
    (root / ".gitops-gen/staging/link").symlink_to(root.parent / "outside")
    render(root, {"rendered/dev/a": b"a"})
    assert list((root / ".gitops-gen/staging").iterdir()) == []
    assert (root.parent / "outside/secret").read_bytes() == b"untouched"


def test_a_missing_repository_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=r"cannot open .*/missing: No such file or directory"):
        compare(tmp_path / "missing", output_of({}))


def comparison(root: Path, count: int) -> int:
    """Returns the number of function calls for a comparison of unchanged files."""
    files = {f"rendered/dev/{n // 50}/{n}.yaml": b"x" * 2000 for n in range(count)}
    output = output_of(files)
    for path, content in output.tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    assert not compare(root, output).pending
    return operations(lambda: compare(root, output))


def test_the_work_of_a_comparison_grows_linearly_with_the_files(root: Path) -> None:
    few, many = comparison(root, 200), comparison(root, 800)
    assert many < 4.1 * few
    assert few < 200 * 150, "operations a file"


@pytest.fixture
def deep(root: Path) -> Iterator[str]:
    """A file that is too deep for recursive functions, including those that remove folders."""
    (root / "rendered/dev").mkdir(parents=True)
    fd = os.open(root / "rendered/dev", os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=fd)
        above, fd = fd, os.open("d", os.O_RDONLY, dir_fd=fd)
        os.close(above)
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
    os.close(fd)
    yield f"rendered/dev/{'d/' * 1500}file"
    subprocess.run(["rm", "-rf", root / "rendered"], check=True)


def test_a_very_deep_foreign_folder_is_kept(root: Path, deep: str) -> None:
    changes = compare(root, output_of({"rendered/dev/a": b"a"}))
    assert changes.foreign == (deep,)
