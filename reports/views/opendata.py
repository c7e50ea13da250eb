"""Open data: the page, and files of one series, of one indicator and of all. They know nobody (`organisation.public`).

Every file may be read by pages elsewhere, has an ETag of its bytes and says when a number was last written.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _

from followup.models import Measurement
from goals.models import Series
from goals.periods import PeriodError, parse_period
from organisation.access import View
from organisation.models import Authority
from organisation.public import open_authority, public_page, public_path
from reports.opendata.catalogue import nodes_of
from reports.opendata.csv import SERIES_COLUMNS
from reports.opendata.dcat import Node, Service, json_ld, turtle
from reports.opendata.files import (
    Made,
    Numbers,
    csv_description,
    csv_file,
    json_bytes,
    json_stat,
    json_stat_zip,
    series_file,
    spooled,
    xlsx_file,
)
from reports.opendata.jsonstat import collection
from reports.opendata.kinds import MEDIA_TYPES, Publisher, citation
from reports.opendata.public import contact_of, licence_of, public_series
from reports.opendata.values import ALWAYS, Span, days_of, open_series, updated_at

PAGE = 50
MOST_IN_WORKBOOK = 50_000  # a workbook of more takes too long to make, and to open


class ApiAddress(NamedTuple):
    """An address of the API, in words; `tests/reports/test_api.py` holds the list to the API."""

    path: str
    says: Any
    parameters: tuple[str, ...] = ()


_PART = ("limit", "offset")
_SERIES = ("authority", "indicator", "unit", "goal")
ADDRESSES = (
    ApiAddress("/authorities", _("Myndigheder, der viser deres mål")),
    ApiAddress("/authorities/{code}", _("Én myndighed")),
    ApiAddress("/goals", _("Mål med status, og hvad de bidrager til"), ("authority", "unit", "parent", "q", *_PART)),
    ApiAddress("/goals/{pk}", _("Ét mål")),
    ApiAddress("/indicators", _("Hvad der måles, og hvordan"), ("authority", "q", *_PART)),
    ApiAddress("/indicators/{pk}", _("Én indikator")),
    ApiAddress("/series", _("Én indikator for én enhed, med måltal"), (*_SERIES, *_PART)),
    ApiAddress("/series/{pk}", _("Én serie")),
    ApiAddress("/series/{pk}/values", _("Seriens tal"), ("from", "to")),
    ApiAddress("/values", _("Tal fra alle serier"), (*_SERIES, "from", "to", *_PART)),
    ApiAddress("/decisions", _("Beslutninger, den åbne del"), ("authority", "body", *_PART)),
    ApiAddress("/surveys", _("Undersøgelser, der er svaret på"), ("authority", *_PART)),
    ApiAddress("/surveys/{pk}", _("Én undersøgelses resultater, når de må vises")),
    ApiAddress("/reports", _("Offentliggjorte rapporter"), ("authority", *_PART)),
)
Make = Callable[[Numbers], Made]


class SpanError(ValueError):
    """A day or period in the address that cannot be read. `name` is the parameter."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}={text}")
        self.name, self.text = name, text


