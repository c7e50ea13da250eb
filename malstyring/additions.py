"""What later apps add to the pages of earlier ones. Read once, when the project starts."""

from followup.additions import Panel, add_mail_maker, add_panel
from reports.actions.monthly import write_monthly
from reports.views.subscribing import subscription_facts

add_panel("followup:my_mails", Panel("reports/_subscriptions.html", subscription_facts))
add_mail_maker(write_monthly)
