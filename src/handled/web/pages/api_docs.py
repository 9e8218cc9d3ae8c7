"""The API's reference as a page of our own: what OpenAPI says, readable without a script."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from handled.web.pages.rendering import page

router = APIRouter(include_in_schema=False)

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


@router.get("/docs")
async def api_docs(request: Request) -> HTMLResponse:
    described: dict[str, Any] = request.app.openapi()
    schemas: dict[str, Any] = described["components"]["schemas"]
    routes = [
        _route(method, path, operation, schemas)
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    ]
    events = [_schema(name, schemas[name]) for name in schemas if "type" in _constants(schemas[name])]
    return page("api_docs.html", policy=_POLICY, info=described["info"], routes=routes, events=events)


def _route(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": operation.get("parameters", []),
        # A whole document has no schema of its own here: what it says is described in words.
        "body": _schema(_name(body), schemas[_name(body)]) if _name(body) else None,
        "answers": [
            {
                "status": status,
                "description": answer.get("description", ""),
                "type": ", ".join(answer.get("content", {})),
                "schema": _name(answer.get("content", {}).get("application/json", {}).get("schema", {})),
            }
            for status, answer in sorted(operation["responses"].items())
        ],
    }


def _name(schema: dict[str, Any]) -> str:
    """The name of a schema, also of one that may be left out."""
    named = next((each for each in schema.get("anyOf", []) if "$ref" in each), schema)
    return str(named.get("$ref", "")).rpartition("/")[2]


def _constants(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: each["const"] for name, each in schema.get("properties", {}).items() if "const" in each}


def _schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", []))
    fields = [
        {"name": field, "type": _type(each), "required": field in required}
        for field, each in schema.get("properties", {}).items()
    ]
    return {"name": name, "description": schema.get("description", ""), "fields": fields}


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema)
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")
