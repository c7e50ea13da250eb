"""Why a line of a file is refused, and what to do about it."""

from django.utils.translation import gettext as _

from followup.readers import Note
from followup.value_files import Refused
from goals.labels import PERIOD_KINDS
from goals.periods import PeriodKind
from organisation.danish import join_words, long_date


def refusal(refused: Refused) -> str:
    """One sentence for one refused line."""
    text, values = refused.text, refused.values
    match refused.key:
        case "unknown_unit":
            return _("Vi kender ikke enheden ”%s”.") % text + _near(values["near"])
        case "unknown_indicator":
            return _("Vi kender ikke indikatoren ”%s”.") % text + _near(values["near"])
        case "not_your_unit":
            return _("Du kan ikke indberette for %s. Bed enhedens leder om det.") % values["unit"]
        case "no_series":
            return _("%(unit)s har ikke indikatoren %(indicator)s. Opret den først.") % values
        case "computed":
            return _("%(indicator)s for %(unit)s beregnes af enhederne under. Ret tallene der.") % values
        case "twice":
            return _("Perioden %(period)s står også i linje %(line)s. Behold én af dem.") % {
                "period": text,
                "line": values["earlier"],
            }
        case "period_other_kind":
            kind = PERIOD_KINDS[PeriodKind(values["frequency"])]
            return _("”%(text)s” passer ikke: tallet opgøres %(kind)s.") % {"text": text, "kind": kind}
        case "period_after_end":
            return _("Tallet opgøres kun til og med %s.") % long_date(values["last_day"])
        case "period_missing":
            return _("Der står ingen periode. Skriv fx 2026K3.")
        case "period_unknown" | "period_kind" | "period_parity":
            return _("Vi kan ikke læse perioden ”%s”. Skriv fx 2026K3, 2026M07 eller 2025/2026.") % text
        case "period_ambiguous":
            return _("”%s” kan være en måned eller to år. Skriv fx 2011M12 eller 2011/2012.") % text
        case "needs_pair":
            return _("%(indicator)s skal have tæller og nævner. Vælg de to kolonner.") % values
        case "denominator_zero":
            return _("Nævneren er 0 eller mangler, så andelen kan ikke beregnes.")
        case "too_large":
            return _("Tallet er for stort. Skriv højst 15 cifre.")
        case "row_too_wide":
            return _("Linjen har flere felter end overskrifterne. Se efter, om tallene er rykket.")
        case "locked":
            return _("Tallet er godkendt og låst. Bed målkonsulenten om en rettelse.")
    return _("”%s” er ikke et tal. Skriv fx 12,5.") % text


def _near(names: list[str]) -> str:
    return " " + _("Mener du %s?") % join_words(names, _("eller")) if names else ""


def note_sentence(note: Note) -> str:
    """What the reader noticed, where a person should know; else empty."""
    values = note.values
    match note.key:
        case "dash_missing":
            return _("%s felter har en streg. De læses som intet tal.") % values["count"]
        case "dash_zero":
            return _("%s felter har en streg. De læses som nul.") % values["count"]
        case "ambiguous_numbers":
            reading = _("dansk") if values["locale"] == "da" else _("engelsk")
            return _("%(count)s tal som ”%(text)s” kan betyde to ting. De læses på %(reading)s.") % {
                **values,
                "reading": reading,
            }
        case "mixed_locales":
            return _("Nogle kolonner er skrevet på dansk, andre på engelsk. Se efter, om tallene er læst rigtigt.")
        case "footnotes":
            return _("%s linjer nederst er noter og læses ikke som tal.") % len(values["lines"])
        case "filled_down":
            return _("Tomme felter i %s får teksten ovenfra.") % join_words(values["columns"])
        case "mixed_periods":
            return _("Kolonnen har perioder af flere slags.")
    return ""