def open_file(view: View) -> View:
    """A public page that is a file; 422 where the address names days that cannot be read."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except SpanError as error:
            return _unreadable(error)

    return public_page(answered)


@public_page
def open_data(request: HttpRequest, kode: str = "") -> HttpResponse:
    """What there is, on what terms, and how to get it."""
    authority = open_authority(request, kode)
    series = public_series(authority)
    words = request.GET.get("q", "").strip()
    found = series.filter(indicator__name__icontains=words) if words else series
    page = Paginator(
        found.select_related("indicator", "unit").order_by("indicator__name", "unit__name", "pk"), PAGE
    ).get_page(request.GET.get("side"))
    publisher = publisher_of(request, authority)
    return render(
        request,
        "reports/open_data.html",
        {
            "page": page,
            "words": words,
            "publisher": publisher,
            "citation": citation(publisher, "", request.today),
            "days": days_of(series.values("pk")),
            "updated": updated_at(series.values("pk")),
        },
    )


@public_page
def open_data_api(request: HttpRequest, kode: str = "") -> HttpResponse:
    """What the API answers, in words."""
    authority = open_authority(request, kode)
    return render(
        request,
        "reports/open_data_api.html",
        {"api": request.build_absolute_uri("/api/v1/"), "code": authority.code, "addresses": ADDRESSES},
    )


# ---- all -------------------------------------------------------------------------------------------------------------


@open_file
def open_values_csv(request: HttpRequest, kode: str = "") -> HttpResponse:
    """Every number."""
    return _made(request, kode, csv_file, "csv", "tal.csv", described="tal-om.json")


@open_file
def open_values_about(request: HttpRequest, kode: str = "") -> HttpResponse:
    """What the columns of that file say."""
    return _described(request, kode, "tal.csv")


@open_file
def open_values_xlsx(request: HttpRequest, kode: str = "") -> HttpResponse:
    """Every number, as a workbook, as long as they are few enough for one."""
    count = _count(open_authority(request, kode), _span(request))
    if count > MOST_IN_WORKBOOK:
        return _refused(
            f"Der er {count} tal, og en Excel-fil har højst {MOST_IN_WORKBOOK}. "
            "Vælg perioder, fx tal.xlsx?fra=2024&til=2025, eller hent tal.csv."
        )
    return _made(request, kode, xlsx_file, "xlsx", "tal.xlsx")


@open_file
def open_values_json(request: HttpRequest, kode: str = "") -> HttpResponse:
    """Every series as JSON-stat, in one zip."""
    return _made(request, kode, json_stat_zip, "zip", "jsonstat.zip")


@open_file
def open_series_csv(request: HttpRequest, kode: str = "") -> HttpResponse:
    """What the series are."""
    return _made(request, kode, series_file, "csv", "serier.csv", described="serier-om.json")


@open_file
def open_series_about(request: HttpRequest, kode: str = "") -> HttpResponse:
    """What the columns of that file say."""
    return _described(request, kode, "serier.csv", columns=SERIES_COLUMNS)


@open_file
def open_series_json(request: HttpRequest, kode: str = "") -> HttpResponse:
    """The list of series that JSON-stat readers follow."""
    numbers = _numbers(request, kode)
    made = collection(numbers.publisher, numbers.series, href=request.build_absolute_uri(request.path))
    return _json(made, numbers, "json")


@open_file
def open_catalogue_ttl(request: HttpRequest, kode: str = "") -> HttpResponse:
    """The catalogue as Turtle."""
    made = spooled(piece.encode() for piece in turtle(_nodes(request, kode)))
    return _file(made, MEDIA_TYPES["ttl"], "katalog.ttl", is_shown=True)


@open_file
def open_catalogue_json(request: HttpRequest, kode: str = "") -> HttpResponse:
    """The same as JSON-LD."""
    made = spooled([json_bytes(json_ld(_nodes(request, kode)))])
    return _file(made, MEDIA_TYPES["jsonld"], "katalog.jsonld", is_shown=True)


def _nodes(request: HttpRequest, kode: str) -> list[Node]:
    authority = open_authority(request, kode)
    service = Service(
        endpoint=request.build_absolute_uri("/api/v1/"),
        description=request.build_absolute_uri("/api/v1/openapi.json"),
        documentation=request.build_absolute_uri(public_path(request, authority, "reports:open_data_api")),
    )
    return nodes_of(authority, publisher_of(request, authority), service=service)


# ---- one series, or one indicator ------------------------------------------------------------------------------------


@open_file
def series_csv(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """One series, a line for each period."""
    return _made(request, kode, csv_file, "csv", f"serie-{pk}.csv", described=f"{pk}-om.json", pk=pk)


@open_file
def series_about(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """What that file says."""
    return _described(request, kode, f"serier/{pk}.csv", pk=pk)


@open_file
def series_json(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """One series as JSON-stat."""
    return _cube(request, kode, pk=pk)


@open_file
def series_xlsx(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """One series as a workbook."""
    return _made(request, kode, xlsx_file, "xlsx", f"serie-{pk}.xlsx", pk=pk)


@open_file
def indicator_csv(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """All units' series of one indicator."""
    return _made(request, kode, csv_file, "csv", f"indikator-{pk}.csv", indicator=pk)


