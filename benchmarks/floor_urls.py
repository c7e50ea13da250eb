"""The floor of a page: session, user, one query, a template with 50 rows of plain text."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

SQL = "SELECT id, title, short_name, rank FROM goals_goal ORDER BY id LIMIT 50"
PAGE = engines["django"].from_string(
    "<!doctype html><html><head><title>Mål</title></head><body><p>{{ user.username }}</p><table>"
    "{% for row in rows %}<tr><td><a href='/maal/{{ row.0 }}/'>{{ row.1 }}</a></td><td>{{ row.2 }}</td>"
    "<td>{{ row.3|floatformat:1 }}</td><td class='{% if row.3 > 5 %}ja{% else %}nej{% endif %}'></td></tr>{% endfor %}"
    "</table></body></html>"
)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Fifty goals, their titles and ranks."""
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        rows = cursor.fetchall()
    return HttpResponse(PAGE.render({"rows": rows, "user": request.user}, request))


urlpatterns = [path("gulv/", page)]
