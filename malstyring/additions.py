"""What later apps add to the pages of earlier ones. Read once, when the project starts."""

from citizens.actions.answers import mark_repeated_now
from citizens.actions.attainments import keep_attainments
from citizens.actions.hearings import keep_hearing_days
from citizens.views.origins import origin_facts
from followup.additions import Panel, add_check, add_news, add_panel, add_work, set_front
from reports.actions.making import clear_made, tell_unheard
from reports.actions.monthly import write_monthly
from reports.integrity import edition_guards, editions
from reports.making import news_of_made
from reports.views.portal import first_page
from reports.views.subscribing import subscription_facts

add_panel("followup:my_mails", Panel("reports/_subscriptions.html", subscription_facts))
add_panel("followup:goal_detail", Panel("citizens/_origin_panel.html", origin_facts))
add_news(news_of_made)
add_work(write_monthly)
add_work(tell_unheard)
add_work(clear_made)
add_work(keep_hearing_days)
add_work(keep_attainments)
add_check(editions)
add_check(edition_guards)
add_work(mark_repeated_now)
set_front(first_page)
