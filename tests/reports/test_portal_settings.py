"""Choosing what the public sees."""

import pytest
from django.test import Client

from organisation.models import Authority, HistoryEntry, Portal
from tests import factories

ADDRESS = "/indstillinger/aabne-maal/"


def posted(**fields):
    return {
        "is_open": "on",
        "depth": "all",
        "left_out": "",
        "intro": "Velkommen",
        "licence": "CC BY 4.0",
        "licence_url": "",
        "contact": "maal@by.dk",
        "host_name": "",
        "version": "0",
        **fields,
    }


@pytest.fixture
def shut(town):
    Authority.objects.filter(pk=town.authority.pk).update(is_portal_open=False)
    return town


def test_opening_the_portal(shut, sign_in):
    factories.goal(shut.council, title="Byrådets mål")
    assert Client().get("/aabne-maal/").status_code == 404
    client = sign_in(shut.consultant)
    assert "Målene er ikke åbne" in client.get(ADDRESS).content.decode()
    preview = client.get(f"{ADDRESS}vis/").content.decode()
    assert "Byrådets mål" in preview
    assert Client().get("/aabne-maal/").status_code == 404, "a preview opens nothing"
    assert client.post(ADDRESS, posted(left_out=f"{shut.school.code}\n")).status_code == 302
    portal = Portal.objects.get(authority=shut.authority)
    assert portal.left_out == [shut.school.pk]
    assert (portal.depth, portal.intro, portal.contact, portal.version) == ("all", "Velkommen", "maal@by.dk", 1)
    assert "Velkommen" in Client().get("/aabne-maal/").content.decode()
    assert shut.school.code in client.get(ADDRESS).content.decode()
    [entry] = HistoryEntry.objects.filter(subject_kind="organisation.portal")
    assert entry.by == shut.consultant
    assert entry.changes["is_portal_open"] == ["False", "True"]
    assert (
        client.post(ADDRESS, {key: one for key, one in posted(version="1").items() if key != "is_open"}).status_code
        == 302
    )
    assert Client().get("/aabne-maal/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"depth": "everything"}, "everything"),
        ({"left_out": "UKENDT"}, "Vi kender ikke koden ”UKENDT”"),
        ({"host_name": "https://maal.by.dk/"}, "Skriv kun navnet"),
        ({"host_name": "naboens.dk"}, "En anden myndighed bruger navnet"),
        ({"licence": ""}, "licence"),
        ({"licence_url": "javascript:alert(1)"}, "licence_url"),
        ({"intro": "x" * 601}, "intro"),
    ],
)
def test_what_cannot_be_chosen_is_said_beside_the_field(shut, sign_in, fields, words):
    factories.authority(host_name="naboens.dk")
    answer = sign_in(shut.consultant).post(ADDRESS, posted(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "maal@by.dk" in answer.content.decode(), "nothing typed is lost"
    assert not Portal.objects.exists()


def test_another_authoritys_unit_is_unknown(shut, sign_in):
    other = factories.municipality()
    assert sign_in(shut.consultant).post(ADDRESS, posted(left_out=other.school.code)).status_code == 422


def test_two_at_once(shut, sign_in):
    client = sign_in(shut.consultant)
    assert client.post(ADDRESS, posted()).status_code == 302
    late = sign_in(shut.director).post(ADDRESS, posted(intro="Den anden"))
    assert late.status_code == 422
    assert "En anden har ændret" in late.content.decode()
    assert Portal.objects.get().intro == "Velkommen"
