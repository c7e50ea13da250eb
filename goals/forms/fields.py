"""Form fields that read what people type: Danish numbers and periods."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from goals.periods import Period, PeriodError, parse_period
from organisation.danish import NumberError, parse_number, quantise_stored


class DanishDecimalField(forms.CharField):
    """A number written in Danish: 1.234,5. Gives a Decimal as it is stored, or None."""

    def to_python(self, value):
        if isinstance(value, Decimal):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            number = parse_number(text)
        except NumberError as error:
            raise forms.ValidationError(_("”%s” er ikke et tal. Skriv fx 12,5.") % error.text) from error
        if abs(number) >= Decimal(10) ** 15:
            raise forms.ValidationError(_("Tallet er for stort. Skriv højst 15 cifre."))
        return quantise_stored(number)

    def prepare_value(self, value):
        return format(value.normalize(), "f").replace(".", ",") if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class PeriodField(forms.CharField):
    """A period as `goals.periods` reads it; gives its canonical code."""

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return parse_period(text).code
        except PeriodError as error:
            raise forms.ValidationError(
                _("Vi kender ikke perioden ”%s”. Skriv fx 2026K3, 2026M07 eller 2025/2026.") % error.text
            ) from error

    @staticmethod
    def period(code: str) -> Period:
        """The period of a cleaned value."""
        return parse_period(code)
