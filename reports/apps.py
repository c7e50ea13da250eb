from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Say what was made on the overview, and clear up with `tick`; models can be imported only now."""
        from followup import overview
        from followup.actions import due
        from reports import making
        from reports.actions import making as actions

        overview.further_news.append(making.news_of_made)
        due.also_due += [actions.tell_unheard, actions.clear_made]
