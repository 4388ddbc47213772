"""The provider process: `python -m tfstub.provider NAME SCHEMAS.json`, started by Terraform.

If TFSTUB_LOG is set, it writes one JSON line for each configuration that it receives, each
ephemeral value that it returns, and each resource that it creates or deletes, including write-only
values. Tests read these lines, and assert that the values occur nowhere else.
"""

# ruff: noqa: N802 - methods have the names of the protocol's calls

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import string
import sys
import tempfile
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import msgpack
from tf.gen import grpc_controller_pb2 as controller
from tf.gen import grpc_controller_pb2_grpc as controller_rpc
from tf.gen import grpc_stdio_pb2_grpc as stdio_rpc
from tf.runner import _self_signed_cert as self_signed_certificate

from tfstub import protocol

UNKNOWN = msgpack.ExtType(0, b"\x00")
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}
ANSWERS = json.loads(Path(__file__).with_name("answers.json").read_text())
# Arguments whose change forces a new resource in the real provider. Schemas do not contain this.
REPLACES = json.loads(Path(__file__).with_name("replaces.json").read_text())


def is_unknown(value: object) -> bool:
    return isinstance(value, msgpack.ExtType)


def decode(value: Any) -> Any:
    return msgpack.unpackb(value.msgpack, strict_map_key=False) if value.msgpack else None


def encode(value: object) -> Any:
    return protocol.message("DynamicValue")(msgpack=msgpack.packb(value))


def schema_message(block: dict[str, Any]) -> Any:
    return protocol.message("Schema")(version=0, block=block_message(block))


def block_message(block: dict[str, Any]) -> Any:
    result = protocol.message("Schema.Block")()
    result.attributes.extend(attribute_messages(block))
    for name, nested in block["blocks"].items():
        result.block_types.add(
            type_name=name,
            nesting=NESTING[nested["nesting"]],
            block=block_message(nested["block"]),
            min_items=nested.get("min", 0),
            max_items=nested.get("max", 0),
        )
    return result


def attribute_messages(block: dict[str, Any]) -> list[Any]:
    messages = []
    for name, attribute in block["attributes"].items():
        flags = {
            flag: True
            for flag in ("computed", "optional", "required", "write_only")
            if attribute.get(flag)
        }
        message = protocol.message("Schema.Attribute")(name=name, **flags)
        if "nested" in attribute:
            message.nested_type.nesting = NESTING[attribute["nesting"]]
            message.nested_type.attributes.extend(attribute_messages(attribute["nested"]))
        else:
            message.type = json.dumps(attribute["type"]).encode()
        messages.append(message)
    return messages


def planned(block: dict[str, Any], config: Any, prior: Any) -> Any:
    """Returns the configuration; computed values are the previous ones or unknown."""
    if config is None or is_unknown(config):
        return config
    prior = prior if isinstance(prior, dict) else {}
    result = {}
    for name, attribute in block["attributes"].items():
        value = config.get(name)
        if attribute.get("write_only"):
            value = None
        elif value is None and attribute.get("computed"):
            value = prior.get(name, UNKNOWN)
        result[name] = value
    for name, nested in block["blocks"].items():
        result[name] = planned_blocks(nested, config.get(name), prior.get(name))
    return result


def replacing(kind: str, prior: Any, result: Any) -> list[Any]:
    """Returns the paths of changed arguments that require a new resource."""
    if prior is None or result is None:
        return []
    path, step = protocol.message("AttributePath"), protocol.message("AttributePath.Step")
    return [
        path(steps=[step(attribute_name=name)])
        for name in REPLACES.get(kind, ())
        if prior[name] not in (None, result[name])  # an imported resource has no known values yet
    ]


def planned_blocks(nested: dict[str, Any], config: Any, prior: Any) -> Any:
    if isinstance(config, list):
        before = prior if isinstance(prior, list) else []
        before = before + [None] * len(config)
        return [
            planned(nested["block"], item, was) for item, was in zip(config, before, strict=False)
        ]
    return planned(nested["block"], config, prior) if nested["nesting"] == "single" else config


