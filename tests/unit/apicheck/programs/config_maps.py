"""Follows the protocol, and fails as the name of a ConfigMap asks: dies, hangs, …"""

import json
import os
import pathlib
import re
import sys
import time

SOURCES = "{sources}"
SETUP = {
    "protocol": 1,
    "sources": SOURCES,
    "linked": "1.36.1",
    "notJudged": ["A note."],
    "limits": {"manifestBytes": 5000},
}
STARTS = pathlib.Path(__file__).with_name("starts")
"""Contains a line for each process that was started, and for each CRD that it received."""


def record(word: str) -> None:
    with STARTS.open("a") as file:
        file.write(f"{word}\n")


def result(request: dict) -> dict:
    if request["operation"] == "setup":
        record("setup")
        return SETUP
    if request["operation"] == "crd":
        record("crd")
        return {"crds": 1}
    return verdict(re.search(r"name: (\S*)", request["manifest"])[1])


def verdict(name: str) -> dict:
    if name == "dies" or (name == "dies-once" and STARTS.read_text().count("setup") == 1):
        sys.exit(7)
    if name == "hangs":
        time.sleep(1000)
    if name == "slow":
        time.sleep(0.1)
    if name == "refused":
        return {"outcome": "refused", "causes": [{"field": "", "reason": "R", "message": "M"}]}
    return {"outcome": "accepted"}


def answer(request: dict) -> str:
    manifest = request.get("manifest", "")
    if "name: text" in manifest:
        return "Segmentation fault"
    if "name: other-number" in manifest:
        return json.dumps({"id": request["id"] + 1, "result": {"outcome": "accepted"}})
    if "name: other-outcome" in manifest:
        return json.dumps({"id": request["id"], "result": {"outcome": "maybe"}})
    if "name: without-causes" in manifest:
        return json.dumps({"id": request["id"], "result": {"outcome": "refused", "causes": []}})
    if "name: internal" in manifest:
        error = {"reason": "Internal", "message": "a rule failed"}
        return json.dumps({"id": request["id"], "error": error})
    if "name: not-set-up" in manifest:
        error = {"reason": "NotSetUp", "message": "no setup"}
        return json.dumps({"id": request["id"], "error": error})
    return json.dumps({"id": request["id"], "result": result(request)})


STARTS.with_name("process").write_text(str(os.getpid()))
for line in sys.stdin:
    print(answer(json.loads(line)), flush=True)
