"""What a dashboard loads before anybody asks to explore: no Plotly, and few bytes as they are sent, fonts aside."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests import factories

MOST_BYTES = 120_000


@pytest.fixture
def addresses(town):
    """Every dashboard, each with as much on it as it shows at once: fifty goals and fifty units."""
    indicator = factories.indicator(town.authority)
    tops = [factories.goal(town.council, rank=n, title=f"Flere børn trives i skolen {n}") for n in range(50)]
    for n in range(50):
        school = factories.unit(town.department, name=f"Skolen ved den lange vej nummer {n}")
        for top in tops[:10]:
            factories.goal(school, top)
        one = factories.series(indicator, school)
        for quarter in range(1, 5):
            factories.measurement(one, f"2025K{quarter}", n + quarter)
    for top in tops:
        of_council = factories.series(factories.indicator(town.authority), town.council, top)
        factories.target(of_council, "2027K4", 9)
        factories.measurement(of_council, "2025K4", 7)
    factories.series(indicator, town.council, tops[0])
    return {
        "dashboard": reverse("reports:goal_dashboard"),
        "over time": reverse("reports:goal_development"),
        "heat map": reverse("reports:heat_map"),
        "units": reverse("reports:goal_units", args=[tops[0].pk]),
        "thread": reverse("reports:red_thread", args=[tops[0].pk]),
    }


def loaded(html: str) -> list[str]:
    """The style sheets and scripts that the page itself loads, and the symbols it points into."""
    found = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html) + re.findall(r'<script src="([^"]+)"', html)
    return list(dict.fromkeys([*found, *re.findall(r'<use href="([^"#]+)#', html)]))


def sent(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize("name", ["dashboard", "over time", "heat map", "units", "thread"])
def test_first_paint(addresses, town, sign_in, name):
    html = sign_in(town.reader).get(addresses[name]).content.decode()
    files = loaded(html)
    assert len(files) > 4
    assert not [file for file in files if "plotly" in file]
    # Only where the script that may fetch it is told where it lies.
    assert len(re.findall("plotly", html.replace("data-plotly", ""))) == 2 * html.count("data-plotly")
    weights = {file: sent(static_file(file)) for file in files}
    total = sent(html.encode()) + sum(weights.values())
    assert total <= MOST_BYTES, f"{total} bytes: page {sent(html.encode())}, {weights}"


def static_file(address: str) -> bytes:
    path = finders.find(address.removeprefix("/static/"))
    assert path, address
    with open(path, "rb") as file:
        return file.read()
