"""Tables with values, read from files as they come. Pure: no Django.

`read_table` finds header rows, lines before and after, labels, periods and values; cells it cannot read are
reported, never guessed. Sheets come from `organisation.sheets`.
"""

from followup.readers.cells import Locale
from followup.readers.columns import Note
from followup.readers.marks import Dash
from followup.readers.table import Problem, ReadValue, Table, Totals, read_table

__all__ = ["Dash", "Locale", "Note", "Problem", "ReadValue", "Table", "Totals", "read_table"]
