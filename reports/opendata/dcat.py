"""The catalogue of the open data: DCAT-AP-DK, as Turtle and as JSON-LD. Pure: no Django.

A small graph of nodes, each with an address, types and statements, and two ways to write it down. A data set is all
numbers of the authority, and those of each indicator.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from reports.opendata.kinds import Licence, Publisher

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
DANISH, DENMARK, GOVERNMENT = f"{EU}language/DAN", f"{EU}country/DNK", f"{EU}data-theme/GOVE"
FILE_TYPES = {
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "zip": ("ZIP", "application/zip"),
}
FREQUENCIES = {
    "day": "DAILY",
    "week": "WEEKLY",
    "fortnight": "BIWEEKLY",
    "month": "MONTHLY",
    "quarter": "QUARTERLY",
    "tertial": "ANNUAL_3",
    "half_year": "ANNUAL_2",
    "year": "ANNUAL",
    "school_year": "ANNUAL",
}


class Iri(str):
    """An address as an object."""

    __slots__ = ()


class Literal(NamedTuple):
    """A text, in a language or of a type."""

    text: str
    language: str = ""
    datatype: str = ""


@dataclass(slots=True)
class Node:
    """What is said of one thing."""

    iri: str
    types: tuple[str, ...]
    says: list[tuple[str, Iri | Literal]] = field(default_factory=list)

    def say(self, predicate: str, *objects: Iri | Literal | None) -> None:
        self.says += [(predicate, one) for one in objects if one is not None]


class Distribution(NamedTuple):
    """A file of a data set."""

    url: str
    extension: str
    title: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """What the catalogue says of some numbers."""

    iri: str
    title: str
    description: str
    identifier: str
    distributions: tuple[Distribution, ...]
    licence: Licence
    frequency: str = ""
    first: date | None = None
    last: date | None = None
    modified: datetime | None = None
    keywords: tuple[str, ...] = ()
    source: str = ""


class Service(NamedTuple):
    """The API."""

    endpoint: str
    description: str
    documentation: str


def catalogue(publisher: Publisher, data_sets: Sequence[DataSet], service: Service, *, page: str) -> list[Node]:
    """Everything there is to say: the catalogue, its data sets, their files, whose they are and on what terms."""
    iri = f"{publisher.home}katalog"
    agent, contact = f"{iri}#udgiver", f"{iri}#kontakt"
    nodes = [_catalog(iri, publisher, data_sets, service, page), *_agent(publisher, agent, contact)]
    nodes += _terms({data.licence for data in data_sets} | {publisher.licence}, iri)
    nodes += _vocabulary(data_sets)
    nodes.append(_document(page))
    nodes.append(_service(service, publisher, data_sets, agent, contact, iri))
    for data in data_sets:
        nodes += _data_set(data, agent, contact, iri)
    return nodes


def _catalog(iri: str, publisher: Publisher, data_sets: Iterable[DataSet], service: Service, page: str) -> Node:
    node = Node(iri, ("dcat:Catalog",))
    node.say("dct:title", Literal(f"{publisher.portal}, {publisher.name}", "da"))
    node.say("dct:description", Literal(f"Mål, indikatorer og tal fra {publisher.name}.", "da"))
    node.say("dct:publisher", Iri(f"{iri}#udgiver"))
    node.say("dct:language", Iri(DANISH))
    node.say("dct:spatial", Iri(DENMARK))
    node.say("dct:license", Iri(_terms_iri(publisher.licence, iri)))
    node.say("dcat:themeTaxonomy", Iri(f"{EU}data-theme"))
    node.say("foaf:homepage", Iri(page))
    node.say("dct:modified", _moment(max((one.modified for one in data_sets if one.modified), default=None)))
    node.say("dcat:dataset", *(Iri(data.iri) for data in data_sets))
    node.say("dcat:service", Iri(service.endpoint))
    return node


def _agent(publisher: Publisher, agent: str, contact: str) -> Iterator[Node]:
    node = Node(agent, ("foaf:Agent", "org:Organization"))
    node.say("foaf:name", Literal(publisher.name, "da"))
    node.say("dct:identifier", Literal(publisher.code))
    yield node
    card = Node(contact, ("vcard:Kind", "vcard:Organization"))
    card.say("vcard:fn", Literal(publisher.name, "da"))
    if publisher.email:
        card.say("vcard:hasEmail", Iri(f"mailto:{publisher.email}"))
    else:
        card.say("vcard:hasURL", Iri(publisher.home))
    yield card


def _terms(licences: Iterable[Licence], iri: str) -> Iterator[Node]:
    for licence in sorted(licences, key=lambda one: (one.name, one.url)):
        node = Node(_terms_iri(licence, iri), ("dct:LicenseDocument",))
        node.say("dct:title", Literal(licence.name, "da"))
        yield node


def _terms_iri(licence: Licence, iri: str) -> str:
    """The licence's own address, else one in the catalogue made of its words."""
    words = "".join(char if char.isascii() and char.isalnum() else "-" for char in licence.name.lower())
    return licence.url or f"{iri}#vilkaar-{words}"


def _vocabulary(data_sets: Iterable[DataSet]) -> Iterator[Node]:
    """What is named by the addresses of the European code lists."""
    theme = Node(GOVERNMENT, ("skos:Concept",))
    theme.say("skos:prefLabel", Literal("Regeringen og den offentlige sektor", "da"))
    scheme = Node(f"{EU}data-theme", ("skos:ConceptScheme",))
    scheme.say("dct:title", Literal("Datatemaer", "da"))
    yield theme
    yield scheme
    yield Node(DANISH, ("dct:LinguisticSystem",))
    yield Node(DENMARK, ("dct:Location",))
    for name in sorted({_frequency(data) for data in data_sets}):
        yield Node(f"{EU}frequency/{name}", ("dct:Frequency",))
    for extension in sorted({file.extension for data in data_sets for file in data.distributions}):
        name, media = FILE_TYPES[extension]
        yield Node(f"{EU}file-type/{name}", ("dct:MediaTypeOrExtent",))
        yield Node(f"{IANA}{media}", ("dct:MediaType", "dct:MediaTypeOrExtent"))


