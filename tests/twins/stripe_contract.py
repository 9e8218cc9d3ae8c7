"""What Stripe accepts, word for word: its library's own request types, made strict, and the form they travel in."""

from __future__ import annotations

import re
import sys
import typing
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import stripe
import stripe._request_options as request_options
import typing_extensions
from pydantic import ConfigDict, TypeAdapter, ValidationError
from stripe._stripe_context import StripeContext
from stripe.params import (
    PaymentIntentRetrieveParams,
    RefundCreateParams,
    RefundListParams,
    RefundRetrieveParams,
)
from stripe.params.checkout import SessionCreateParams, SessionExpireParams, SessionRetrieveParams

Json = dict[str, Any]

API_VERSION = stripe.api_version
# Else the library writes an id into the home folder of whoever runs the tests.
stripe.enable_telemetry = False

_STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
_NOT_IN_A_BODY = frozenset(request_options.RequestOptions.__annotations__)
_ANY_STRING_TOO = re.compile(r"(Literal\[[^\]]*\])\s*\|\s*str\b")


class Invalid(Exception):
    """Parameters that Stripe would not take. `param` is written as Stripe does: `line_items[0][quantity]`."""

    def __init__(self, message: str, param: str | None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code


def decode_form(text: str) -> Json:
    """`a[b][0][c]=1` as nested objects and lists; every leaf is a string."""
    tree: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        path = re.findall(r"[^\[\]]+", name)
        if re.sub(r"[^\[\]]+", "", name) != "[]" * (len(path) - 1):
            raise Invalid(f"Invalid parameter name: {name}", name)
        here = tree
        for step in path[:-1]:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise Invalid(f"Invalid object: {name}", name)
        if path[-1] in here:
            raise Invalid(f"Received duplicate parameter: {name}", name)
        here[path[-1]] = value
    return {name: _with_lists(value) for name, value in tree.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and sorted(value, key=str) == sorted(map(str, range(len(value))), key=str):
        return [_with_lists(value[str(at)]) for at in range(len(value))]
    return {name: _with_lists(each) for name, each in value.items()}


def checked(kind: type, values: Json) -> Json:
    """`values` in their proper types. Raises Invalid for the first that is unknown, missing or of another type."""
    for name in values:
        if name in _NOT_IN_A_BODY:
            raise Invalid(f"Received unknown parameter: {name}", name, "parameter_unknown")
    _refuse_empty_strings(values, ())
    try:
        return _adapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        path = [str(step) for step in first["loc"] if not str(step).startswith(("literal[", "list[", "dict["))]
        param = _written(path)
        if first["type"] == "extra_forbidden":
            raise Invalid(f"Received unknown parameter: {param}", param, "parameter_unknown") from None
        if first["type"] == "missing":
            raise Invalid(f"Missing required param: {param}.", param, "parameter_missing") from None
        raise Invalid(f"Invalid {param}: {first['msg']}", param) from None


def _refuse_empty_strings(value: Any, path: tuple[str, ...]) -> None:
    if value == "" and path[-2:-1] != ("metadata",):
        param = _written(path)
        raise Invalid(f"You passed an empty string for '{param}'.", param, "parameter_invalid_empty")
    if isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for name, each in steps:
            _refuse_empty_strings(each, (*path, str(name)))


def _written(path: typing.Sequence[str]) -> str:
    return "".join(path[:1]) + "".join(f"[{step}]" for step in path[1:])


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    module = sys.modules[kind.__module__]
    names = {**vars(typing), **vars(request_options), **vars(module), "StripeContext": StripeContext}
    for each in [*vars(module).values(), *vars(request_options).values()]:
        if typing_extensions.is_typeddict(each):
            each.__pydantic_config__ = _STRICT
            for name, annotation in list(each.__annotations__.items()):
                each.__annotations__[name] = _closed(annotation)
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    adapter.rebuild(force=True, _types_namespace=names)
    return adapter


def _closed(annotation: Any) -> Any:
    """The type without the "or any other string" that the library adds to each list of choices."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return typing.ForwardRef(_ANY_STRING_TOO.sub(r"\1", annotation))
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Union:
        if any(typing.get_origin(part) is typing.Literal for part in parts):
            parts = tuple(part for part in parts if part is not str)
        return typing.Union[tuple(_closed(part) for part in parts)]  # noqa: UP007
    if origin in (typing_extensions.NotRequired, typing.NotRequired):
        return typing_extensions.NotRequired[_closed(parts[0])]
    if origin in (typing_extensions.Required, typing.Required):
        return typing_extensions.Required[_closed(parts[0])]
    if origin is list:
        return list[_closed(parts[0])]
    return annotation


def blank(kind: type) -> Json:
    """Every field that the library knows of an object, None where it may be."""
    named = {name: str(annotation) for name, annotation in kind.__annotations__.items() if not name.startswith("_")}
    return {name: None for name, annotation in named.items() if "Optional" in annotation or "None" in annotation}


def missing_fields(kind: type, value: Json) -> set[str]:
    """Which fields of an object are unknown to the library, or lack although they are always there."""
    named = {
        name: str(annotation)
        for name, annotation in kind.__annotations__.items()
        if not name.startswith("_") and "ClassVar" not in str(annotation)
    }
    required = {name for name, annotation in named.items() if "Optional" not in annotation and "None" not in annotation}
    return (required - {name for name, each in value.items() if each is not None}) | (set(value) - set(named))


__all__ = [
    "API_VERSION",
    "Invalid",
    "PaymentIntentRetrieveParams",
    "RefundCreateParams",
    "RefundListParams",
    "RefundRetrieveParams",
    "SessionCreateParams",
    "SessionExpireParams",
    "SessionRetrieveParams",
    "blank",
    "checked",
    "decode_form",
    "missing_fields",
]
