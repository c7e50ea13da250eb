from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from reports.reading_keys import begin_reading


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        user_logged_in.connect(begin_reading, dispatch_uid="reports.reading")
