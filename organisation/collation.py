"""The collation of names. In quotes, since SQLite's schema editor does not quote it and PostgreSQL's lets quotes be."""

DANISH = '"da-x-icu"'
