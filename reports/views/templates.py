"""How the authority's reports are laid out: the templates, and editing one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from followup.models import Round
from goals.actions.versions import Stale
from goals.views.shared import answer, posted, saved
from organisation.access import requires
from organisation.models import Authority, HistoryEntry, Unit
from organisation.permissions import Permission
from reports.actions.templates import save_template
from reports.labels import PARTS
from reports.models import ReportTemplate
from reports.models.template import shipped, template_of, templates_of
from reports.names import in_file_name
from reports.outline import ReportKind
from reports.template_forms import TemplateForm

HISTORY = 20
LONGEST_SLUG = 40


@requires(Permission.EDIT_TEMPLATES)
def template_list(request: HttpRequest) -> HttpResponse:
    """Every template of the authority with what it holds."""
    authority = _authority(request)
    rows = [{"template": one, "parts": [PARTS[part] for part in one.outline.parts]} for one in templates_of(authority)]
    kinds = [shipped(authority, kind) for kind in ReportKind]
    return render(request, "reports/template_list.html", {"rows": rows, "kinds": kinds})


@requires(Permission.EDIT_TEMPLATES)
@never_cache
def template_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a template; one that comes with the kind becomes the authority's own when it is changed."""
    template = template_of(_authority(request), slug)
    if template is None:
        raise Http404
    return _form(request, template)


@requires(Permission.EDIT_TEMPLATES)
@never_cache
def template_create(request: HttpRequest, kind: str) -> HttpResponse:
    """A further template of the kind, begun from the one that comes with it."""
    if kind not in set(ReportKind):
        raise Http404
    template = shipped(_authority(request), ReportKind(kind))
    template.slug = ""
    return _form(request, template)


def _form(request: HttpRequest, template: ReportTemplate) -> HttpResponse:
    form = TemplateForm(posted(request), template=template)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        template.slug = template.slug or _free_slug(template.authority, said["name"])
        try:
            save_template(
                template,
                name=said["name"],
                outline=form.outline,
                is_offered=said["is_offered"],
                version=said["version"],
                by=request.user,
                now=request.now,
            )
        except Stale:
            form.add_error(None, _("En anden har ændret skabelonen imens. Intet er overskrevet. Åbn den igen."))
        else:
            messages.success(request, saved())
            return redirect("reports:template_list")
    context = {
        "form": form,
        "template": template,
        "latest": Round.objects.readable_by(request.user, request.today).filter(authority=template.authority).first(),
        "history": HistoryEntry.objects.about(template)[:HISTORY] if template.pk else [],
    }
    return render(request, "reports/template_form.html", context, status=answer(form))


def _free_slug(authority: Authority, name: str) -> str:
    """An address for the name that no other template of the authority has, nor a page here."""
    taken = {"ny", *ReportKind, *ReportTemplate.objects.filter(authority=authority).values_list("slug", flat=True)}
    begin = slugify(in_file_name(name))[: LONGEST_SLUG - 4].strip("-") or "rapport"
    slug, at = begin, 1
    while slug in taken:
        at += 1
        slug = f"{begin}-{at}"
    return slug


def _authority(request: HttpRequest) -> Authority:
    """The current authority, when the person lays out its reports; else 403."""
    units = Unit.objects.allowing(Permission.EDIT_TEMPLATES, request.user, request.today)
    if not units.filter(authority=request.authority).exists():
        raise PermissionDenied
    authority: Authority = request.authority
    return authority
