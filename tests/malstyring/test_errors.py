"""The error pages: what they say, and where they lead."""

import pytest
from django.test import Client

from organisation.models import Authority
from tests import factories

pytestmark = pytest.mark.django_db


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 404
    return answer.content.decode()


@pytest.mark.parametrize("path", ["findes-ikke/", "aabne-maal/maal/999/", "data/serier/999.csv"])
def test_a_public_page_that_is_not_there_keeps_the_way_to_the_authority(path):
    one, _other = factories.authority(), factories.authority()
    text = page(f"/m/{one.code}/{path}")
    assert "Siden findes ikke" in text
    assert one.name in text
    assert f'href="/m/{one.code}/aabne-maal/"' in text
    assert "du har ikke adgang" not in text


def test_it_names_no_authority_whose_portal_is_closed():
    one = factories.authority()
    Authority.objects.update(is_portal_open=False)
    text = page(f"/m/{one.code}/aabne-maal/")
    assert one.name not in text
    assert 'href="/"' in text


def test_it_names_none_where_the_address_could_be_any():
    one, other = factories.authority(), factories.authority()
    text = page("/aabne-maal/maal/999/")
    assert one.name not in text
    assert other.name not in text


def test_elsewhere_it_is_the_page_of_those_who_work_here():
    factories.authority()
    assert "Søg i mål" in page("/findes-ikke/")


@pytest.mark.parametrize("kode", ["", "m/nowhere/"])
def test_a_link_to_answer_that_is_cut_off_says_so(kode):
    factories.authority(), factories.authority()
    assert "Tjek, at hele adressen er med." in page(f"/{kode}svar/hvordan-har-du/")
