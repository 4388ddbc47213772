"""The volumes of a tier: Secrets, configuration files and writable folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Path, Values

READ_ONLY_BY_GROUP = 0o440


@dataclass(frozen=True, slots=True)
class Mount:
    """A path in the container, its volume, and the path of the value that requires it."""

    path: str
    volume: str
    section: Path
    sub_path: str | None = None
    read_only: bool = True

    def manifest(self) -> Values:
        values: Values = {"name": self.volume, "mountPath": self.path}
        if self.sub_path:
            values["subPath"] = self.sub_path
        return {**values, "readOnly": True} if self.read_only else values


def mounts(tier: Tier) -> Iterator[Mount]:
    for service, provision in tier.backing:
        for file in provision.files:
            yield Mount(file.folder, file.volume, tier.at(service.key))
    for number, folder in enumerate(sorted(tier.get("secretFiles", default={}))):
        yield Mount(folder, f"secret-{number}", tier.at("secretFiles", folder))
    for path, key in _keys(tier).items():
        yield Mount(path, "files", tier.at("configFiles", path), key)
    for number, folder in enumerate(tier.get("writable", default=[])):
        yield Mount(folder, f"writable-{number}", tier.at("writable", number), read_only=False)


def volumes(tier: Tier) -> Iterator[Values]:
    for _, provision in tier.backing:
        for file in provision.files:
            yield _secret(file.volume, file.secret, file.keys)
    for number, (_, source) in enumerate(sorted(tier.get("secretFiles", default={}).items())):
        yield _secret(f"secret-{number}", source["secret"], source.get("keys") or [])
    if _keys(tier):
        yield {"name": "files", "configMap": {"name": files(tier)["name"]}}
    for number, _ in enumerate(tier.get("writable", default=[])):
        yield {"name": f"writable-{number}", "emptyDir": {}}


def files(tier: Tier) -> Values:
    """Returns the name and data of the ConfigMap.

    The name contains a digest of the content, so a change triggers a rolling update, and Pods of
    the old version keep the old files.
    """
    from hashlib import sha256

    contents = tier.get("configFiles", default={})
    data = {key: contents[path]["content"] for path, key in _keys(tier).items()}
    text = "\0".join(f"{key}\0{data[key]}" for key in sorted(data))
    digest = sha256(text.encode()).hexdigest()[:10]
    return {"name": f"{tier.name}-files-{digest}", "data": data}


def _keys(tier: Tier) -> dict[str, str]:
    """Returns keys of the ConfigMap by path: file names, with a number if they are not unique."""
    keys: dict[str, str] = {}
    for path in sorted(tier.get("configFiles", default={})):
        name = path.rpartition("/")[2]
        used = set(keys.values())
        number = 1
        key = name
        while key in used:
            number += 1
            key = f"{name}.{number}"
        keys[path] = key
    return keys


def _secret(volume: str, secret: str, keys: Iterable[str]) -> Values:
    source: Values = {"secretName": secret, "defaultMode": READ_ONLY_BY_GROUP}
    if items := [{"key": key, "path": key} for key in keys]:
        source["items"] = items
    return {"name": volume, "secret": source}
