"""What the library's description of the API leaves out: media types of problems, headers, conditional requests."""

from typing import Any

from reports.api.problems import MEDIA_TYPE, problem

DESCRIPTION = """Goals, indicators and numbers that an authority shows the public. Read only; no key is needed.

- Names of fields and addresses stay as they are within v1; new ones may come.
- Lists come in parts: `limit` (50, at most 500) and `offset`; follow `next` until it is null.
- Where several authorities share an address, `authority` chooses one. At an authority's own host name there is only it.
- Every answer has an `ETag`: send it back in `If-None-Match`, and what has not changed is answered 304.
- At most 60 requests a minute from one address; then 429 with `Retry-After`.
- Numbers about fewer than four persons are `withheld`, and so are those they could be computed from.
- What goes wrong is told as `application/problem+json`, in Danish and English.
"""
HEADERS = {
    "ETag": {"description": "Names these very bytes", "schema": {"type": "string"}},
    "Last-Modified": {"description": "When a number was last written", "schema": {"type": "string"}},
    "Access-Control-Allow-Origin": {"schema": {"type": "string", "const": "*"}},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An ETag from before",
    "schema": {"type": "string"},
}
FACTS = {429: {"most": 60, "seconds": 10}}
RETRY = {"description": "Seconds to wait", "schema": {"type": "integer"}}


def completed(schema: Any) -> Any:
    """The description with all of it."""
    for path in schema["paths"].values():
        for operation in path.values():
            _complete(operation)
    return schema


def _complete(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(IF_NONE_MATCH)
    responses = operation["responses"]
    for status, response in responses.items():
        if int(status) < 300:
            response["headers"] = HEADERS
        else:
            _as_problem(int(status), response)
    responses[304] = {"description": "Not modified", "headers": {"ETag": HEADERS["ETag"]}}


def _as_problem(status: int, response: dict[str, Any]) -> None:
    example = problem(status, **FACTS.get(status, {}))
    response["description"] = example["title_en"]
    response["content"] = {MEDIA_TYPE: {**response["content"]["application/json"], "example": example}}
    if status == 429:
        response["headers"] = {"Retry-After": RETRY}
