"""What later apps add to the pages of earlier ones. Read once, when the project starts."""

from citizens.actions.answer_mails import send_answers
from citizens.actions.answers import mark_repeated_now
from citizens.actions.attainments import keep_attainments
from citizens.actions.hearings import keep_hearing_days
from citizens.actions.keeping import keep_promises
from citizens.actions.loop import put_due_on_agenda
from citizens.actions.sending import send_invitations
from citizens.actions.surveys import close_due
from citizens.integrity import promises
from citizens.panels import comment_facts, goal_facts, loop_facts, series_facts, unit_facts
from citizens.public_goals import set_public_goals
from citizens.tasks import REMINDER, REPLY, news_of_heard
from citizens.views.methods import ways_in
from citizens.views.origins import origin_facts
from citizens.views.surveys import managing_facts
from followup.additions import (
    Panel,
    add_check,
    add_news,
    add_panel,
    add_reminder,
    add_sending,
    add_task,
    add_work,
    set_front,
)
from followup.shared_tasks import AGREE, COMMIT, INVITED, PROPOSED, news_of_leavers, news_of_owners, news_of_targets
from followup.translating import ACCEPT, TRANSLATE
from followup.translating import REMINDER as TRANSLATION_REMINDER
from goals.actions.personal import forget_personal_goals
from goals.own_data import personal_lines
from organisation.own_data import add_own_data
from reports.actions.drafting import draft_ready
from reports.actions.making import clear_made, tell_unheard
from reports.actions.monthly import write_monthly
from reports.integrity import edition_guards, editions
from reports.making import news_of_made
from reports.portal.scope import goals_shown_by
from reports.portal.staff import public_goal_facts
from reports.views.portal import first_page
from reports.views.subscribing import subscription_facts

add_panel("followup:goal_detail", Panel("citizens/_goal_panel.html", goal_facts))
add_panel("followup:goal_detail", Panel("reports/_public_goal.html", public_goal_facts))
add_panel("followup:series_detail", Panel("citizens/_surveys.html", series_facts))
add_panel("followup:unit_detail", Panel("citizens/_surveys.html", unit_facts))
add_panel("followup:my_mails", Panel("reports/_subscriptions.html", subscription_facts))
add_panel("citizens:survey_detail", Panel("citizens/_survey_managing.html", managing_facts))
add_panel("citizens:survey_detail", Panel("citizens/_ways_in.html", ways_in))
add_panel("citizens:survey_detail", Panel("citizens/_comments.html", comment_facts))
add_panel("citizens:survey_detail", Panel("citizens/_loop.html", loop_facts))
add_panel("followup:goal_detail", Panel("citizens/_origin_panel.html", origin_facts))
set_front(first_page)
set_public_goals(goals_shown_by)
add_news(news_of_made)
add_news(news_of_heard)
add_news(news_of_owners)
add_news(news_of_leavers)
add_news(news_of_targets)
add_task(REPLY)
add_task(COMMIT)
add_task(AGREE)
add_reminder(REMINDER)
add_own_data(personal_lines)
add_work(forget_personal_goals)
add_reminder(INVITED)
add_reminder(PROPOSED)
add_task(TRANSLATE)
add_task(ACCEPT)
add_reminder(TRANSLATION_REMINDER)
add_work(draft_ready)
add_work(write_monthly)
add_work(tell_unheard)
add_work(clear_made)
add_work(close_due)
add_work(put_due_on_agenda)
add_work(keep_promises)
add_work(keep_hearing_days)
add_work(keep_attainments)
add_work(mark_repeated_now)
add_sending(send_invitations)
add_sending(send_answers)
add_check(editions)
add_check(edition_guards)
add_check(promises)
