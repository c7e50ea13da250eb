"""What the API answers, field by field. Names are stable; new fields may come (docs/open-data.md)."""

from datetime import date, datetime
from typing import Generic, TypeVar

from ninja import Field, Schema

T = TypeVar("T")
LARGEST = 2**63 - 1


class Problem(Schema):
    """What went wrong (RFC 9457), in Danish and English."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Findes ikke"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["Adressen er forkert, eller det er ikke offentligt."])
    title_en: str = Field(examples=["Not found"])
    detail_en: str = Field(examples=["The address is wrong, or what it names is not public."])
    errors: list[dict[str, str]] = Field([], examples=[[{"field": "limit", "message": "Input should be at most 500"}]])


class Page(Schema, Generic[T]):
    """A part of a list. Follow `next` until it is null."""

    items: list[T]
    count: int = Field(description="How many there are in all", examples=[128])
    limit: int = Field(examples=[50])
    offset: int = Field(examples=[0])
    next: str | None = Field(description="The address of the next part", examples=[None])
    previous: str | None = Field(examples=[None])


class Index(Schema):
    """Where to begin."""

    authorities: str
    openapi: str
    documentation: str = Field(description="The same for people, in Danish", examples=["/data/api/"])


class LicenceOut(Schema):
    """On what terms the data may be used."""

    name: str = Field(examples=["CC BY 4.0"])
    url: str = Field(examples=["https://creativecommons.org/licenses/by/4.0/"])


class AuthorityOut(Schema):
    """A municipality or region that shows its goals."""

    code: str = Field(description="Statistics Denmark's code", examples=["169"])
    name: str = Field(examples=["Høje-Taastrup Kommune"])
    kind: str = Field(examples=["municipality"])
    is_example: bool = Field(description="Invented, with invented data")
    licence: LicenceOut
    data: str = Field(description="The page of its open data", examples=["https://maal.example.dk/data/"])


class UnitOut(Schema):
    """A part of the organisation."""

    id: int = Field(examples=[12])
    code: str = Field(examples=["BSU"])
    name: str = Field(examples=["Børne- og Skoleudvalget"])
    level: str = Field(description="council, committee, directorate, department, institution, team …")


class LightOut(Schema):
    """How it goes."""

    key: str = Field(
        description="offtrack, overdue, atrisk, uncertain, ontrack, reached, notdue, nodata, notarget",
        examples=["ontrack"],
    )
    word: str = Field(examples=["På rette vej"])


class GoalOut(Schema):
    """A goal in force, or one that was closed."""

    id: int = Field(examples=[7])
    authority: str = Field(examples=["169"])
    code: str
    title: str = Field(examples=["Færre børn har højt fravær"])
    short_name: str = Field(examples=["Højt fravær"])
    description: str
    why: str = Field(description="Why it matters to citizens and to the profession")
    kind: str = Field(description="effect, result, output or operation", examples=["effect"])
    state: str = Field(description="adopted or closed", examples=["adopted"])
    rank: int = Field(description="The body's own order", examples=[1])
    unit: UnitOut
    parent: int | None = Field(description="The goal it serves", examples=[None])
    contributes_to: list[int] = Field(description="Further goals it helps", examples=[[]])
    light: LightOut | None = Field(description="Of the public series; null for closed goals")
    series: list[int] = Field(description="The series it is measured by", examples=[[31, 32]])
    page: str = Field(description="The same for people", examples=["https://maal.example.dk/aabne-maal/maal/7/"])
    adopted_on: date | None
    closed_on: date | None


class IndicatorOut(Schema):
    """What is measured, and how."""

    id: int = Field(examples=[5])
    authority: str = Field(examples=["169"])
    code: str = Field(examples=["fravaer"])
    name: str = Field(examples=["Elever med højt fravær"])
    definition: str
    unit_of_measure: str = Field(examples=["pct."])
    decimals: int = Field(examples=[1])
    direction: str = Field(description="higher, lower or range", examples=["lower"])
    kind: str = Field(examples=["effect"])
    frequency: str = Field(examples=["quarter"])
    source: str
    source_url: str
    licence: LicenceOut
    price_level: str = Field(description="Of amounts: current or fixed; else empty", examples=[""])
    price_year: int | None = Field(description="The year of fixed prices", examples=[None])


class TargetOut(Schema):
    """What is to be reached, and when."""

    period: str = Field(examples=["2028"])
    value: float | None
    low: float | None
    high: float | None


class BaselineOut(Schema):
    """Where it began."""

    period: str = Field(examples=["2024"])
    value: float


class FilesOut(Schema):
    """The series as files."""

    csv: str
    json_stat: str
    xlsx: str


class SeriesOut(Schema):
    """One indicator for one unit over time."""

    id: int = Field(examples=[31])
    authority: str = Field(examples=["169"])
    title: str = Field(examples=["Elever med højt fravær, Bakkeskolen"])
    indicator: int = Field(examples=[5])
    unit: UnitOut
    unit_of_measure: str = Field(examples=["pct."])
    decimals: int = Field(examples=[1])
    direction: str = Field(examples=["lower"])
    frequency: str = Field(examples=["quarter"])
    definition: str
    note: str
    source: str
    licence: LicenceOut
    baseline: BaselineOut | None
    targets: list[TargetOut] = Field(description="Those in force, earliest first")
    files: FilesOut
    price_level: str = Field(description="Of amounts: current or fixed; else empty", examples=[""])
    price_year: int | None = Field(description="The year of fixed prices", examples=[None])


class ValueOut(Schema):
    """The number of one series in one period, or why there is none. Zero is a number."""

    series: int = Field(examples=[31])
    period: str = Field(examples=["2026K2"])
    period_name: str = Field(examples=["2. kvartal 2026"])
    first: date
    last: date
    value: float | None = Field(examples=[8.3])
    numerator: float | None
    denominator: float | None
    missing: str = Field(
        description="Empty where there is a number; else not_due, withheld, not_applicable or not_reported",
        examples=[""],
    )
    is_provisional: bool = Field(description="A sum that lacks units")
    is_corrected: bool = Field(description="Changed after it was approved")
    corrected_from: float | None = Field(description="The number before the latest correction")
    is_example: bool = Field(description="Invented")


class DecisionOut(Schema):
    """What a body decided; items treated behind closed doors are not here."""

    id: int
    authority: str = Field(examples=["169"])
    body: UnitOut
    date: date
    reference: str = Field(examples=["punkt 4"])
    title: str
    text: str
    kind: str = Field(
        description="approved, noted, discussed, recommended, postponed, sent_back or rejected", examples=["approved"]
    )
    goal: int | None = Field(description="The goal it is about, where that is public")


class ReportFileOut(Schema):
    """A file as it was published; its bytes never change."""

    kind: str = Field(examples=["pdf"])
    sha256: str
    url: str


class ReportOut(Schema):
    """A published report."""

    id: str = Field(description="The report and the number of its edition", examples=["12-1"])
    authority: str = Field(examples=["169"])
    body: UnitOut
    period: str = Field(examples=["2026K2"])
    meeting_date: date | None
    published_at: datetime
    sha256: str = Field(description="Of its content")
    files: list[ReportFileOut]


class SurveyOut(Schema):
    """A survey whose answer to the citizens is published."""

    id: int = Field(examples=[4])
    authority: str = Field(examples=["169"])
    title: str = Field(examples=["Hvordan oplever du hjælpen i hjemmet?"])
    unit: UnitOut
    goal: int | None = Field(description="The goal it is about, where that is public")
    effort: str
    audience: str = Field(description="citizen, business, patient, relative, user or employee", examples=["citizen"])
    opens_on: date | None
    closes_on: date | None
    finished_at: datetime


class ChoiceOut(Schema):
    """One answer; its count is null where it is not shown."""

    code: str
    label: str
    count: int | None
    mean_place: float | None = Field(description="Of a ranking, 1 is first")


class QuestionOut(Schema):
    """One question, after suppression."""

    code: str
    label: str
    kind: str = Field(description="scale, ten, yes_no, single, multiple, ranking or text", examples=["scale"])
    assesses: str = Field(description="goal, effort, effect, cooperation, or empty")
    is_shown: bool
    n: int | None = Field(description="Who answered, without those who did not know")
    beside: int | None = Field(description="Who did not know, or found it not relevant")
    choices: list[ChoiceOut] = Field(description="Empty where too few answered")
    is_merged: bool = Field(description="The distribution is merged to three")
    mean: float | None
    low: float | None = Field(description="Of the 95 % interval")
    high: float | None
    share: float | None = Field(description="Per cent who said yes")


class GroupOut(Schema):
    """A part of those who were asked."""

    code: str
    label: str
    invited: int | None
    n: int | None
    questions: list[QuestionOut]


class BackgroundOut(Schema):
    """How those who answered a background question alike answered the rest."""

    question: str
    groups: list[GroupOut]


class MethodOut(Schema):
    """How many answered in one way."""

    method: str = Field(description="link, invitation, kiosk, paper, interview or import")
    n: int | None


class AnswerOut(Schema):
    """A part of the answer to the citizens."""

    heard: str
    doing: str


class SurveyResultsOut(SurveyOut):
    """With its results as they may be shown, and the answer to the citizens."""

    n: int | None = Field(description="Who answered; null where too few did")
    invited: int | None
    response_rate: float | None = Field(description="Per cent of the invited")
    least_shown: int = Field(description="Results of fewer are not shown", examples=[6])
    methods: list[MethodOut]
    questions: list[QuestionOut]
    groups: list[GroupOut]
    backgrounds: list[BackgroundOut]
    answers: list[AnswerOut]
