"""The red thread in ready texts: one card for each goal and fold, for the drawing and for the list beside it."""

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.goal_views import stored_light
from followup.status import Light
from goals.broken_links import Broken, broken_links
from goals.models import Goal
from organisation.addresses import address_of
from organisation.danish import NBSP
from organisation.templatetags.components import LIGHT_WORDS, count_words
from reports.thread import REST, Branch, Fold, Key, Node, branches_of
from reports.thread_data import ThreadData
from reports.thread_svg import Card, Mark, Thread


def thread_cards(data: ThreadData, opened: Collection[Key]) -> Thread:
    """Everything the drawing and the list show."""
    return _Maker(data, opened).thread()


class _Maker:
    """Makes the cards of one page."""

    def __init__(self, data: ThreadData, opened: Collection[Key]) -> None:
        self.data, self.opened = data, list(opened)
        self.anchored: set[Key] = set()
        self.broken = broken_links(data.ties) if data.goal.is_open else []

    def thread(self) -> Thread:
        data, goal = self.data, self.data.goal
        branches = branches_of(goal.pk, data.nodes, data.edges, self.opened)
        above = [self._of_goal(one, "reports:red_thread") for one in data.above]
        if words := self._broken_above():
            above.append(_broken(words))
        return Thread(
            title=_("Den røde tråd: %s") % goal.short_name,
            headings=(_("Målet bidrager til"), _("Målet"), _("Bidrager til målet"), _("Bidrager til dem")),
            above=tuple(above),
            beside=tuple(self._of_node(data.nodes[pk], is_across=True) for pk in data.beside),
            here=self._of_goal(goal, "followup:goal_detail", is_here=True, below=self._below(branches)),
        )

    def _broken_above(self) -> str:
        if Broken.PARENT_CLOSED in self.broken:
            return _("Brudt led: målet ovenover er afsluttet.")
        if Broken.LOOSE in self.broken:
            if self.data.goal.parent_id is not None:
                return _("Brudt led: målet ovenover er ikke vedtaget.")
            return _("Brudt led: målet bidrager ikke til et mål længere oppe.")
        return ""

    def _below(self, branches: Iterable[Branch]) -> tuple[Card, ...]:
        cards = tuple(self._card(one) for one in branches)
        if cards or Broken.UNSERVED not in self.broken:
            return cards
        return (_broken(_("Brudt led: ingen enhed har oversat målet til sin egen opgave.")),)

    def _card(self, branch: Branch) -> Card:
        if isinstance(branch.what, Fold):
            return self._of_fold(branch.what, is_across=branch.is_across)
        below = tuple(self._card(one) for one in branch.branches)
        return self._of_node(branch.what, is_across=branch.is_across, below=below)

    def _of_goal(self, goal: Goal, route: str, *, is_here: bool = False, below: tuple[Card, ...] = ()) -> Card:
        return Card(
            name=goal.short_name,
            url=address_of(route, goal.pk),
            owner=goal.owner_unit.name,
            marks=(_mark(stored_light(goal)),),
            is_here=is_here,
            below=below,
        )

    def _of_node(self, node: Node, *, is_across: bool, below: tuple[Card, ...] = ()) -> Card:
        elsewhere = self.data.foreign.get(node.goal)
        unit = self.data.units[node.unit]
        return Card(
            name=node.name,
            url=address_of("reports:red_thread", node.goal) if elsewhere is None else "",
            owner=unit if elsewhere is None else f"{unit}, {elsewhere}",
            marks=(_mark(node.light),) if node.light is not None else (),
            across=_("På tværs") if is_across else "",
            below=below,
        )

    def _of_fold(self, fold: Fold, *, is_across: bool) -> Card:
        anchor = "" if fold.key in self.anchored else str(fold.key)
        self.anchored.add(fold.key)
        others = [str(key) for key in self.opened if key != fold.key]
        query = urlencode({"aaben": others if fold.is_open else [*others, str(fold.key)]}, doseq=True)
        return Card(
            name=self._fold_name(fold),
            url=f"?{query}" if query else address_of("reports:red_thread", self.data.goal.pk),
            anchor=anchor,
            marks=_counted(fold.counts),
            action=_("Fold sammen") if fold.is_open else _("Vis dem"),
            is_fold=True,
            across=_("På tværs") if is_across else "",
        )

    def _fold_name(self, fold: Fold) -> str:
        """`8 mål i Center for Skole`."""
        if fold.key.place == REST:
            text = ngettext(
                "%(goals)d mål i %(units)d andre enheder", "%(goals)d mål i %(units)d andre enheder", fold.count
            )
            return text % {"goals": fold.count, "units": fold.units}
        unit = self.data.units[fold.key.place]
        text = (
            ngettext("%(goals)d mål i %(unit)s", "%(goals)d mål i %(unit)s", fold.count)
            if fold.is_of_unit
            else ngettext(
                "%(goals)d mål i enheder under %(unit)s", "%(goals)d mål i enheder under %(unit)s", fold.count
            )
        )
        return (text % {"goals": fold.count, "unit": unit}).replace(" ", NBSP, 1)


def _broken(words: str) -> Card:
    return Card(name=words, is_broken=True)


def _mark(light: Light) -> Mark:
    return Mark(light.value, str(LIGHT_WORDS[light]))


def _counted(counts: Mapping[Light, int]) -> tuple[Mark, ...]:
    return tuple(Mark(light.value, count_words(light.value, count)) for light, count in counts.items())
