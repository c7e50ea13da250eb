from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from malstyring.sqlite import prepare_connection


class MalstyringConfig(AppConfig):
    name = "malstyring"

    def ready(self) -> None:
        connection_created.connect(prepare_connection, dispatch_uid="malstyring.sqlite")
        import_module("malstyring.additions")  # now that every app's models are there
