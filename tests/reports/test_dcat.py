"""The catalogue, read by rdflib and held to what DCAT-AP-DK asks: classes, how many of each property, and of what."""

import json

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, SKOS, XSD

from reports.opendata.dcat import Iri, Node, json_ld, turtle
from reports.opendata.dcat import Literal as Said
from tests import factories
from tests.reports.opendata import body_of, get, open_town, with_numbers

DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
MANY = None
# Class, property, at least, at most, and what it is: a class, a datatype, or any literal or address.
# Mandatory and recommended properties of DCAT-AP-DK 2.1 (and of DCAT-AP 2.1, which it narrows).
SHAPES = [
    (DCAT.Catalog, DCTERMS.title, 1, MANY, Literal),
    (DCAT.Catalog, DCTERMS.description, 1, MANY, Literal),
    (DCAT.Catalog, DCTERMS.publisher, 1, 1, FOAF.Agent),
    (DCAT.Catalog, DCAT.dataset, 1, MANY, DCAT.Dataset),
    (DCAT.Catalog, DCAT.service, 1, MANY, DCAT.DataService),
    (DCAT.Catalog, DCTERMS.license, 1, 1, DCTERMS.LicenseDocument),
    (DCAT.Catalog, DCTERMS.language, 1, MANY, DCTERMS.LinguisticSystem),
    (DCAT.Catalog, DCTERMS.spatial, 1, MANY, DCTERMS.Location),
    (DCAT.Catalog, DCTERMS.modified, 1, 1, XSD.dateTime),
    (DCAT.Catalog, DCAT.themeTaxonomy, 1, MANY, SKOS.ConceptScheme),
    (DCAT.Catalog, FOAF.homepage, 1, 1, FOAF.Document),
    (DCAT.Dataset, DCTERMS.title, 1, MANY, Literal),
    (DCAT.Dataset, DCTERMS.description, 1, MANY, Literal),
    (DCAT.Dataset, DCTERMS.publisher, 1, 1, FOAF.Agent),
    (DCAT.Dataset, DCAT.contactPoint, 1, MANY, VCARD.Kind),
    (DCAT.Dataset, DCAT.theme, 1, MANY, SKOS.Concept),
    (DCAT.Dataset, DCTERMS.accrualPeriodicity, 1, 1, DCTERMS.Frequency),
    (DCAT.Dataset, DCTERMS.temporal, 1, MANY, DCTERMS.PeriodOfTime),
    (DCAT.Dataset, DCTERMS.modified, 1, 1, XSD.dateTime),
    (DCAT.Dataset, DCTERMS.identifier, 1, MANY, Literal),
    (DCAT.Dataset, DCTERMS.provenance, 0, MANY, DCTERMS.ProvenanceStatement),
    (DCAT.Dataset, DCAT.distribution, 1, MANY, DCAT.Distribution),
    (DCAT.Distribution, DCAT.accessURL, 1, MANY, URIRef),
    (DCAT.Distribution, DCAT.downloadURL, 1, 1, URIRef),
    (DCAT.Distribution, DCTERMS.license, 1, 1, DCTERMS.LicenseDocument),
    (DCAT.Distribution, DCTERMS["format"], 1, 1, DCTERMS.MediaTypeOrExtent),
    (DCAT.Distribution, DCAT.mediaType, 1, 1, DCTERMS.MediaType),
    (DCAT.Distribution, DCTERMS.title, 1, MANY, Literal),
    (DCAT.DataService, DCTERMS.title, 1, MANY, Literal),
    (DCAT.DataService, DCAT.endpointURL, 1, MANY, URIRef),
    (DCAT.DataService, DCAT.endpointDescription, 1, MANY, URIRef),
    (DCAT.DataService, DCAT.servesDataset, 1, MANY, DCAT.Dataset),
    (FOAF.Agent, FOAF.name, 1, MANY, Literal),
    (VCARD.Kind, VCARD.fn, 1, 1, Literal),
    (DCTERMS.PeriodOfTime, DCAT.startDate, 1, 1, XSD.date),
    (DCTERMS.PeriodOfTime, DCAT.endDate, 1, 1, XSD.date),
    (SKOS.Concept, SKOS.prefLabel, 1, MANY, Literal),
    (SKOS.ConceptScheme, DCTERMS.title, 1, MANY, Literal),
]


def faults(graph):
    """What of the shapes the graph breaks."""
    for kind, predicate, least, most, of in SHAPES:
        for thing in graph.subjects(RDF.type, kind):
            said = list(graph.objects(thing, predicate))
            if len(said) < least or (most is not MANY and len(said) > most):
                yield f"{thing} has {len(said)} of {predicate}"
            yield from (f"{thing} {predicate} {one}" for one in said if not fits(graph, one, of))


def fits(graph, one, of):
    if of in (Literal, URIRef):
        return isinstance(one, of)
    if str(of).startswith(str(XSD)):
        return isinstance(one, Literal) and one.datatype == of and one.value is not None
    return (one, RDF.type, of) in graph


@pytest.fixture
def it(db):
    return with_numbers(open_town(email="maal@example.dk"))


@pytest.fixture
def graph(it):
    return Graph().parse(data=body_of(get("/data/katalog.ttl")), format="turtle")


def test_the_catalogue_has_what_the_profile_asks(graph):
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService, FOAF.Agent):
        assert list(graph.subjects(RDF.type, kind)), kind
    assert list(faults(graph)) == []


@pytest.mark.parametrize("predicate", [DCTERMS.publisher, DCAT.accessURL, DCTERMS.license, FOAF.name, DCAT.startDate])
def test_the_shapes_find_what_is_missing(graph, predicate):
    graph.remove((None, predicate, None))
    assert list(faults(graph))


def test_turtle_and_json_ld_say_the_same(it, graph):
    other = Graph().parse(data=body_of(get("/data/katalog.jsonld")), format="json-ld")
    assert isomorphic(graph, other)


def test_every_file_of_the_catalogue_is_there(graph):
    urls = {str(one) for one in graph.objects(None, DCAT.downloadURL)}
    assert len(urls) == 4 + 2 * 3
    for url in urls:
        answer = get(url.removeprefix("http://testserver"))
        assert answer.status_code == 200
        media = graph.value(URIRef(f"{url}#fil"), DCAT.mediaType)
        assert answer.headers["Content-Type"].partition(";")[0] == str(media).partition("media-types/")[2]


def test_years_terms_and_source_of_an_indicator(it, graph):
    data = URIRef(f"http://testserver/data/indikatorer/{it.share.pk}.json#data")
    assert graph.value(data, DCTERMS.title) == Literal("Højt fravær", lang="da")
    span = graph.value(data, DCTERMS.temporal)
    days = [str(graph.value(span, one)) for one in (DCAT.startDate, DCAT.endDate)]
    assert days == ["2025-12-31", "2026-09-30"]
    assert str(graph.value(data, DCTERMS.accrualPeriodicity)).endswith("/frequency/QUARTERLY")
    card = graph.value(data, DCAT.contactPoint)
    assert graph.value(card, VCARD.hasEmail) == URIRef("mailto:maal@example.dk")


def test_own_terms_become_a_licence_of_their_own(it):
    it.share.licence = "CC 4.0 BY, Danmarks Statistik"
    it.share.save()
    graph = Graph().parse(data=body_of(get("/data/katalog.ttl")), format="turtle")
    assert list(faults(graph)) == []
    file = URIRef(f"http://testserver/data/indikatorer/{it.share.pk}.csv#fil")
    terms = graph.value(file, DCTERMS.license)
    assert graph.value(terms, DCTERMS.title) == Literal("CC 4.0 BY, Danmarks Statistik", lang="da")


def test_a_catalogue_without_numbers_can_be_read(db):
    town = open_town()
    factories.series(factories.indicator(town.authority), town.council, factories.goal(town.council))
    graph = Graph().parse(data=body_of(get("/data/katalog.ttl")), format="turtle")
    assert (None, RDF.type, DCAT.Catalog) in graph


def test_odd_texts_and_addresses_are_written_safely():
    node = Node('http://x.dk/æ b"<>', ("dcat:Dataset",))
    node.say("dct:title", Said('Linje\nto "citat" \\ \u2028 æ', "da"))
    node.say("dcat:accessURL", Iri("http://x.dk/a b{c}"))
    graph = Graph().parse(data="".join(turtle([node])), format="turtle")
    other = Graph().parse(data=json.dumps(json_ld([node])), format="json-ld")
    assert isomorphic(graph, other)
    assert str(next(graph.objects(None, DCTERMS.title))) == 'Linje\nto "citat" \\ \u2028 æ'
