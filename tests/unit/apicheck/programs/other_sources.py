"""Reports the digest of other sources."""

import json
import sys

request = json.loads(sys.stdin.readline())
print(
    json.dumps({"id": request["id"], "result": {"protocol": 1, "sources": "unknown"}}), flush=True
)
sys.stdin.read()
