"""What the authority calls things: a list of the words, and one word at a time."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from organisation.access import requires
from organisation.actions.words import VERB, WordsChanged, mark_of, save_word
from organisation.models import Authority, HistoryEntry
from organisation.permissions import Permission
from organisation.word_forms import WordForm
from organisation.words.catalogue import samples_of
from organisation.words.labels import TERM_LABELS
from organisation.words.speaking import words_in_force
from organisation.words.terms import BY_SLUG, TERMS, Term, Word

HISTORY = 20


@requires(Permission.EDIT_TEMPLATES)
@never_cache
def own_word_list(request: HttpRequest) -> HttpResponse:
    """Each word that may be another, and what the authority calls it."""
    authority = request.authority
    words = dict(words_in_force(authority))
    rows = [
        {"term": term, "label": TERM_LABELS[term.key], "word": words[term.key], "is_own": term.key in authority.words}
        for term in TERMS
    ]
    history = HistoryEntry.objects.about(authority).filter(verb=VERB)[:HISTORY]
    return render(request, "organisation/own_word_list.html", {"rows": rows, "history": history})


@requires(Permission.EDIT_TEMPLATES)
@never_cache
def own_word_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Gender and forms of one word: suggested from the singular, tried in sentences, stored, or put back."""
    term = BY_SLUG.get(slug)
    if term is None:
        raise Http404
    authority = request.authority
    shown = dict(words_in_force(authority))[term.key]
    if request.method != "POST":
        initial = {"gender": shown.gender.value, **shown.forms(), "seen": mark_of(authority)}
        return _page(request, term, WordForm(initial=initial), shown)
    if "standard" in request.POST:
        return _stored(request, term, None, request.POST.get("seen", ""))
    form = WordForm(request.POST, is_asking="foreslaa" in request.POST)
    if not form.is_valid():
        return _page(request, term, form, shown, status=422)
    if form.is_asking:
        form = form.with_suggestions()
        form.full_clean()
        return _page(request, term, form, form.word)
    if "vis" in request.POST:
        return _page(request, term, form, form.word)
    return _stored(request, term, form.word, form.cleaned_data["seen"], form=form)


def _stored(
    request: HttpRequest, term: Term, word: Word | None, seen: str, *, form: WordForm | None = None
) -> HttpResponse:
    try:
        save_word(request.authority, term.key, word, seen=seen, by=request.user, now=request.now)
    except WordsChanged:
        authority = Authority.objects.get(pk=request.authority.pk)
        theirs = dict(words_in_force(authority))[term.key]
        data = {"gender": theirs.gender.value, **theirs.forms()} if form is None else form.data.dict()
        form = WordForm({**data, "seen": mark_of(authority)})
        said = _("En anden har ændret ordene imens. Intet er overskrevet. Gem igen, hvis dit skal gælde.")
        form.add_error(None, said)
        return _page(request, term, form, theirs, status=422)
    messages.success(request, _("Gemt. Ordet står nu på alle sider, i mails og i nye rapporter."))
    return redirect("organisation:own_word_list")


def _page(request: HttpRequest, term: Term, form: WordForm, word: Word, status: int = 200) -> HttpResponse:
    words = {**dict(words_in_force(request.authority)), term.key: word}
    context = {
        "term": term,
        "label": TERM_LABELS[term.key],
        "form": form,
        "samples": samples_of(term.key, tuple(words.items())),
        "is_own": term.key in request.authority.words,
    }
    return render(request, "organisation/own_word_edit.html", context, status=status)
