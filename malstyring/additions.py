"""What later apps add to the pages of earlier ones. Read once, when the project starts."""

from citizens.actions.keeping import keep_promises
from citizens.actions.sending import send_invitations
from citizens.actions.surveys import close_due
from citizens.integrity import promises
from citizens.views.surveys import managing_facts
from followup.additions import Panel, add_check, add_news, add_panel, add_sending, add_work
from reports.actions.making import clear_made, tell_unheard
from reports.actions.monthly import write_monthly
from reports.integrity import edition_guards, editions
from reports.making import news_of_made
from reports.views.subscribing import subscription_facts

add_panel("citizens:survey_detail", Panel("citizens/_survey_managing.html", managing_facts))
add_panel("followup:my_mails", Panel("reports/_subscriptions.html", subscription_facts))
add_news(news_of_made)
add_work(close_due)
add_work(write_monthly)
add_work(tell_unheard)
add_work(clear_made)
add_work(keep_promises)
add_sending(send_invitations)
add_check(editions)
add_check(edition_guards)
add_check(promises)
