"""What later apps add to the pages of earlier ones. Read once, when the project starts."""

from followup.additions import Panel, add_panel
from reports.views.subscribing import subscription_facts

add_panel("followup:my_mails", Panel("reports/_subscriptions.html", subscription_facts))