@open_file
def indicator_json(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """The same as one JSON-stat cube."""
    return _cube(request, kode, indicator=pk)


@open_file
def indicator_xlsx(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """The same as a workbook."""
    return _made(request, kode, xlsx_file, "xlsx", f"indikator-{pk}.xlsx", indicator=pk)


# ---- what they share -------------------------------------------------------------------------------------------------


def publisher_of(request: HttpRequest, authority: Authority) -> Publisher:
    """Whose the numbers are, with whole addresses."""
    return Publisher(
        code=authority.code,
        name=authority.name,
        email=contact_of(authority),
        licence=licence_of(authority),
        home=request.build_absolute_uri(public_path(request, authority, "reports:open_data")),
        is_example=authority.is_example,
        portal=str(_("Åbne mål")),
    )


def _numbers(request: HttpRequest, kode: str, **lookup: int) -> Numbers:
    authority = open_authority(request, kode)
    chosen: QuerySet[Series] = public_series(authority).filter(**lookup)
    series = open_series(chosen)
    if lookup and not series:
        raise Http404
    title = f"Åbne tal, {authority.name}"
    if "indicator" in lookup:
        title = series[0].indicator
    elif "pk" in lookup:
        title = series[0].title
    return Numbers(
        authority, publisher_of(request, authority), series, request.today, updated_at(chosen.values("pk")), title,
        _span(request),
    )  # fmt: skip


def _span(request: HttpRequest) -> Span:
    """The days asked for: `?fra=2024K1&til=2025`, each a day or a period."""
    first, last = (_period(request, name) for name in ("fra", "til"))
    return Span(first.first if first else None, last.last if last else None) if first or last else ALWAYS


def _period(request: HttpRequest, name: str) -> Any:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_period(text)
    except PeriodError as error:
        raise SpanError(name, text) from error


def _made(
    request: HttpRequest, kode: str, make: Make, kind: str, name: str, *, described: str = "", **lookup: int
) -> HttpResponse:
    numbers = _numbers(request, kode, **lookup)
    response = _file(make(numbers), MEDIA_TYPES[kind], name, updated=numbers)
    response.headers["Link"] = ", ".join(_links(numbers, described))
    return response


def _links(numbers: Numbers, described: str) -> list[str]:
    links = [f'<{numbers.publisher.licence.url}>; rel="license"'] if numbers.publisher.licence.url else []
    if described:
        links.append(f'<{described}>; rel="describedby"; type="{MEDIA_TYPES["csvm"]}"')
    return links


def _cube(request: HttpRequest, kode: str, **lookup: int) -> HttpResponse:
    numbers = _numbers(request, kode, **lookup)
    return _json(json_stat(numbers, request.build_absolute_uri(request.path)), numbers, "json")


def _described(request: HttpRequest, kode: str, name: str, *, columns: Any = None, **lookup: int) -> HttpResponse:
    numbers = _numbers(request, kode, **lookup)
    more = {"columns": columns} if columns is not None else {}
    return _json(csv_description(numbers, f"{numbers.publisher.home}{name}", **more), numbers, "csvm")


def _json(made: dict[str, Any], numbers: Numbers, kind: str) -> HttpResponse:
    response = HttpResponse(json_bytes(made), content_type=MEDIA_TYPES[kind])
    return _open(response, numbers)


def _file(
    made: Made, media_type: str, name: str, *, is_shown: bool = False, updated: Numbers | None = None
) -> HttpResponse:
    response = FileResponse(made.file, as_attachment=not is_shown, filename=name, content_type=media_type)
    response.headers["ETag"] = f'"{made.code}"'
    return _open(response, updated)


def _open(response: HttpResponse, numbers: Numbers | None) -> HttpResponse:
    """For pages of other sites too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    if numbers is not None and numbers.updated is not None:
        response.headers["Last-Modified"] = http_date(numbers.updated.timestamp())
    return response


def _count(authority: Authority, span: Span) -> int:
    values = Measurement.objects.approved().filter(series__in=public_series(authority).order_by().values("pk"))
    return span.of(values).count()


def _unreadable(error: SpanError) -> HttpResponse:
    return _refused(
        f"Vi kan ikke læse {error.name}={error.text}. Skriv en dag eller en periode, fx 2024-01-31 eller 2024K1."
    )


def _refused(text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=422, content_type="text/plain; charset=utf-8")
