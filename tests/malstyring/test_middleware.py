"""What every request passes through."""

import pytest


@pytest.mark.parametrize("path", ["/maal/{}/", "/maal/{}/roed-traad/", "/enheder/{}/", "/serier/{}/"])
@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**23])
def test_a_number_no_row_can_have_is_not_found(town, sign_in, path, number):
    assert sign_in(town.director).get(path.format(number)).status_code == 404
