from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "followup"

    def ready(self) -> None:
        """Keep lights and counts in step with what goals do; models can be imported only now."""
        from followup.actions import owner_notices, standings
        from followup.translating import tell_of_translations
        from goals.actions import events

        events.on_change.append(standings.goals_were_changed)
        events.on_chain_change.append(standings.chains_were_changed)
        events.on_rollup_change.append(standings.rollups_were_changed)
        events.on_owners_news.append(owner_notices.owners_were_told)
        events.on_translation.append(tell_of_translations)
        events.value_checks.append(standings.series_have_values)