def _frequency(data: DataSet) -> str:
    return FREQUENCIES.get(data.frequency, "IRREG")


def _document(url: str) -> Node:
    return Node(url, ("foaf:Document",))


def _service(
    service: Service, publisher: Publisher, data_sets: Iterable[DataSet], agent: str, contact: str, iri: str
) -> Node:
    node = Node(service.endpoint, ("dcat:DataService",))
    node.say("dct:title", Literal(f"API til {publisher.portal.lower()}, {publisher.name}", "da"))
    node.say("dct:publisher", Iri(agent))
    node.say("dcat:contactPoint", Iri(contact))
    node.say("dcat:endpointURL", Iri(service.endpoint))
    node.say("dcat:endpointDescription", Iri(service.description))
    node.say("dct:license", Iri(_terms_iri(publisher.licence, iri)))
    node.say("dcat:servesDataset", *(Iri(data.iri) for data in data_sets))
    return node


def _data_set(data: DataSet, agent: str, contact: str, catalogue_iri: str) -> Iterator[Node]:
    node = Node(data.iri, ("dcat:Dataset",))
    node.say("dct:title", Literal(data.title, "da"))
    node.say("dct:description", Literal(data.description or data.title, "da"))
    node.say("dct:identifier", Literal(data.identifier))
    node.say("dct:publisher", Iri(agent))
    node.say("dcat:contactPoint", Iri(contact))
    node.say("dcat:theme", Iri(GOVERNMENT))
    node.say("dct:language", Iri(DANISH))
    node.say("dct:spatial", Iri(DENMARK))
    node.say("dct:accrualPeriodicity", Iri(f"{EU}frequency/{_frequency(data)}"))
    node.say("dcat:keyword", *(Literal(word, "da") for word in data.keywords))
    node.say("dct:modified", _moment(data.modified))
    if data.source:
        node.say("dct:provenance", Iri(f"{data.iri}#kilde"))
        provenance = Node(f"{data.iri}#kilde", ("dct:ProvenanceStatement",))
        provenance.say("dct:description", Literal(data.source, "da"))
        yield provenance
    if data.first is not None and data.last is not None:
        node.say("dct:temporal", Iri(f"{data.iri}#periode"))
        yield _span(data, data.first, data.last)
    node.say("dcat:distribution", *(Iri(f"{file.url}#fil") for file in data.distributions))
    yield node
    for file in data.distributions:
        yield _distribution(file, data, catalogue_iri)


def _span(data: DataSet, first: date, last: date) -> Node:
    node = Node(f"{data.iri}#periode", ("dct:PeriodOfTime",))
    node.say("dcat:startDate", Literal(first.isoformat(), datatype="xsd:date"))
    node.say("dcat:endDate", Literal(last.isoformat(), datatype="xsd:date"))
    return node


def _distribution(file: Distribution, data: DataSet, catalogue_iri: str) -> Node:
    name, media = FILE_TYPES[file.extension]
    node = Node(f"{file.url}#fil", ("dcat:Distribution",))
    node.say("dct:title", Literal(file.title, "da"))
    node.say("dcat:accessURL", Iri(file.url))
    node.say("dcat:downloadURL", Iri(file.url))
    node.say("dct:format", Iri(f"{EU}file-type/{name}"))
    node.say("dcat:mediaType", Iri(f"{IANA}{media}"))
    node.say("dct:license", Iri(_terms_iri(data.licence, catalogue_iri)))
    node.say("dct:modified", _moment(data.modified))
    return node


def _moment(at: datetime | None) -> Literal | None:
    return None if at is None else Literal(at.isoformat(timespec="seconds"), datatype="xsd:dateTime")


# ---- written down ----------------------------------------------------------------------------------------------------


def turtle(nodes: Iterable[Node]) -> Iterator[str]:
    """The graph as Turtle, a node at a time."""
    yield "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    for node in nodes:
        lines = [f"a {', '.join(node.types)}", *(f"{predicate} {_term(one)}" for predicate, one in node.says)]
        said = " ;\n    ".join(lines)
        yield f"\n<{_escaped_iri(node.iri)}> {said} .\n"


def _term(one: Iri | Literal) -> str:
    if isinstance(one, Iri):
        return f"<{_escaped_iri(one)}>"
    text = json.dumps(one.text, ensure_ascii=False)  # Turtle escapes texts as JSON does
    return f"{text}@{one.language}" if one.language else f"{text}^^{one.datatype}" if one.datatype else text


def _escaped_iri(iri: str) -> str:
    """Without the characters that no address holds."""
    return "".join(char if char > " " and char not in '<>"{}|^`\\' else f"%{ord(char):02X}" for char in iri)


def json_ld(nodes: Iterable[Node]) -> dict[str, Any]:
    """The same graph as JSON-LD, all in one array."""
    return {"@context": PREFIXES, "@graph": [_object(node) for node in nodes]}


def _object(node: Node) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": _escaped_iri(node.iri), "@type": list(node.types)}
    for predicate, one in node.says:
        made.setdefault(predicate, []).append(_value(one))
    return made


def _value(one: Iri | Literal) -> dict[str, str]:
    if isinstance(one, Iri):
        return {"@id": _escaped_iri(one)}
    if one.language:
        return {"@value": one.text, "@language": one.language}
    return {"@value": one.text, "@type": one.datatype} if one.datatype else {"@value": one.text}
