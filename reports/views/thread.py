"""The red thread of one goal through all levels, to be walked goal by goal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.html import mark_safe

from followup.goal_views import stored_light
from organisation.access import requires
from organisation.permissions import Permission
from organisation.words.speaking import speak_of
from reports.thread import counted, key_from
from reports.thread_data import thread_of
from reports.thread_rows import thread_cards
from reports.thread_svg import thread_svg

MOST_OPEN = 20


@requires(Permission.SEE_AUTHORITY)
def red_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """What the goal serves and what serves it, as a drawing and as a list; what is unfolded stands in the address."""
    data = thread_of(pk, request.user.as_viewer(request.today), request.today)
    speak_of(data.goal.owner_unit)
    named = (key_from(text) for text in request.GET.getlist("aaben")[:MOST_OPEN])
    thread = thread_cards(data, [key for key in dict.fromkeys(named) if key is not None])
    total, across, counts = counted(pk, data.nodes, data.edges)
    context = {
        "goal": data.goal,
        "light": stored_light(data.goal),
        "thread": thread,
        "drawing": mark_safe(thread_svg(thread, static("malstyring/symbols.svg"))),
        "total": total,
        "across": across,
        "counts": counts,
    }
    return render(request, "reports/red_thread.html", context)
