"""Keys that a document has twice: not every reader of YAML refuses them."""

from __future__ import annotations

from gitops_gen.yaml.lenient import LIMITS, RENDERED
from gitops_gen.yaml.nodes import Mapping, Scalar, Sequence, compose


def repeated_key(content: bytes) -> str | None:
    """A key that one map of a document has twice, of which a reader would keep either value."""
    for root in compose(content.decode(), RENDERED, LIMITS):
        waiting = [root.node]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Mapping):
                keys = [key.text for key, _ in node.pairs() if isinstance(key, Scalar)]
                if len(set(keys)) < len(keys):
                    return next(key for key in keys if keys.count(key) > 1)
            if isinstance(node, Mapping | Sequence):
                waiting += node.children
    return None
