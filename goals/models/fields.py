"""Fields that goals and values share."""

from django.db import models

# SQLite keeps 15 significant digits; `organisation.danish.quantise_stored` keeps within both limits.
VALUE_DIGITS = 23
VALUE_DECIMALS = 8
PERIOD_CODE_LENGTH = 24


class ValueField(models.DecimalField):
    """A stored number: at most 15 digits, 8 of them decimals."""

    def __init__(self, *args, **kwargs):
        kwargs["max_digits"] = VALUE_DIGITS
        kwargs["decimal_places"] = VALUE_DECIMALS
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs


class PeriodCodeField(models.CharField):
    """The canonical code of a period, see `goals.periods`."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = PERIOD_CODE_LENGTH
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs
