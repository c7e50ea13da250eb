"""What every request passes through."""

import pytest


@pytest.mark.parametrize("path", ["/maal/{}/", "/maal/{}/roed-traad/", "/enheder/{}/", "/serier/{}/"])
@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**23])
def test_a_number_no_row_can_have_is_not_found(town, sign_in, path, number):
    assert sign_in(town.director).get(path.format(number)).status_code == 404


def test_a_page_that_has_a_part_for_htmx_says_that_it_varies(town, sign_in):
    client = sign_in(town.director)
    path = f"/maalloft/{town.school.pk}/"
    page, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
    assert page.content != part.content
    for answer in (page, part):
        assert "HX-Request" in answer.headers["Vary"]
    assert "HX-Request" not in client.get("/enheder/").headers["Vary"]
