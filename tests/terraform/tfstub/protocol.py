"""Terraform's plugin protocol 6, with additions to the published Python stubs.

The stubs of the package `tf` do not contain version 6.8, which added ephemeral resources and
write-only attributes. Importing this module adds the missing messages to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from tf.gen import tfplugin_pb2

_Field = descriptor_pb2.FieldDescriptorProto
_TYPES = {"string": _Field.TYPE_STRING, "bytes": _Field.TYPE_BYTES, "bool": _Field.TYPE_BOOL}
_EPHEMERAL = {
    "ValidateEphemeralResourceConfig": (
        {"type_name": ("string", 1), "config": ("DynamicValue", 2)},
        {"diagnostics": ("Diagnostic", 1)},
    ),
    "OpenEphemeralResource": (
        {"type_name": ("string", 1), "config": ("DynamicValue", 2)},
        {"result": ("DynamicValue", 3), "private": ("bytes", 4)},
    ),
    "CloseEphemeralResource": ({"type_name": ("string", 1), "private": ("bytes", 2)}, {}),
}


def _extended() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto()
    tfplugin_pb2.DESCRIPTOR.CopyToProto(file)
    messages = {message.name: message for message in file.message_type}
    nested = {message.name: message for message in messages["Schema"].nested_type}
    _add(nested["Attribute"], "write_only", "bool", 11)
    response = {message.name: message for message in messages["GetProviderSchema"].nested_type}
    _add_map(response["Response"], "ephemeral_resource_schemas", "Schema", 8)
    for name, (request, reply) in _EPHEMERAL.items():
        _add_call(file, name, request, reply)
    return file


def _add(message: descriptor_pb2.DescriptorProto, name: str, kind: str, number: int) -> None:
    field = message.field.add(name=name, number=number, label=_Field.LABEL_OPTIONAL)
    if kind in _TYPES:
        field.type = _TYPES[kind]
    else:
        field.type = _Field.TYPE_MESSAGE
        field.type_name = f".tfplugin6.{kind}"


def _add_map(message: descriptor_pb2.DescriptorProto, name: str, kind: str, number: int) -> None:
    entry_name = "".join(part.capitalize() for part in name.split("_")) + "Entry"
    entry = message.nested_type.add(name=entry_name)
    entry.options.map_entry = True
    _add(entry, "key", "string", 1)
    _add(entry, "value", kind, 2)
    _add(message, name, f"GetProviderSchema.Response.{entry_name}", number)
    message.field[-1].label = _Field.LABEL_REPEATED


def _add_call(
    file: descriptor_pb2.FileDescriptorProto,
    name: str,
    request: Mapping[str, tuple[str, int]],
    reply: Mapping[str, tuple[str, int]],
) -> None:
    message = file.message_type.add(name=name)
    for part, fields in (("Request", request), ("Response", reply)):
        nested = message.nested_type.add(name=part)
        for field, (kind, number) in fields.items():
            _add(nested, field, kind, number)
            if kind == "Diagnostic":
                nested.field[-1].label = _Field.LABEL_REPEATED
    file.service[0].method.add(
        name=name,
        input_type=f".tfplugin6.{name}.Request",
        output_type=f".tfplugin6.{name}.Response",
    )


_POOL = descriptor_pool.DescriptorPool()
_FILE = _POOL.AddSerializedFile(_extended().SerializeToString())


def message(name: str) -> Any:
    """Returns the class of a message, for example `message("Schema.Block")`."""
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"tfplugin6.{name}"))


def add_to_server(provider: object, server: grpc.Server) -> None:
    """Serves each method of `tfplugin6.Provider` that `provider` implements."""
    service = _POOL.FindServiceByName("tfplugin6.Provider")
    handlers = {
        method.name: _handler(getattr(provider, method.name), method)
        for method in service.methods
        if hasattr(provider, method.name)
    }
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("tfplugin6.Provider", handlers),)
    )


def _handler(call: Callable[[Any], Any], method: Any) -> grpc.RpcMethodHandler[Any, Any]:
    request = message_factory.GetMessageClass(method.input_type)
    return grpc.unary_unary_rpc_method_handler(
        lambda received, _context: call(received),
        request_deserializer=request.FromString,
        response_serializer=lambda reply: reply.SerializeToString(),
    )
