"""The form of one question: its texts by language, its answers, and whom it is shown to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.editing import (
    DEFAULTS,
    MOST_OPTIONS,
    OPTION_KINDS,
    OPTION_LIMIT,
    SCALE_STEPS,
    TEXT_LIMIT,
    Fault,
    values_of,
)
from citizens.forms.surveys import SeriesChoiceField
from citizens.kinds import DONT_KNOW, NO, NOT_RELEVANT, YES, QuestionKind
from citizens.labels import ASSESSES, BESIDE_LABELS, LANGUAGES
from citizens.question_templates import SCALES
from goals.forms.shared import rows
from goals.labels import choices

SPARE = 3
MORE = 5
OWN = ""
SCALE_NAMES = {
    "agreement": gettext_lazy("Helt uenig … Helt enig"),
    "satisfaction": gettext_lazy("Meget utilfreds … Meget tilfreds"),
    "frequency": gettext_lazy("Aldrig … Meget tit"),
    OWN: gettext_lazy("egne ord, som står herunder"),
}
YES_NO = {YES: gettext_lazy("Ja"), NO: gettext_lazy("Nej")}
PART = "|"
SENTENCES = {
    "no_text": gettext_lazy("Skriv spørgsmålet på dansk."),
    "too_long": gettext_lazy("Teksten er for lang. Skriv den kortere."),
    "few_options": gettext_lazy("Skriv mindst to svar at vælge mellem."),
    "many_options": gettext_lazy("Der er for mange svar. Skriv højst 60."),
    "option_without_text": gettext_lazy("Et svar mangler sin tekst på dansk."),
    "option_twice": gettext_lazy("To svar har samme kode. Slet det ene, og gem igen."),
    "scale_words": gettext_lazy("Skriv et ord for hvert af de fem trin."),
    "background_single": gettext_lazy("Kun ”vælg ét” og ”ja eller nej” kan dele resultaterne op."),
    "not_earlier": gettext_lazy("Spørgsmålet kan kun afhænge af et spørgsmål, der står før det."),
    "text_decides": gettext_lazy("Spørgsmålet kan ikke afhænge af, hvad nogen skriver med egne ord."),
    "no_answers_chosen": gettext_lazy("Vælg mindst ét svar, der findes på spørgsmålet."),
    "unknown_kind": gettext_lazy("Vælg en slags spørgsmål på listen."),
    "code_twice": gettext_lazy("To spørgsmål har samme kode."),
    "no_code": gettext_lazy("Spørgsmålet mangler en kode."),
    "too_many": gettext_lazy("Der er for mange spørgsmål. Slet nogle af dem."),
}


def labelled(question: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What may be chosen in a question: code and Danish words."""
    match question["kind"]:
        case QuestionKind.SCALE:
            words = [word.get("da", "") for word in question["scale"]]
            return [(code, f"{code} {text}") for code, text in zip(values_of(question), words, strict=True)]
        case QuestionKind.YES_NO:
            return [(code, str(text)) for code, text in YES_NO.items()]
        case QuestionKind.TEN:
            return [(code, code) for code in values_of(question)]
    return [(option["code"], option["text"].get("da", option["code"])) for option in question["options"]]


