"""Everything that a person can open, and what it says: by every link from the first page on, and by every address."""

import re

from django.test import Client
from django.urls import reverse
from pypdfium2 import PdfDocument

from tests.malstyring.addresses import ADDRESSES

LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
MOST_PAGES = 1500
# Signing out ends the walk.
NEVER = ("/log-ud/", "/static/")


def said(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type") == "application/pdf":
        return "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(body))
    return body.decode(errors="replace")


def pages_by_name(it) -> list[str]:
    """Every address, once for each closed thing where it is about one."""
    found = []
    for name, address in ADDRESSES.items():
        if address.post:
            continue
        args = [*(getattr(it, arg).pk for arg in address.args), *address.words]
        found.append(reverse(name, args=args))
        if name.startswith("reports:report_") and address.args[:1] == ["round"]:
            for key in (f"{it.round.pk}.byraad", f"{it.round.pk}.plakat", f"{it.round.pk}.enhed.{it.school.pk}"):
                found.append(reverse(name, args=[key, *args[1:]]))
        kinds = {
            "agenda_item": [it.secret_item],
            "decision": [it.secret_decision, it.done],
            "question": [it.secret_question, it.answered],
        }
        found += [reverse(name, args=[one.pk]) for one in kinds.get(address.args[0] if address.args else "", [])]
    found.append(reverse("citizens:survey_detail", args=[it.published.pk]))
    about = f"?maal={it.goal.pk}&udvalg={it.committee.pk}&beslutning={it.secret_decision.pk}&enhed={it.school.pk}"
    return found + [path + about for path in found if path.endswith(("/ny/", "/nyt/"))]


def everything(client: Client, it, never: tuple[str, ...] = ()) -> dict[str, str]:
    """What every page says that can be reached by links from the first, or has an address; and its part for htmx.

    Addresses ending as in `never` are left out.
    """
    seen: dict[str, str] = {}
    waiting = [*pages_by_name(it), "/"]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop().replace("&amp;", "&")
        if path in seen or path.startswith(NEVER) or path.endswith(never):
            continue
        answer = client.get(path)
        seen[path] = said(answer)
        if "HX-Request" in answer.headers.get("Vary", ""):
            seen[f"{path} (fragment)"] = said(client.get(path, headers={"HX-Request": "true"}))
        if "html" in answer.headers.get("Content-Type", ""):
            waiting += LINK.findall(seen[path])
    assert len(seen) < MOST_PAGES
    return seen
