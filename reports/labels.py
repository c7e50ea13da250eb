"""The words for what `reports.outline` names."""

from django.utils.translation import gettext_lazy as _

from reports.outline import Depth, Part, ReportKind

KINDS = {
    ReportKind.COUNCIL: _("Rapport til byrådet"),
    ReportKind.COMMITTEE: _("Rapport til udvalget"),
    ReportKind.ANNUAL: _("Årsrapport om målene"),
    ReportKind.UNIT: _("Status for en enhed"),
    ReportKind.CROSS_CUTTING: _("Status for et tværgående mål"),
    ReportKind.POSTER: _("Plakat"),
}
KINDS_HELP = {
    ReportKind.COUNCIL: _("Byrådets opfølgningsrapport til mødet."),
    ReportKind.COMMITTEE: _("Udvalgets opfølgningsrapport til mødet."),
    ReportKind.ANNUAL: _("Et års udvikling i målene og i målene under dem."),
    ReportKind.UNIT: _("Én enheds egne mål og enhederne under den."),
    ReportKind.CROSS_CUTTING: _("Ét mål og alle, der bidrager til det."),
    ReportKind.POSTER: _("Målene på én side i A3 til at hænge op."),
}
PARTS = {
    Part.OVERVIEW: _("Overblik"),
    Part.SINCE: _("Siden sidste rapport"),
    Part.AGENDA: _("Til beslutning"),
    Part.PARTNERS: _("Hvem bidrager"),
    Part.OVER_TIME: _("Status over tid"),
    Part.GOALS: _("Mål for mål"),
    Part.CITIZENS: _("Det siger borgerne"),
    Part.UNITS: _("Enhederne"),
    Part.NUMBERS: _("Tallene bag graferne"),
    Part.SOURCES: _("Kilder og noter"),
    Part.POSTER: _("Plakaten"),
}
PARTS_HELP = {
    Part.OVERVIEW: _("Går det godt? Konklusion, indstilling, status og målene i rækkefølge."),
    Part.SINCE: _("Hvad der er bedre, dårligere, nyt, afsluttet, og måltal, der er flyttet."),
    Part.AGENDA: _("Punkterne på mødets dagsorden. Et lukket punkt står kun med sin offentlige titel."),
    Part.PARTNERS: _("De enheder og mål, der bidrager, og hvem der har ansvaret."),
    Part.OVER_TIME: _("Hvert måls status ved de seneste opfølgninger."),
    Part.GOALS: _("Et afsnit for hvert mål med tal, grafer og forklaring."),
    Part.CITIZENS: _("Undersøgelser om målene: vurderinger, hvad vi hørte, og hvad vi gør."),
    Part.UNITS: _("Hvordan det går med enhedernes egne mål."),
    Part.NUMBERS: _("Bilag på papir: alle tal i tabeller."),
    Part.SOURCES: _("Bilag: hvem der har indberettet og godkendt, og hvor tallene kommer fra."),
    Part.POSTER: _("Hvert mål med status, tal og graf."),
}
DEPTHS = {
    Depth.OWN: _("kun egne mål"),
    Depth.ONE_BELOW: _("egne mål og målene lige under"),
    Depth.ALL: _("egne mål og alle mål under"),
}
