"""The API put together: its addresses, its errors, and its description."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from reports.api import goals, numbers, surveys
from reports.api.access import ChooseAuthority, api_page, problem_response
from reports.api.description import DESCRIPTION, completed
from reports.api.schemas import Index


class Readable(JSONRenderer):
    """JSON in which æ, ø and å are themselves."""

    json_dumps_params = {"ensure_ascii": False}


class OpenAPI(NinjaAPI):
    """The API with a description that names what every answer carries."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        return completed(super().get_openapi_schema(**kwargs))


api = OpenAPI(
    title="Åbne mål",
    renderer=Readable(),
    version="1.0",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="reports:api",
)  # no documentation page of the library's: its scripts come from elsewhere
api.add_router("", goals.router)
api.add_router("", numbers.router)
api.add_router("", surveys.router)


@api.get("/", response=Index, summary="Where to begin", url_name="index")
def index(request: HttpRequest) -> dict[str, str]:
    """The addresses of the rest."""
    absolute = request.build_absolute_uri
    return {
        "authorities": absolute("/api/v1/authorities"),
        "openapi": absolute("/api/v1/openapi.json"),
        "documentation": absolute("/data/api/"),
    }


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(404)


@api.exception_handler(ChooseAuthority)
def choose_authority(request: HttpRequest, error: ChooseAuthority) -> HttpResponse:
    return problem_response("authority", status=404)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem_response(
        422, errors=[{"field": str(one["loc"][-1]), "message": str(one["msg"])} for one in error.errors]
    )


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address below the API's."""
    return problem_response(404)


def _guarded(pattern: URLPattern) -> URLPattern:
    return URLPattern(pattern.pattern, api_page(pattern.callback), pattern.default_args, pattern.name)


PATTERNS = [
    *(_guarded(pattern) for pattern in api.urls[0] if isinstance(pattern, URLPattern)),
    path("<path:rest>", api_page(unknown), name="unknown"),
]
