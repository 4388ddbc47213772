"""Answers that it does not support the requested version of Kubernetes."""

import json
import sys

request = json.loads(sys.stdin.readline())
error = {
    "reason": "UnsupportedMinor",
    "message": "the oldest version that can be asked for is 1.33",
}
print(json.dumps({"id": request["id"], "error": error}), flush=True)
sys.stdin.read()
