from django.urls import include, path, register_converter

from organisation.public import public_routes
from reports import opendata_routes
from reports.api.routes import PATTERNS as API_PATTERNS
from reports.keys import ReportKeyConverter
from reports.views.choosing import report_choose
from reports.views.dashboard import goal_dashboard, goal_development, goal_development_chart
from reports.views.downloads import report_chart, report_chart_png, report_csv, report_docx, report_pdf, report_xlsx
from reports.views.heat import heat_cell, heat_map
from reports.views.making import making, making_cancel, making_retry, report_make
from reports.views.multiples import goal_units, goal_units_chart
from reports.views.numbers import report_number
from reports.views.offline import kept_readings, reading_worker, report_reading
from reports.views.pages import report_detail, report_list
from reports.views.portal import (
    portal,
    portal_about,
    portal_body,
    portal_decisions,
    portal_goal,
    portal_missing,
    portal_report_file,
    portal_reports,
    portal_search,
    portal_series,
    portal_unit,
)
from reports.views.portal_settings import portal_preview, portal_settings, public_goal_link
from reports.views.portal_sharing import portal_card, portal_feed, portal_goal_feed
from reports.views.publishing import (
    edition_file,
    report_approve,
    report_editions,
    report_publish,
    report_withdraw,
    report_write,
)
from reports.views.subscribing import follow_body, subscriptions
from reports.views.templates import template_create, template_edit, template_list
from reports.views.thread import red_thread

register_converter(ReportKeyConverter, "report")

app_name = "reports"

urlpatterns = [
    path("overblik/maal/", goal_dashboard, name="goal_dashboard"),
    path("overblik/udvikling/", goal_development, name="goal_development"),
    path("overblik/udvikling/graf/", goal_development_chart, name="goal_development_chart"),
    path("overblik/varmekort/", heat_map, name="heat_map"),
    path("overblik/varmekort/<int:goal_pk>/<int:unit_pk>/", heat_cell, name="heat_cell"),
    path("maal/<int:pk>/roed-traad/", red_thread, name="red_thread"),
    path("maal/<int:pk>/enheder/", goal_units, name="goal_units"),
    path("maal/<int:pk>/enheder/graf/", goal_units_chart, name="goal_units_chart"),
    path("rapporter/", report_list, name="report_list"),
    path("laes/", kept_readings, name="kept_readings"),
    path("laes/arbejder.js", reading_worker, name="reading_worker"),
    path("laes/<report:key>/", report_reading, name="report_reading"),
    path("rapporter/paa-mail/", subscriptions, name="subscriptions"),
    path("udvalg/<int:pk>/foelg/", follow_body, name="follow_body"),
    path("rapporter/lav/", report_choose, name="report_choose"),
    path("indstillinger/rapporter/", template_list, name="template_list"),
    path("indstillinger/rapporter/ny/<slug:kind>/", template_create, name="template_create"),
    path("indstillinger/rapporter/<slug:slug>/", template_edit, name="template_edit"),
    path("maal/<int:pk>/aabent/", public_goal_link, name="public_goal_link"),
    path("indstillinger/aabne-maal/", portal_settings, name="portal_settings"),
    path("indstillinger/aabne-maal/vis/", portal_preview, name="portal_preview"),
    path("rapporter/<report:key>/", report_detail, name="report_detail"),
    path("rapporter/<report:key>/pdf/", report_pdf, name="report_pdf"),
    path("rapporter/<report:key>/xlsx/", report_xlsx, name="report_xlsx"),
    path("rapporter/<report:key>/csv/", report_csv, name="report_csv"),
    path("rapporter/<report:key>/docx/", report_docx, name="report_docx"),
    path("rapporter/<report:key>/diagram/<slug:name>.svg", report_chart, name="report_chart"),
    path("rapporter/<report:key>/diagram/<slug:name>.png", report_chart_png, name="report_chart_png"),
    path("rapporter/<report:key>/tal/<int:series_pk>/<path:period>/", report_number, name="report_number"),
    path("rapporter/<report:key>/lav/<slug:kind>/", report_make, name="report_make"),
    path("rapporter/<report:key>/laver/<int:pk>/", making, name="making"),
    path("rapporter/<report:key>/laver/<int:pk>/stop/", making_cancel, name="making_cancel"),
    path("rapporter/<report:key>/laver/<int:pk>/igen/", making_retry, name="making_retry"),
    path("rapporter/<report:key>/skriv/", report_write, name="report_write"),
    path("rapporter/<report:key>/godkend/", report_approve, name="report_approve"),
    path("rapporter/<report:key>/offentliggoer/", report_publish, name="report_publish"),
    path("rapporter/<report:key>/traek-tilbage/", report_withdraw, name="report_withdraw"),
    path("rapporter/<report:key>/udgaver/", report_editions, name="report_editions"),
    path("rapporter/<report:key>/udgaver/<int:number>/<slug:kind>/", edition_file, name="edition_file"),
]
urlpatterns += public_routes(
    [
        path("aabne-maal/", portal, name="portal"),
        path("aabne-maal/feed/", portal_feed, name="portal_feed"),
        path("aabne-maal/maal/<int:pk>/", portal_goal, name="portal_goal"),
        path("aabne-maal/maal/<int:pk>/kort/", portal_card, name="portal_card"),
        path("aabne-maal/maal/<int:pk>/feed/", portal_goal_feed, name="portal_goal_feed"),
        path("aabne-maal/udvalg/<int:pk>/", portal_body, name="portal_body"),
        path("aabne-maal/enheder/<int:pk>/", portal_unit, name="portal_unit"),
        path("aabne-maal/serier/<int:pk>/", portal_series, name="portal_series"),
        path("aabne-maal/soeg/", portal_search, name="portal_search"),
        path("aabne-maal/mangler/", portal_missing, name="portal_missing"),
        path("aabne-maal/rapporter/", portal_reports, name="portal_reports"),
        path(
            "aabne-maal/rapporter/<report:key>/<int:number>/<slug:kind>/",
            portal_report_file,
            name="portal_report_file",
        ),
        path("aabne-maal/beslutninger/", portal_decisions, name="portal_decisions"),
        path("aabne-maal/om/", portal_about, name="portal_about"),
    ]
)
urlpatterns += public_routes(opendata_routes.PATTERNS)
urlpatterns += [path("api/v1/", include((API_PATTERNS, "api")))]
