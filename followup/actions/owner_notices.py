"""Mails to all owners of a cross-cutting goal about what has just happened, in the transaction of the act."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.mail_parts import TEXT
from followup.mails import shortened
from followup.shared_tasks import proposal_context
from goals.actions.events import OwnersNews
from goals.kinds import OwnerState
from goals.models import GoalOwner
from organisation.leaders import leaders_of
from organisation.models import User
from organisation.permissions import Role

# Which words a mail has; what is not here is only in the history and on the overview.
MAILS = {
    "owner_invited": "owner_invited",
    "owner_committed": "owner_committed",
    "owner_declined": "owner_left",
    "owner_recalled": "owner_left",
    "owner_withdrew": "owner_left",
    "owner_took_over": "owner_took_over",
    "target_proposed": "target_proposed",
    "proposal_agreed": "target_decided",
    "proposal_rejected": "target_decided",
    "proposal_dropped": "target_decided",
    "closed": "shared_goal_closed",
}


def owners_were_told(news: OwnersNews) -> None:
    """Write to the leaders of each owner, and to those who can answer for it; to each authority from itself."""
    template = MAILS.get(news.verb)
    if template is None:
        return
    owners = [news.owner] if news.verb == "owner_invited" and news.owner is not None else list(news.told)
    if news.owner is not None and all(one.pk != news.owner.pk for one in owners):
        owners.append(news.owner)
    people = _people(owners, news)
    for owner in owners:
        notify(
            people[owner.pk],
            authority=owner.unit.authority,
            key=_key(news, owner),
            subject=_subject(news),
            template=template,
            context=_context(news),
            path=_path(news, owner),
            now=news.now,
        )


def _key(news: OwnersNews, owner: GoalOwner) -> str:
    """Once to each person, however many units of an authority the person leads."""
    about = news.proposal or news.owner or news.goal
    return f"{news.verb}:{about.pk}:{owner.unit.authority_id}:{news.now.timestamp():.0f}"


def _people(owners: list[GoalOwner], news: OwnersNews) -> dict[int, list[User]]:
    """Whom to write to for each owner: the unit's leaders, the leader it named, the nearest directors."""
    units = [owner.unit for owner in owners]
    today = timezone.localdate(news.now)
    leaders = leaders_of(units, today)
    directors = leaders_of(units, today, roles=(Role.DIRECTOR,))
    found = {}
    for owner in owners:
        named = [owner.responsible] if owner.responsible is not None else []
        people = {one.pk: one for one in [*leaders[owner.unit_id], *directors[owner.unit_id], *named]}
        found[owner.pk] = [one for one in people.values() if news.by is None or one.pk != news.by.pk]
    return found


def _subject(news: OwnersNews) -> str:
    unit = news.owner.unit.name if news.owner is not None else ""
    said = {"unit": unit, "goal": news.goal.short_name}
    match news.verb:
        case "owner_invited":
            return _("%(unit)s er inviteret til et tværgående mål") % said
        case "owner_committed":
            return _("%(unit)s har forpligtet sig: %(goal)s") % said
        case "owner_declined":
            return _("%(unit)s har sagt nej: %(goal)s") % said
        case "owner_recalled" | "owner_withdrew":
            return _("%(unit)s er ikke længere med: %(goal)s") % said
        case "owner_took_over":
            return _("%(unit)s har overtaget målet: %(goal)s") % said
        case "target_proposed":
            return _("Nyt måltal venter på jer: %(goal)s") % said
        case "proposal_agreed":
            return _("Måltallet er ændret: %(goal)s") % said
        case "proposal_rejected":
            return _("Måltallet blev ikke ændret: %(goal)s") % said
        case "proposal_dropped":
            return _("Forslaget om et nyt måltal er bortfaldet: %(goal)s") % said
    return _("Det tværgående mål er afsluttet: %(goal)s") % said


def _context(news: OwnersNews) -> dict[str, object]:
    goal, owner, proposal = news.goal, news.owner, news.proposal
    context: dict[str, object] = {
        "verb": news.verb,
        "title": goal.title,
        "home": goal.owner_unit.name,
        "authority_name": goal.authority.name,
        "unit": owner.unit.name if owner is not None else "",
        "reason": shortened(owner.reason, TEXT) if owner is not None else "",
        "note": shortened(owner.note, TEXT) if owner is not None else "",
        "contribution": shortened(owner.contribution, TEXT) if owner is not None else "",
    }
    if proposal is not None:
        refused = proposal.answers.filter(agrees=False).select_related("owner__unit").first()
        context |= proposal_context(proposal)
        context |= {"refused_by": refused.owner.unit.name if refused else "", "why": refused.reason if refused else ""}
    return context


def _path(news: OwnersNews, owner: GoalOwner) -> str:
    """Where the reader does or sees something; who has left sees the list only."""
    if news.verb == "owner_invited":
        return reverse("followup:owner_commit", args=[owner.pk])
    if news.verb == "target_proposed" and news.proposal is not None:
        return reverse("followup:proposal_answer", args=[news.proposal.pk])
    is_gone = owner.state in (OwnerState.DECLINED, OwnerState.WITHDRAWN)
    if is_gone and owner.unit.authority_id != news.goal.authority_id:
        return reverse("followup:shared_goal_list")
    return reverse("followup:shared_goal", args=[news.goal.pk])