def deciding(questions: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a later question may depend on: by question, `code|answer` and its words."""
    groups = []
    for number, question in enumerate(questions, start=1):
        if question["kind"] == QuestionKind.TEXT:
            continue
        answers = labelled(question)
        answers += [(code, str(text)) for code, text in BESIDE_LABELS.items() if _offers(question, code)]
        pairs = [(f"{question['code']}{PART}{code}", text) for code, text in answers]
        groups.append((f"{number}. {question['text'].get('da', '')}", pairs))
    return groups


def _offers(question: Mapping[str, Any], code: str) -> bool:
    return bool({DONT_KNOW: question["has_dont_know"], NOT_RELEVANT: question["has_not_relevant"]}[code])


class QuestionForm(forms.Form):
    """One question of a kind. `earlier` are the questions before it; `takes_note` when this makes a new version."""

    all_optional = True  # so no field says that it is

    def __init__(self, *args, question, languages, earlier, version, takes_note, count=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.question, self.languages = question, ["da", *languages]
        self.kind = QuestionKind(question["kind"])
        self.count = count
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)
        self._add_texts()
        if self.kind == QuestionKind.SCALE:
            self._add_scale()
        if self.kind in OPTION_KINDS:
            self._add_options()
        self._add_marks()
        groups = deciding(earlier)
        if groups:
            chosen = question["shown_if"]
            self.fields["shown_if"] = forms.MultipleChoiceField(
                label=_("Vis kun spørgsmålet til dem, der har svaret"),
                choices=groups,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[f"{chosen['question']}{PART}{code}" for code in chosen["options"]] if chosen else [],
            )
        if takes_note:
            self.fields["change_note"] = forms.CharField(
                label=_("Hvad er ændret, og hvorfor?"),
                max_length=300,
                widget=rows(2),
                help_text=_("Det bliver en ny version. Noten står ved resultaterne."),
            )

    def _text(self, name, label, initial, language, *, limit=TEXT_LIMIT, lines=2):
        widget = rows(lines) if lines > 1 else forms.TextInput()
        widget.attrs["lang"] = language
        self.fields[name] = forms.CharField(
            label=label, initial=initial, required=False, max_length=limit, widget=widget
        )

    def _add_texts(self) -> None:
        for language in self.languages:
            said = {"language": LANGUAGES.get(language, language)}
            first = language == "da"
            label = _("Spørgsmål") if first else _("Spørgsmål på %(language)s") % said
            self._text(f"text_{language}", label, self.question["text"].get(language, ""), language)
        for language in self.languages:
            said = {"language": LANGUAGES.get(language, language)}
            label = _("Hjælp til spørgsmålet") if language == "da" else _("Hjælp på %(language)s") % said
            self._text(f"help_{language}", label, self.question["help"].get(language, ""), language, lines=1)

    def _add_scale(self) -> None:
        words = self.question["scale"] or [{}] * SCALE_STEPS
        ready = next((name for name, known in SCALES.items() if [dict(one) for one in known] == words), OWN)
        self.fields["words"] = forms.ChoiceField(
            label=_("Ord på skalaen"), choices=list(SCALE_NAMES.items()), required=False, initial=ready
        )
        for step, word in enumerate(words, start=1):
            for language in self.languages:
                said = {"step": step, "language": LANGUAGES.get(language, language)}
                label = _("Trin %(step)s på %(language)s") % said
                self._text(f"scale-{step}-{language}", label, word.get(language, ""), language, limit=80, lines=1)

    def _add_options(self) -> None:
        known = self.question["options"]
        if self.count is None:
            self.count = min(len(known) + SPARE, MOST_OPTIONS)
        for at in range(self.count):
            option = known[at] if at < len(known) else {"code": "", "text": {}}
            self.fields[f"option-{at}-code"] = forms.CharField(
                required=False, max_length=40, initial=option["code"], widget=forms.HiddenInput
            )
            self.fields[f"option-{at}-nr"] = forms.IntegerField(
                label=_("Nummer på svar %d") % (at + 1), required=False, initial=at + 1, min_value=0, max_value=999
            )
            for language in self.languages:
                said = {"number": at + 1, "language": LANGUAGES.get(language, language)}
                label = _("Svar %(number)s på %(language)s") % said
                text = option["text"].get(language, "")
                self._text(f"option-{at}-{language}", label, text, language, limit=OPTION_LIMIT, lines=1)

    def _add_marks(self) -> None:
        self._mark("is_required", _("Skal besvares"))
        if self.kind != QuestionKind.TEXT:
            self._mark("has_dont_know", _("Kan besvares med ”Ved ikke”"))
            self._mark("has_not_relevant", _("Kan besvares med ”Ikke relevant for mig”"))
        if self.kind in (QuestionKind.SINGLE, QuestionKind.YES_NO):
            self._mark("is_background", _("Del resultaterne op efter svaret, fx alder"))
        if self.kind in (QuestionKind.SCALE, QuestionKind.TEN):
            self._mark("is_reversed", _("Et lavt tal er godt"))
        if self.kind != QuestionKind.TEXT:
            self.fields["assesses"] = forms.ChoiceField(
                label=_("Borgerens vurdering af"),
                choices=[("", _("andet")), *choices(ASSESSES)],
                required=False,
                initial=self.question["assesses"],
            )

    def _mark(self, name, label) -> None:
        self.fields[name] = forms.BooleanField(label=label, required=False, initial=self.question[name])

    # ---- for the template: what stands together ----------------------------------------------------------------------

    @property
    def texts(self):
        """The question in every language, then its help."""
        return [self[name] for name in self.fields if name.startswith(("text_", "help_"))]

    @property
    def language_names(self):
        """The languages of the columns."""
        return [LANGUAGES.get(language, language) for language in self.languages]

    @property
    def steps(self):
        """The words of the scale: a row a step, a column a language."""
        if self.kind != QuestionKind.SCALE:
            return []
        return [
            (step, [self[f"scale-{step}-{language}"] for language in self.languages])
            for step in range(1, SCALE_STEPS + 1)
        ]

    @property
    def option_rows(self):
        """The options: code, number, and a column a language."""
        if self.kind not in OPTION_KINDS:
            return []
        return [
            (
                self[f"option-{at}-code"],
                self[f"option-{at}-nr"],
                [self[f"option-{at}-{language}"] for language in self.languages],
            )
            for at in range(self.count)
        ]

    @property
    def marks(self):
        """The boxes to tick."""
        return [self[name] for name, field in self.fields.items() if isinstance(field, forms.BooleanField)]

    # ---- what was written --------------------------------------------------------------------------------------------

    def facts(self) -> dict[str, Any]:
        """The question in the words of `citizens.editing`. Texts in languages not offered here are kept."""
        asked = self.cleaned_data
        facts = {**DEFAULTS, "code": self.question["code"], "kind": self.kind.value}
        for name in ("text", "help"):
            here = {language: asked.get(f"{name}_{language}", "").strip() for language in self.languages}
            facts[name] = {language: text for language, text in {**self.question[name], **here}.items() if text}
        for name in ("is_required", "is_background", "is_reversed", "assesses"):
            facts[name] = asked.get(name, DEFAULTS[name])
        for name in ("has_dont_know", "has_not_relevant"):
            facts[name] = asked.get(name, False)
        facts["scale"], facts["options"] = self._scale(), self._options()
        facts["shown_if"] = self._condition()
        return facts

    def _scale(self) -> list[dict[str, str]]:
        if self.kind != QuestionKind.SCALE:
            return []
        if ready := SCALES.get(self.cleaned_data.get("words", OWN)):
            return [dict(word) for word in ready]
        before = self.question["scale"] or [{}] * SCALE_STEPS
        return [self._texts(f"scale-{step}", before[step - 1]) for step in range(1, SCALE_STEPS + 1)]

    def _options(self) -> list[dict[str, Any]]:
        if self.kind not in OPTION_KINDS:
            return []
        known = {option["code"]: option["text"] for option in self.question["options"]}
        found = []
        for at in range(self.count):
            code = self.cleaned_data.get(f"option-{at}-code", "")
            text = self._texts(f"option-{at}", known.get(code, {}))
            if any(self.cleaned_data.get(f"option-{at}-{language}", "").strip() for language in self.languages):
                place = self.cleaned_data.get(f"option-{at}-nr")
                found.append((at + 1 if place is None else place, at, code if code in known else "", text))
        taken = set(known)
        options = []
        for _place, _at, code, text in sorted(found, key=lambda one: one[:2]):
            if not code:
                code = _free_option(taken)
                taken.add(code)
            options.append({"code": code, "text": text})
        return options

    def _texts(self, name: str, before: Mapping[str, str]) -> dict[str, str]:
        here = {language: self.cleaned_data.get(f"{name}-{language}", "").strip() for language in self.languages}
        return {language: text for language, text in {**before, **here}.items() if text}

    def _condition(self) -> dict[str, Any]:
        chosen = [value.partition(PART) for value in self.cleaned_data.get("shown_if", [])]
        if not chosen:
            return {}
        return {"question": chosen[0][0], "options": [code for _question, _part, code in chosen]}

    def clean_shown_if(self):
        chosen = self.cleaned_data["shown_if"]
        if len({value.partition(PART)[0] for value in chosen}) > 1:
            raise forms.ValidationError(_("Vælg svar fra ét spørgsmål."))
        return chosen

    def show(self, faults: Sequence[Fault]) -> None:
        """Put what is refused beside its field."""
        places = {"text": "text_da", "options": "option-0-da", "scale": "scale-1-da"}
        for fault in faults:
            name = places.get(fault.field, fault.field)
            self.add_error(name if name in self.fields else None, SENTENCES[fault.key])


def _free_option(taken: set[str]) -> str:
    """A code that no option of the question has."""
    number = 1
    while f"o{number}" in taken:
        number += 1
    return f"o{number}"


class NewQuestionForm(forms.Form):
    """Which kind of question to add."""

    slags = forms.ChoiceField(label=gettext_lazy("Nyt spørgsmål"))

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slags"].choices = kinds


class LanguageForm(forms.Form):
    """A further language for the survey."""

    sprog = forms.ChoiceField(label=gettext_lazy("Tilføj sprog"))

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        left = [(code, name) for code, name in LANGUAGES.items() if code != "da" and code not in chosen]
        self.fields["sprog"].choices = left


class MeasureForm(forms.Form):
    """Which series gets a value when the survey closes, and how it is made."""

    def __init__(self, *args, series, questions, period_kind="", **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = {question["code"]: question for question in questions}
        self.period_kind = period_kind
        usable = [question for question in questions if question["kind"] != QuestionKind.TEXT]
        self.fields["series"] = SeriesChoiceField(label=_("Indikator"), queryset=series)
        self.fields["question_code"] = forms.ChoiceField(
            label=_("Spørgsmål"), choices=[(one["code"], one["text"].get("da", one["code"])) for one in usable]
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("Tallet er"),
            choices=[
                ("mean", _("middel af svarene på en skala")),
                ("share", _("andelen i procent, der har valgt et af svarene herunder")),
            ],
            widget=forms.RadioSelect,
            initial="mean",
        )
        groups = [
            (
                question["text"].get("da", ""),
                [(f"{question['code']}{PART}{code}", text) for code, text in labelled(question)],
            )
            for question in usable
        ]
        self.fields["share_options"] = forms.MultipleChoiceField(
            label=_("Kun for en andel: svar, der tæller med"),
            choices=groups,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self):
        cleaned = super().clean()
        question = self.questions.get(cleaned.get("question_code", ""))
        if question is None or "kind" not in cleaned:
            return cleaned
        if cleaned["kind"] == "mean" and question["kind"] not in (QuestionKind.SCALE, QuestionKind.TEN):
            self.add_error("kind", _("Kun en skala har et middel. Vælg en andel i stedet."))
        chosen = [value.partition(PART) for value in cleaned.get("share_options", [])]
        if cleaned["kind"] == "share" and not chosen:
            self.add_error("share_options", _("Vælg de svar, der tæller med i andelen."))
        elif cleaned["kind"] == "share" and any(code != question["code"] for code, _part, _answer in chosen):
            self.add_error("share_options", _("Vælg kun svar på det spørgsmål, du har valgt."))
        cleaned["share_options"] = [answer for _code, _part, answer in chosen] if cleaned["kind"] == "share" else []
        series = cleaned.get("series")
        if series is not None and self.period_kind and series.indicator.frequency != self.period_kind:
            said = {"kind": series.indicator.get_frequency_display()}
            self.add_error("series", _("Indikatoren opgøres efter %(kind)s. Ret undersøgelsens periode først.") % said)
        return cleaned
