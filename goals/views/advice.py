"""Advice on a goal's words while they are written. It stops nothing."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from goals.advice import Finding, Rule, advise
from goals.models.goal import SMART_FIELDS
from organisation.access import requires
from organisation.permissions import Permission


@requires(Permission.EDIT_GOALS)
@require_POST
def goal_advice(request: HttpRequest) -> HttpResponse:
    """What a reader would ask about the words posted; nothing is stored."""
    said = {name: request.POST.get(name, "") for name in ("title", *SMART_FIELDS)}
    return render(request, "goals/_advice.html", _shown(said))


def advice_of(form: BaseForm) -> dict[str, Any]:
    """The same for a form as it stands: what was typed, else what is stored."""
    return _shown({name: form[name].value() or "" for name in ("title", *SMART_FIELDS)})


def _shown(said: dict[str, str]) -> dict[str, Any]:
    """One piece of advice a rule, however often it was found, and the title cut where words are marked."""
    findings = advise(said["title"], said)
    by_rule: dict[Rule, list[Finding]] = {}
    for one in findings:
        by_rule.setdefault(one.rule, []).append(one)
    marked = [one for one in findings if one.rule is not Rule.TOO_LONG]
    return {
        "advice": [
            {"rule": rule.value, "field": found[0].field, "words": list(dict.fromkeys(one.words for one in found))}
            for rule, found in by_rule.items()
        ],
        "pieces": pieces(said["title"], [(one.start, one.end) for one in marked]) if marked else [],
        "has_title": bool(said["title"].strip()),
    }


def pieces(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text cut at the spans, each piece with whether it is marked; spans that touch are one."""
    marked = [False] * len(text)
    for start, end in spans:
        marked[start:end] = [True] * (end - start)
    cuts = [at for at in range(1, len(text)) if marked[at] != marked[at - 1]]
    return [(text[start:end], marked[start]) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
