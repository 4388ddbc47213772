"""What a tier's containers see of Secrets, configuration and scratch space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Path, Values

READ_ONLY_BY_GROUP = 0o440


@dataclass(frozen=True, slots=True)
class Mount:
    """A path in the container, what stands there, and which value asked for it."""

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
    """The ConfigMap; its name changes with its content, so a change rolls the Pods and
    those of the old version keep what they started with."""
    from hashlib import sha256

    contents = tier.get("configFiles", default={})
    data = {key: contents[path]["content"] for path, key in _keys(tier).items()}
    text = "\0".join(f"{key}\0{data[key]}" for key in sorted(data))
    digest = sha256(text.encode()).hexdigest()[:10]
    return {"name": f"{tier.name}-files-{digest}", "data": data}


def _keys(tier: Tier) -> dict[str, str]:
    """path -> key in the ConfigMap: the file's name, numbered where folders share it."""
    keys: dict[str, str] = {}
    for path in sorted(tier.get("configFiles", default={})):
        name = path.rpartition("/")[2]
        taken = set(keys.values())
        number = 1
        key = name
        while key in taken:
            number += 1
            key = f"{name}.{number}"
        keys[path] = key
    return keys


def _secret(volume: str, secret: str, keys: Iterable[str]) -> Values:
    source: Values = {"secretName": secret, "defaultMode": READ_ONLY_BY_GROUP}
    if items := [{"key": key, "path": key} for key in keys]:
        source["items"] = items
    return {"name": volume, "secret": source}
