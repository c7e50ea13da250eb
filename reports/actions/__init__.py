"""Every write in reports: atomic, by whom, and when."""