def filled(kind: str, block: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Returns the planned values, with an invented value for each unknown one."""
    seed = hashlib.sha256(repr((kind, value)).encode()).hexdigest()
    fill(kind, block, value, seed, "")
    return value


def fill(kind: str, block: dict[str, Any], value: Any, seed: str, path: str) -> None:
    if not isinstance(value, dict):
        return
    for name, attribute in block["attributes"].items():
        if is_unknown(value.get(name)):
            answer = answered(kind, f"{path}{name}", value)
            wanted = attribute.get("type", "dynamic")
            value[name] = answer or invented(kind, f"{path}{name}", wanted, seed)
    for name, nested in block["blocks"].items():
        inside = value.get(name)
        for item in inside if isinstance(inside, list) else [inside]:
            fill(kind, nested["block"], item, seed, f"{path}{name}.")


def answered(kind: str, path: str, value: dict[str, Any]) -> Any:
    """Returns the answer in answers.json for the kind or for the ID of the resource, if any.

    `$name` in an answer is replaced by the argument `name` of the resource.
    """
    answers = {**ANSWERS.get(kind, {}), **ANSWERS.get(f"{kind} {value.get('id')}", {})}
    answer = answers.get(path)
    known = {name: given for name, given in value.items() if isinstance(given, str)}
    return string.Template(answer).safe_substitute(known) if isinstance(answer, str) else answer


def invented(kind: str, path: str, wanted: Any, seed: str) -> Any:
    if isinstance(wanted, list):
        shape, inner = wanted
        if shape == "map":
            return {}
        if shape == "object":
            return {name: invented(kind, f"{path}.{name}", of, seed) for name, of in inner.items()}
        return [invented(kind, path, inner, seed)]
    if wanted in ("number", "bool"):
        return 1 if wanted == "number" else False
    return invented_string(kind, path.rpartition(".")[2], seed)


def invented_string(kind: str, name: str, seed: str) -> str:
    short = kind.removeprefix("data.").partition("_")[2].replace("_", "-")
    if name == "arn" or name.endswith("_arn"):
        return f"arn:aws:{short}:eu-west-1:111122223333:{short}/{seed[:8]}"
    return f"{ANSWERS['prefixes'].get(kind, short)}-{seed[:17]}"


def log(**entry: object) -> None:
    if path := os.environ.get("TFSTUB_LOG"):
        with Path(path).open("a") as file:
            file.write(json.dumps(entry, default=str) + "\n")


def write_only(block: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    return {
        name: config[name]
        for name, attribute in block["attributes"].items()
        if attribute.get("write_only") and config.get(name) is not None
    }


def validated(call: str, block: dict[str, Any], request: Any) -> Any:
    """Refuses values for computed attributes, because Terraform itself does not check them."""
    response = protocol.message(f"{call}.Response")()
    for path in computed_values(block, decode(request.config)):
        response.diagnostics.add(
            severity=1, summary="Value for unconfigurable attribute", detail=f"{path} is computed."
        )
    return response


def computed_values(block: dict[str, Any], config: Any, path: str = "") -> Iterator[str]:
    if not isinstance(config, dict):
        return
    for name, attribute in block["attributes"].items():
        settable = attribute.get("optional") or attribute.get("required")
        if config.get(name) is not None and not settable:
            yield path + name
    for name, nested in block["blocks"].items():
        inside = config.get(name)
        for item in inside if isinstance(inside, list) else [inside]:
            yield from computed_values(nested["block"], item, f"{path}{name}.")


class Provider:
    """Has one method for each call of the protocol. `mirror` wrote the `schemas`."""

    def __init__(self, name: str, schemas: dict[str, Any]) -> None:
        self.name = name
        self.provider = schemas["provider"]
        self.resources = schemas["resource"]
        self.data = schemas["data"]
        self.ephemeral = schemas["ephemeral"]

    def GetProviderSchema(self, _request: Any) -> Any:
        response = protocol.message("GetProviderSchema.Response")()
        response.provider.CopyFrom(schema_message(self.provider))
        for target, blocks in (
            (response.resource_schemas, self.resources),
            (response.data_source_schemas, self.data),
            (response.ephemeral_resource_schemas, self.ephemeral),
        ):
            for name, block in blocks.items():
                target[name].CopyFrom(schema_message(block))
        return response

    def ValidateProviderConfig(self, _request: Any) -> Any:
        return protocol.message("ValidateProviderConfig.Response")()

    def ValidateResourceConfig(self, request: Any) -> Any:
        return validated("ValidateResourceConfig", self.resources[request.type_name], request)

    def ValidateDataResourceConfig(self, request: Any) -> Any:
        return validated("ValidateDataResourceConfig", self.data[request.type_name], request)

    def ValidateEphemeralResourceConfig(self, request: Any) -> Any:
        block = self.ephemeral[request.type_name]
        return validated("ValidateEphemeralResourceConfig", block, request)

    def ConfigureProvider(self, request: Any) -> Any:
        log(call="configure", provider=self.name, config=decode(request.config))
        return protocol.message("ConfigureProvider.Response")()

    def UpgradeResourceState(self, request: Any) -> Any:
        state = encode(json.loads(request.raw_state.json))
        return protocol.message("UpgradeResourceState.Response")(upgraded_state=state)

    def ReadResource(self, request: Any) -> Any:
        return protocol.message("ReadResource.Response")(
            new_state=request.current_state, private=request.private
        )

    def PlanResourceChange(self, request: Any) -> Any:
        response = protocol.message("PlanResourceChange.Response")
        config, prior = decode(request.config), decode(request.prior_state)
        if config is None:
            return response(planned_state=request.proposed_new_state)
        result = planned(self.resources[request.type_name], config, prior)
        replaced = replacing(request.type_name, prior, result)
        return response(planned_state=encode(result), requires_replace=replaced)

    def ImportResourceState(self, request: Any) -> Any:
        """Imports only the ID. The next plan shows all other attributes as changes."""
        response = protocol.message("ImportResourceState.Response")()
        state = dict.fromkeys(self.resources[request.type_name]["attributes"])
        blocks = self.resources[request.type_name]["blocks"]
        state |= {name: [] for name, block in blocks.items() if block["nesting"] != "single"}
        state |= {name: None for name, block in blocks.items() if block["nesting"] == "single"}
        response.imported_resources.add(
            type_name=request.type_name, state=encode(state | {"id": request.id})
        )
        return response

    def ApplyResourceChange(self, request: Any) -> Any:
        response = protocol.message("ApplyResourceChange.Response")
        state, block = decode(request.planned_state), self.resources[request.type_name]
        if state is None:
            log(call="destroy", type=request.type_name)
            return response(new_state=request.planned_state)
        config = decode(request.config)
        written = write_only(block, config)
        log(call="apply", type=request.type_name, write_only=written, config=config)
        return response(new_state=encode(filled(request.type_name, block, state)))

    def ReadDataSource(self, request: Any) -> Any:
        block = self.data[request.type_name]
        found = filled(
            f"data.{request.type_name}", block, planned(block, decode(request.config), None)
        )
        return protocol.message("ReadDataSource.Response")(state=encode(found))

    def OpenEphemeralResource(self, request: Any) -> Any:
        block = self.ephemeral[request.type_name]
        result = planned(block, decode(request.config), None)
        if request.type_name == "random_password":
            result["result"] = secrets.token_hex(int(result["length"]))[: int(result["length"])]
        result = filled(f"ephemeral.{request.type_name}", block, result)
        log(call="open", type=request.type_name, result=result, config=decode(request.config))
        return protocol.message("OpenEphemeralResource.Response")(result=encode(result))

    def CloseEphemeralResource(self, _request: Any) -> Any:
        return protocol.message("CloseEphemeralResource.Response")()

    def StopProvider(self, _request: Any) -> Any:
        return protocol.message("StopProvider.Response")()


class Controller(controller_rpc.GRPCControllerServicer):  # type: ignore[misc]
    def __init__(self, server: grpc.Server) -> None:
        self.server = server

    def Shutdown(self, _request: Any, _context: Any) -> Any:
        self.server.stop(0)
        return controller.Empty()


class Output(stdio_rpc.GRPCStdioServicer):  # type: ignore[misc]
    def StreamStdio(self, _request: Any, _context: Any) -> Any:
        return iter([])


def main(name: str, schemas: str) -> None:
    unlimited = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(10), options=unlimited)
    protocol.add_to_server(Provider(name, json.loads(Path(schemas).read_text())), server)
    controller_rpc.add_GRPCControllerServicer_to_server(Controller(server), server)
    stdio_rpc.add_GRPCStdioServicer_to_server(Output(), server)
    # The path of a socket has at most 107 bytes, so the deep folder of a test is not used.
    with tempfile.TemporaryDirectory(prefix="tfstub-", dir="/tmp") as folder:
        certificate, credentials = self_signed_certificate()
        server.add_secure_port(f"unix://{folder}/socket", credentials)
        server.start()
        encoded = base64.b64encode(certificate).decode().rstrip("=")
        sys.stdout.write(f"1|6|unix|{folder}/socket|grpc|{encoded}\n")
        sys.stdout.flush()
        server.wait_for_termination()


if __name__ == "__main__":
    main(*sys.argv[1:])
