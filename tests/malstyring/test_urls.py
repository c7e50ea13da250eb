"""Every address as every role, a stranger, and the same role in another unit; an address not in the table fails."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pypdfium2 import PdfDocument

from citizens.models import Quote
from followup.actions.actions import start_action
from followup.actions.rounds import open_round
from followup.kinds import MeetingState
from followup.models import Board, Mail, Upload, YearEvent
from goals.actions.owners import invite_owner, make_cross_cutting
from goals.actions.proposals import propose_target
from goals.kinds import GoalState
from goals.models import (
    Assumption,
    ChainStep,
    Divergence,
    Goal,
    GoalSeries,
    PersonalGoal,
    ServiceArea,
    SteeringDocument,
    Translation,
    Workshop,
)
from organisation.models import Authority, BodyLink, Portal, PortalDepth, Unit, UnitKind
from organisation.permissions import Permission as P
from organisation.permissions import Role, allows, has_anywhere
from reports.models import Edition, EditionFile, Job, Report
from tests import factories
from tests.citizens import asked, hearings, making
from tests.factories import LONG_AGO
from tests.goals import sharing

PUBLIC = {
    "healthz", "accessibility_statement", "privacy", "word_list", "followup:overview", "followup:calendar_feed",
    "account_login", "account_logout", "account_signup", "account_change_password", "account_set_password",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "reports:reading_worker",
    "citizens:answer", "citizens:answer_thanks", "citizens:answer_subscribe", "citizens:answer_kiosk",
    "citizens:kiosk_thanks",
    "citizens:public_hearing_write", "citizens:own_goal_begin", "citizens:own_goal_end",
    "citizens:workshop_public",
}  # fmt: skip
# Public, and named by a secret or by a survey: tested where they belong.
BY_LINK = {
    "account_reset_password_from_key", "followup:calendar_feed", "citizens:public_hearing_write",
    "citizens:own_goal_begin", "citizens:workshop_public",
} | {
    name for name in PUBLIC if name.startswith(("citizens:answer", "citizens:kiosk"))
}  # fmt: skip

# Pages of `organisation.public.public_page`, with what their address points at. Nobody is asked who they are.
OPEN: dict[str, list[str]] = {
    "reports:portal": [],
    "reports:portal_feed": [],
    "reports:portal_goal": ["goal"],
    "reports:portal_card": ["goal"],
    "reports:portal_goal_feed": ["goal"],
    "reports:portal_body": ["committee"],
    "reports:portal_unit": ["school"],
    "reports:portal_series": ["series"],
    "reports:portal_search": [],
    "reports:portal_missing": [],
    "reports:portal_reports": [],
    "reports:portal_report_file": ["open_round", "edition_number", "edition_kind"],
    "reports:portal_decisions": [],
    "reports:portal_about": [],
    "citizens:public_survey_list": [],
    "citizens:public_survey": ["answered_survey"],
    "citizens:public_hearing_list": [],
    "citizens:public_hearing": ["hearing"],
    "reports:open_data": [],
    "reports:open_data_api": [],
    "reports:open_values_csv": [],
    "reports:open_values_about": [],
    "reports:open_values_xlsx": [],
    "reports:open_values_json": [],
    "reports:open_series_csv": [],
    "reports:open_series_about": [],
    "reports:open_series_json": [],
    "reports:open_catalogue_ttl": [],
    "reports:open_catalogue_json": [],
    "reports:series_csv": ["series"],
    "reports:series_about": ["series"],
    "reports:series_json": ["series"],
    "reports:series_xlsx": ["series"],
    "reports:indicator_csv": ["indicator"],
    "reports:indicator_json": ["indicator"],
    "reports:indicator_xlsx": ["indicator"],
}

# The same of the API: one address for all authorities, with none under `/m/KODE/`.
API: dict[str, list[str]] = {
    "reports:api:index": [],
    "reports:api:api-root": [],
    "reports:api:openapi-json": [],
    "reports:api:authority_list": [],
    "reports:api:authority_detail": ["authority_code"],
    "reports:api:goal_list": [],
    "reports:api:goal_detail": ["goal"],
    "reports:api:indicator_list": [],
    "reports:api:indicator_detail": ["indicator"],
    "reports:api:series_list": [],
    "reports:api:series_detail": ["series"],
    "reports:api:series_values": ["series"],
    "reports:api:value_list": [],
    "reports:api:decision_list": [],
    "reports:api:report_list": [],
    "reports:api:survey_list": [],
    "reports:api:survey_detail": ["answered_survey"],
    "reports:api:unknown": ["authority_code"],
}


@dataclass
class Address:
    """How an address is guarded: the permission it takes, at which unit, and what makes its object visible.

    Without `unit` there is no object: having the permission anywhere is enough. `visible` None: seen by everybody
    in the authority.
    """

    permission: P
    unit: str = ""
    visible: P | None = None
    args: list[str] = field(default_factory=list)
    post: bool = False
    own: str = ""  # only this person's own
    shared_with: str = ""  # who sees it too
    seen_by: str = ""  # who sees it too, and may not change it
    words: list[str] = field(default_factory=list)  # parts of the path that name no object
    whole: bool = False  # the whole authority, which no key in the path names


MEETING = ["board_on_wall", "meeting_day"]
ADDRESSES: dict[str, Address] = {
    "organisation:account": Address(P.SEE_AUTHORITY),
    "organisation:account_data": Address(P.SEE_AUTHORITY),
    "organisation:authority_switch": Address(P.SEE_AUTHORITY, post=True),
    "organisation:access_request": Address(P.SEE_BODY_MATERIAL, args=["committee"], post=True),
    "organisation:setup": Address(P.MANAGE_PEOPLE),
    "organisation:unit_list": Address(P.MANAGE_PEOPLE),
    "organisation:unit_create": Address(P.MANAGE_PEOPLE),
    "organisation:unit_edit": Address(P.MANAGE_PEOPLE, "school", args=["school"]),
    "organisation:unit_end": Address(P.MANAGE_PEOPLE, "school", args=["school"]),
    "organisation:body_link_create": Address(P.MANAGE_PEOPLE, "school", args=["school"], post=True),
    "organisation:body_link_end": Address(P.MANAGE_PEOPLE, "directorate", args=["body_link"]),
    "organisation:person_list": Address(P.MANAGE_PEOPLE),
    "organisation:person_create": Address(P.MANAGE_PEOPLE),
    "organisation:person_edit": Address(P.MANAGE_PEOPLE, "school", args=["manager"]),
    "organisation:person_activity": Address(P.MANAGE_PEOPLE, "school", args=["manager"], post=True),
    "organisation:person_password": Address(P.MANAGE_PEOPLE, "school", args=["manager"], post=True),
    "organisation:membership_add": Address(P.MANAGE_PEOPLE, "school", args=["manager"], post=True),
    "organisation:membership_end": Address(P.MANAGE_PEOPLE, "school", args=["membership"]),
    "organisation:people_import": Address(P.MANAGE_PEOPLE),
    "organisation:own_word_list": Address(P.EDIT_TEMPLATES),
    "organisation:own_word_edit": Address(P.EDIT_TEMPLATES, words=["maal"]),
    "goals:strategy_list": Address(P.SEE_AUTHORITY),
    "goals:strategy_create": Address(P.EDIT_GOALS),
    "goals:strategy_edit": Address(P.EDIT_GOALS, "council", args=["strategy"]),
    "goals:goal_create": Address(P.EDIT_GOALS),
    "goals:goal_edit": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:goal_move": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:goal_propose": Address(P.EDIT_GOALS, "school", P.SEE_DRAFTS, args=["draft"], post=True),
    "goals:goal_adopt": Address(P.ADOPT_GOALS, "school", P.SEE_DRAFTS, args=["draft"]),
    "goals:goal_close": Address(P.ADOPT_GOALS, "school", args=["goal"]),
    "goals:goal_replace": Address(P.ADOPT_GOALS, "school", args=["goal"]),
    "goals:goal_contributions": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:goal_series": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:goal_link": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:unit_upward": Address(P.EDIT_GOALS, "school", args=["school"]),
    "goals:area_list": Address(P.SEE_AUTHORITY),
    "goals:area_create": Address(P.EDIT_AREAS),
    "goals:area_import": Address(P.EDIT_AREAS),
    "goals:area_edit": Address(P.EDIT_AREAS, "council", args=["service_area"]),
    "goals:goal_areas": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:document_create": Address(P.RECORD_DECISIONS),
    "goals:document_edit": Address(P.RECORD_DECISIONS, "committee", args=["document"]),
    "goals:document_file": Address(P.SEE_AUTHORITY, "committee", args=["document"]),
    "goals:promise_create": Address(P.RECORD_DECISIONS, "committee", args=["document"]),
    "goals:promise_edit": Address(P.RECORD_DECISIONS, "committee", args=["promise"]),
    "goals:promise_goals": Address(P.RECORD_DECISIONS, "committee", args=["promise"]),
    "goals:indicator_list": Address(P.SEE_AUTHORITY),
    "goals:indicator_create": Address(P.EDIT_INDICATORS),
    "goals:indicator_edit": Address(P.EDIT_INDICATORS, "council", args=["indicator"]),
    "goals:series_create": Address(P.EDIT_INDICATORS),
    "goals:series_edit": Address(P.EDIT_INDICATORS, "school", args=["series"]),
    "goals:target_set": Address(P.EDIT_INDICATORS, "school", args=["series"]),
    "goals:goal_advice": Address(P.EDIT_GOALS, post=True),
    "goals:few_goals": Address(P.EDIT_GOALS),
    "goals:unit_ceiling": Address(P.SEE_AUTHORITY, "school", args=["school"]),
    "goals:ceiling_list": Address(P.SET_CEILINGS),
    "goals:ceiling_edit": Address(P.SET_CEILINGS, "school", args=["school"]),
    "goals:goal_send_down": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:goal_translations": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "goals:translation_list": Address(P.SEE_DRAFTS),
    "goals:translation_detail": Address(P.SEE_DRAFTS, "school", P.SEE_DRAFTS, args=["translation"]),
    **{
        f"goals:translation_{step}": Address(P.EDIT_GOALS, "school", P.SEE_DRAFTS, args=["translation"], post=True)
        for step in ("choose", "answer", "decline", "accept", "return", "withdraw")
    },
    "followup:broken_links": Address(P.SEE_AUTHORITY),
    "followup:broken_count": Address(P.SEE_AUTHORITY),
    "followup:goal_list": Address(P.SEE_AUTHORITY),
    "followup:goal_detail": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "followup:goal_chain": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "followup:unit_merge": Address(P.REORGANISE, "school", args=["school"]),
    "followup:unit_split": Address(P.REORGANISE, "school", args=["school"]),
    "followup:goal_comes_from": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "followup:divergence_list": Address(P.SEE_AUTHORITY),
    "followup:unit_divergences": Address(P.SEE_AUTHORITY, "school", args=["school"]),
    "followup:goal_divergences": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "followup:divergence_create": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "goals:divergence_edit": Address(P.EDIT_GOALS, "school", args=["divergence"]),
    "goals:divergence_rank": Address(P.ADOPT_GOALS, "school", args=["divergence"]),
    "goals:divergence_end": Address(P.EDIT_GOALS, "school", args=["divergence"]),
    "goals:personal_list": Address(P.SEE_AUTHORITY),
    "goals:personal_create": Address(P.SEE_AUTHORITY),
    "goals:personal_detail": Address(P.SEE_AUTHORITY, args=["personal"], own="manager", shared_with="head"),
    "goals:personal_edit": Address(P.SEE_AUTHORITY, args=["personal"], own="manager", seen_by="head"),
    "goals:personal_delete": Address(P.SEE_AUTHORITY, args=["personal"], own="manager", seen_by="head"),
    "followup:coverage": Address(P.SEE_AUTHORITY),
    "followup:coverage_missing": Address(P.SEE_AUTHORITY),
    "followup:coverage_areas": Address(P.SEE_AUTHORITY),
    "followup:coverage_file": Address(P.SEE_AUTHORITY),
    "followup:coverage_areas_file": Address(P.SEE_AUTHORITY),
    "followup:coverage_cell": Address(P.SEE_AUTHORITY, "school", args=["goal", "committee"]),
    "followup:area_detail": Address(P.SEE_AUTHORITY, "council", args=["service_area"]),
    "followup:document_list": Address(P.SEE_AUTHORITY),
    "followup:document_detail": Address(P.SEE_AUTHORITY, "committee", args=["document"]),
    "followup:promise_list": Address(P.SEE_AUTHORITY),
    "followup:indicator_detail": Address(P.SEE_AUTHORITY, "school", args=["indicator"]),
    "followup:series_detail": Address(P.SEE_AUTHORITY, "school", args=["series"]),
    "followup:series_chart": Address(P.SEE_AUTHORITY, "school", args=["series"]),
    "followup:value_correct": Address(P.CORRECT_VALUES, "school", args=["series", "measurement"]),
    "followup:unit_list": Address(P.SEE_AUTHORITY),
    "followup:unit_detail": Address(P.SEE_AUTHORITY, "school", args=["school"]),
    "followup:body_list": Address(P.SEE_AUTHORITY),
    "followup:body_detail": Address(P.SEE_AUTHORITY, "committee", args=["committee"]),
    "followup:meeting_list": Address(P.SEE_AUTHORITY, "committee", args=["committee"]),
    "followup:meeting_detail": Address(P.SEE_BODY_MATERIAL, "committee", args=["committee", "round"]),
    "followup:meeting_conclude": Address(P.RECORD_DECISIONS, "committee", args=["committee", "round"]),
    "followup:agenda_item_create": Address(P.RECORD_DECISIONS, "committee", args=["committee", "round"]),
    "followup:agenda_item_detail": Address(P.SEE_BODY_MATERIAL, "committee", args=["agenda_item"]),
    "followup:agenda_item_edit": Address(P.RECORD_DECISIONS, "committee", args=["agenda_item"]),
    "followup:agenda_item_remove": Address(P.RECORD_DECISIONS, "committee", args=["decided_item"], post=True),
    "followup:decision_record": Address(P.RECORD_DECISIONS, "committee", args=["agenda_item"]),
    "followup:decision_list": Address(P.SEE_AUTHORITY),
    "followup:decision_create": Address(P.RECORD_DECISIONS),
    "followup:decision_detail": Address(P.SEE_AUTHORITY, "committee", args=["decision"]),
    "followup:decision_edit": Address(P.RECORD_DECISIONS, "committee", args=["decision"]),
    "followup:decision_close": Address(P.RECORD_DECISIONS, "committee", args=["decision"]),
    "followup:question_list": Address(P.SEE_AUTHORITY),
    "followup:question_ask": Address(P.ASK_QUESTIONS),
    "followup:question_detail": Address(P.SEE_AUTHORITY, "school", args=["question"]),
    "followup:question_answer": Address(P.ANSWER_QUESTIONS, "school", args=["question"]),
    "followup:question_pass_on": Address(P.ANSWER_QUESTIONS, "school", args=["question"]),
    "followup:year_wheel": Address(P.SEE_AUTHORITY),
    "followup:round_list": Address(P.SEE_AUTHORITY),
    "followup:plan_list": Address(P.SEE_AUTHORITY),
    "followup:plan_create": Address(P.PLAN_ROUNDS),
    "followup:plan_reading": Address(P.PLAN_ROUNDS, post=True),
    "followup:plan_edit": Address(P.PLAN_ROUNDS, "committee", args=["plan"]),
    "followup:event_list": Address(P.SEE_AUTHORITY),
    "followup:event_create": Address(P.PLAN_ROUNDS),
    "followup:event_template": Address(P.PLAN_ROUNDS, post=True),
    "followup:event_edit": Address(P.PLAN_ROUNDS, "committee", args=["event"]),
    "followup:event_delete": Address(P.PLAN_ROUNDS, "committee", args=["event"], post=True),
    "followup:followup_settings": Address(P.PLAN_ROUNDS),
    "followup:calendar": Address(P.SEE_AUTHORITY),
    "followup:calendar_make": Address(P.SEE_AUTHORITY, post=True),
    "followup:calendar_revoke": Address(P.SEE_AUTHORITY, post=True),
    "followup:round_date": Address(P.PLAN_ROUNDS, "committee", args=["round"], post=True),
    "followup:round_create": Address(P.PLAN_ROUNDS),
    "followup:round_detail": Address(P.SEE_AUTHORITY, "committee", args=["round"]),
    "followup:round_edit": Address(P.PLAN_ROUNDS, "committee", args=["round"]),
    "followup:round_move": Address(P.PLAN_ROUNDS, "committee", args=["round"], post=True),
    "followup:round_missing": Address(P.REMIND, "school", args=["round"]),
    "followup:round_remind": Address(P.REMIND, "school", args=["round"], post=True),
    "followup:entry_list": Address(P.ENTER_VALUES),
    "followup:submissions_approve": Address(P.APPROVE, post=True),
    "followup:entry_grid": Address(P.SEE_DRAFTS, "school", P.SEE_DRAFTS, args=["round", "school"]),
    "followup:entry_save": Address(P.ENTER_VALUES, "school", P.SEE_DRAFTS, args=["round", "school"], post=True),
    "followup:entry_submit": Address(P.SUBMIT, "school", P.SEE_DRAFTS, args=["round", "school"], post=True),
    "followup:entry_withdraw": Address(P.SUBMIT, "school", P.SEE_DRAFTS, args=["round", "school"], post=True),
    "followup:submission_review": Address(P.APPROVE, "school", P.SEE_DRAFTS, args=["round", "school"]),
    "followup:late_exception": Address(P.PLAN_ROUNDS, "school", P.SEE_DRAFTS, args=["round", "school"]),
    "followup:entry_assessment": Address(
        P.ENTER_VALUES, "school", P.SEE_DRAFTS, args=["round", "school", "goal"], post=True
    ),
    "followup:action_list": Address(P.SEE_AUTHORITY),
    "followup:action_create": Address(P.EDIT_ACTIONS),
    "followup:action_detail": Address(P.SEE_AUTHORITY, "school", args=["action"]),
    "followup:action_edit": Address(P.EDIT_ACTIONS, "school", args=["action"]),
    "followup:action_finish": Address(P.EDIT_ACTIONS, "school", args=["action"]),
    "followup:board_list": Address(P.SEE_AUTHORITY),
    "followup:board_create": Address(P.EDIT_BOARDS),
    "followup:board_detail": Address(P.SEE_AUTHORITY, "school", args=["board_on_wall"]),
    "followup:board_edit": Address(P.EDIT_BOARDS, "school", args=["board_on_wall"]),
    "followup:board_meetings": Address(P.SEE_DRAFTS, "school", P.SEE_DRAFTS, args=["board_on_wall"]),
    "followup:board_meeting": Address(P.SEE_DRAFTS, "school", P.SEE_DRAFTS, args=MEETING),
    "followup:board_meeting_start": Address(P.EDIT_ACTIONS, "school", P.SEE_DRAFTS, args=MEETING, post=True),
    "followup:intervention_record": Address(P.EDIT_ACTIONS, "school", args=["series"]),
    "followup:board_meeting_values": Address(P.EDIT_ACTIONS, "school", P.SEE_DRAFTS, args=MEETING, post=True),
    "followup:board_meeting_close": Address(P.EDIT_ACTIONS, "school", P.SEE_DRAFTS, args=MEETING, post=True),
    "followup:board_meeting_point": Address(
        P.EDIT_ACTIONS, "school", P.SEE_DRAFTS, args=[*MEETING, "series"], post=True
    ),
    "followup:board_meeting_action": Address(
        P.EDIT_ACTIONS, "school", P.SEE_DRAFTS, args=[*MEETING, "board_action"], post=True
    ),
    "followup:import_start": Address(P.IMPORT_VALUES),
    "followup:import_preview": Address(P.IMPORT_VALUES, "school", args=["upload"], own="manager"),
    "followup:mail_log": Address(P.SEE_MAIL_LOG),
    "followup:mail_detail": Address(P.SEE_MAIL_LOG, "council", P.SEE_MAIL_LOG, args=["mail"]),
    "followup:my_mails": Address(P.SEE_AUTHORITY),
    "followup:my_mail": Address(P.SEE_AUTHORITY, "school", args=["mail"], own="manager"),
    "followup:goal_triangle": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "followup:unit_triangle": Address(P.SEE_AUTHORITY, "school", args=["school"]),
    "followup:goal_share": Address(P.ADOPT_GOALS, "school", args=["goal"]),
    "followup:shared_beside": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "followup:shared_goal_list": Address(P.SEE_AUTHORITY),
    "followup:cooperation_leave": Address(P.ADOPT_GOALS, "council", args=[], whole=True),
    "followup:shared_goal": Address(P.SEE_AUTHORITY, "school", args=["shared_goal"]),
    "followup:owner_invite": Address(P.ADOPT_GOALS, "school", args=["shared_goal"]),
    "followup:goal_unshare": Address(P.ADOPT_GOALS, "school", args=["shared_goal"]),
    "followup:authority_leave": Address(P.ADOPT_GOALS, "school", args=["shared_elsewhere"]),
    "followup:owner_commit": Address(P.ADOPT_GOALS, "school", args=["owner"]),
    "followup:owner_decline": Address(P.ADOPT_GOALS, "other_school", args=["invited_owner"]),
    "followup:owner_recall": Address(P.ADOPT_GOALS, "school", args=["invited_owner"]),
    "followup:owner_withdraw": Address(P.ADOPT_GOALS, "school", args=["owner"]),
    "followup:owner_take_over": Address(P.ADOPT_GOALS, "school", args=["owner"], post=True),
    "followup:target_propose": Address(P.ADOPT_GOALS, "school", args=["owner", "shared_series"]),
    "followup:proposal_answer": Address(P.ADOPT_GOALS, "school", args=["target_proposal"]),
    "followup:effect_chain": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "followup:chain_step_create": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "followup:chain_step_edit": Address(P.EDIT_GOALS, "school", args=["goal", "chain_step"]),
    "followup:chain_step_move": Address(P.EDIT_GOALS, "school", args=["goal", "chain_step"], post=True),
    "followup:chain_step_remove": Address(P.EDIT_GOALS, "school", args=["closed_goal", "closed_step"], post=True),
    "followup:assumption_create": Address(P.EDIT_GOALS, "school", args=["goal"]),
    "followup:assumption_edit": Address(P.EDIT_GOALS, "school", args=["goal", "assumption"]),
    "followup:assumption_remove": Address(P.EDIT_GOALS, "school", args=["closed_goal", "closed_assumption"], post=True),
    "citizens:workshop_list": Address(P.SEE_AUTHORITY),
    "citizens:workshop_create": Address(P.EDIT_GOALS),
    "citizens:workshop_detail": Address(P.SEE_AUTHORITY, "school", args=["workshop"]),
    "citizens:workshop_link": Address(P.EDIT_GOALS, "school", args=["workshop"], post=True),
    "citizens:workshop_close": Address(P.EDIT_GOALS, "school", args=["workshop"], post=True),
    "citizens:workshop_choose": Address(P.EDIT_GOALS, "school", args=["workshop", "focus_area"], post=True),
    "citizens:workshop_goal": Address(P.EDIT_GOALS, "school", args=["workshop", "focus_area"], post=True),
    "citizens:workshop_note_remove": Address(P.EDIT_GOALS, "school", args=["workshop", "note"], post=True),
    "citizens:comment_list": Address(P.READ_COMMENTS, "school", args=["closed_survey"]),
    "citizens:comment_review": Address(P.RUN_SURVEYS, "school", args=["closed_survey", "comment"]),
    "citizens:quote_create": Address(P.RUN_SURVEYS, "school", args=["closed_survey", "comment"]),
    "citizens:quote_edit": Address(P.RUN_SURVEYS, "school", args=["closed_survey", "quote"]),
    "citizens:quote_remove": Address(P.RUN_SURVEYS, "school", args=["closed_survey", "quote"], post=True),
    "citizens:answer_write": Address(P.RUN_SURVEYS, "school", args=["closed_survey"]),
    "citizens:answer_publish": Address(P.RUN_SURVEYS, "school", args=["closed_survey"]),
    "citizens:pair_edit": Address(P.RUN_SURVEYS, "school", args=["closed_survey", "pair"]),
    "citizens:pair_move": Address(P.RUN_SURVEYS, "school", args=["closed_survey", "pair"], post=True),
    "citizens:pair_remove": Address(P.RUN_SURVEYS, "school", args=["answered_survey", "answered_pair"], post=True),
    "citizens:goal_said": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "citizens:survey_csv": Address(P.SEE_AUTHORITY, "school", args=["survey"]),
    "citizens:survey_xlsx": Address(P.SEE_AUTHORITY, "school", args=["survey"]),
    "citizens:survey_list": Address(P.SEE_AUTHORITY),
    "citizens:survey_create": Address(P.RUN_SURVEYS),
    "citizens:survey_import": Address(P.RUN_SURVEYS),
    "citizens:survey_import_preview": Address(P.RUN_SURVEYS, "school", args=["answer_file"], own="manager"),
    "citizens:survey_edit": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_questions": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:question_create": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:question_edit": Address(P.RUN_SURVEYS, "school", args=["survey", "question_code"]),
    "citizens:question_move": Address(P.RUN_SURVEYS, "school", args=["survey", "question_code"], post=True),
    "citizens:question_delete": Address(P.RUN_SURVEYS, "school", args=["survey", "last_code"], post=True),
    "citizens:survey_language": Address(P.RUN_SURVEYS, "school", args=["survey"], post=True),
    "citizens:survey_versions": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_measures": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_preview": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_pilot": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_open": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_close": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_repeat": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_delete": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_history": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:survey_detail": Address(P.SEE_AUTHORITY, "school", args=["survey"]),
    "citizens:methods": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:qr_code": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:poster": Address(P.RUN_SURVEYS, "school", args=["survey"], words=["a4"]),
    "citizens:paper_form": Address(P.ENTER_ANSWERS, "school", args=["survey"]),
    "citizens:invite_people": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:invite_remind": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:invite_letters": Address(P.RUN_SURVEYS, "school", args=["survey"]),
    "citizens:invite_linkers": Address(P.RUN_SURVEYS, "school", args=["survey_with_codes"]),
    "citizens:key_in_paper": Address(P.ENTER_ANSWERS, "school", args=["survey"]),
    "citizens:key_in_undo": Address(P.ENTER_ANSWERS, "school", args=["survey"], post=True),
    "citizens:interview": Address(P.ENTER_ANSWERS, "school", args=["survey"]),
    "citizens:participant_list": Address(P.SEE_AUTHORITY, args=["survey_with_codes"], own="manager"),
    "citizens:participant_detail": Address(P.SEE_AUTHORITY, args=["survey_with_codes", "participant"], own="manager"),
    "citizens:hearing_list": Address(P.SEE_AUTHORITY),
    "citizens:hearing_create": Address(P.RUN_SURVEYS),
    "citizens:hearing_detail": Address(P.SEE_AUTHORITY, "school", args=["hearing"]),
    "citizens:hearing_edit": Address(P.RUN_SURVEYS, "school", args=["hearing"]),
    "citizens:hearing_move": Address(P.RUN_SURVEYS, "school", args=["hearing"], post=True),
    "citizens:proposal_list": Address(P.RUN_SURVEYS, "school", args=["hearing"]),
    "citizens:proposal_decide": Address(P.RUN_SURVEYS, "school", args=["hearing", "proposal"], post=True),
    "citizens:hearing_themes": Address(P.RUN_SURVEYS, "school", args=["hearing"]),
    "citizens:hearing_theme": Address(P.RUN_SURVEYS, "school", args=["hearing", "hearing_theme"]),
    "citizens:goal_origin": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "citizens:attainment_list": Address(P.ENTER_ANSWERS),
    "citizens:attainment_create": Address(P.RUN_SURVEYS),
    "citizens:attainment_detail": Address(P.ENTER_ANSWERS, "school", args=["attainment_form"]),
    "citizens:attainment_edit": Address(P.RUN_SURVEYS, "school", args=["attainment_form"]),
    "citizens:attainment_hand_out": Address(P.ENTER_ANSWERS, "school", args=["attainment_form"], post=True),
    "citizens:attainment_write": Address(P.RUN_SURVEYS, "school", args=["attainment_form"], post=True),
    "reports:heat_map": Address(P.SEE_AUTHORITY),
    "reports:heat_cell": Address(P.SEE_AUTHORITY, "school", args=["goal", "school"]),
    "reports:goal_dashboard": Address(P.SEE_AUTHORITY),
    "reports:goal_development": Address(P.SEE_AUTHORITY),
    "reports:goal_development_chart": Address(P.SEE_AUTHORITY),
    "reports:goal_units_chart": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "reports:red_thread": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "reports:goal_units": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "reports:report_list": Address(P.SEE_AUTHORITY),
    "reports:subscriptions": Address(P.SEE_AUTHORITY),
    "reports:kept_readings": Address(P.SEE_AUTHORITY),
    "reports:report_reading": Address(P.SEE_BODY_MATERIAL, "committee", args=["round"]),
    "reports:follow_body": Address(P.SEE_AUTHORITY, "committee", args=["committee"]),
    "reports:report_choose": Address(P.SEE_AUTHORITY),
    "reports:template_list": Address(P.EDIT_TEMPLATES),
    "reports:template_create": Address(P.EDIT_TEMPLATES, words=["udvalg"]),
    "reports:template_edit": Address(P.EDIT_TEMPLATES, words=["udvalg"]),
    "reports:public_goal_link": Address(P.SEE_AUTHORITY, "school", args=["goal"]),
    "reports:portal_settings": Address(P.EDIT_PORTAL),
    "reports:portal_preview": Address(P.EDIT_PORTAL),
    "reports:report_detail": Address(P.SEE_BODY_MATERIAL, "committee", args=["round"]),
    "reports:report_pdf": Address(P.SEE_BODY_MATERIAL, "committee", args=["round"]),
    "reports:report_make": Address(P.SEE_BODY_MATERIAL, "committee", args=["round", "edition_kind"], post=True),
    "reports:making": Address(P.SEE_AUTHORITY, args=["round", "job"], own="consultant"),
    "reports:making_cancel": Address(P.SEE_AUTHORITY, args=["round", "job"], post=True, own="consultant"),
    "reports:making_retry": Address(P.SEE_AUTHORITY, args=["round", "job"], post=True, own="consultant"),
    "reports:report_write": Address(P.EDIT_REPORTS, "committee", args=["round"]),
    "reports:report_approve": Address(P.PUBLISH_REPORTS, "committee", args=["round"], post=True),
    "reports:report_publish": Address(P.PUBLISH_REPORTS, "committee", args=["round"]),
    "reports:report_withdraw": Address(P.PUBLISH_REPORTS, "committee", args=["round"]),
    "reports:report_editions": Address(P.EDIT_REPORTS, "committee", args=["round"]),
    "reports:edition_file": Address(
        P.EDIT_REPORTS, "committee", args=["published_round", "edition_number", "edition_kind"]
    ),
    "reports:report_xlsx": Address(P.SEE_BODY_MATERIAL, "committee", args=["round"]),
    "reports:report_csv": Address(P.SEE_BODY_MATERIAL, "committee", args=["round"]),
    "reports:report_docx": Address(P.SEE_BODY_MATERIAL, "committee", args=["round"]),
    "reports:report_chart": Address(P.SEE_BODY_MATERIAL, "committee", args=["round", "chart"]),
    "reports:report_chart_png": Address(P.SEE_BODY_MATERIAL, "committee", args=["round", "chart"]),
    "reports:report_number": Address(P.SEE_BODY_MATERIAL, "committee", args=["round", "series", "printed_period"]),
}
# Pages whose guard lets everybody in the authority through; the object decides.
GUARD = dict.fromkeys(
    (
        "reports:report_detail", "reports:report_pdf", "reports:report_xlsx", "reports:report_csv",
        "reports:report_docx", "reports:report_chart", "reports:report_chart_png", "reports:report_number",
        "reports:report_make", "reports:report_reading",
        "followup:meeting_detail", "followup:agenda_item_detail",
    ),
    P.SEE_AUTHORITY,
)  # fmt: skip


def names() -> dict[str, Any]:
    """Every route's name and view."""
    found: dict[str, Any] = {}

    def walk(resolver: Any, prefix: str = "") -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                found[f"{prefix}{one.name}"] = one.callback
            else:
                walk(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)

    walk(get_resolver())
    return found


def test_every_address_is_classified_and_guarded():
    routes = names()
    assert set(routes) == PUBLIC | set(OPEN) | set(API) | set(ADDRESSES)
    for name, view in routes.items():
        assert getattr(view, "knows_nobody", False) == (name in {*OPEN, *API}), name
        expected = "public" if name in {*PUBLIC, *OPEN, *API} else GUARD.get(name, ADDRESSES[name].permission)
        assert getattr(view, "access", None) == expected, name


def effect_chain(goal: Goal) -> tuple[ChainStep, Assumption]:
    """A step and its arrow to another."""
    step, further = (ChainStep.objects.create(goal=goal, kind=kind, text=kind) for kind in ("activity", "long"))
    return step, Assumption.objects.create(from_step=step, to_step=further)


@pytest.fixture
def place(town):
    """The town with one of everything an address can point at."""
    school = town.school
    town.strategy = factories.strategy(town.council)
    town.goal = factories.goal(school)
    town.draft = factories.goal(school, state=GoalState.DRAFT)
    team = factories.unit(school, UnitKind.TEAM)  # so that both sides of a translation are the school's
    town.translation = Translation.objects.create(
        goal=town.goal, unit=team, due_date=factories.TODAY, asked_by=town.manager, asked_at=factories.NOW
    )
    town.indicator = factories.indicator(town.authority)
    town.series = factories.series(town.indicator, school, town.goal)
    town.measurement = factories.measurement(town.series, "2026K1", 5)
    today = factories.date.today()
    town.round = factories.round_(
        town.committee,
        opens=today - timedelta(days=9),
        entry_deadline=today,
        approval_deadline=today + timedelta(days=9),
        meeting_date=today + timedelta(days=30),
    )
    open_round(town.round, by=town.consultant, now=factories.NOW)
    charted = factories.goal(town.committee)
    GoalSeries.objects.create(goal=charted, series=town.series)
    town.chart = SimpleNamespace(pk=f"graf-{charted.pk}-{town.series.pk}")
    town.printed_period = SimpleNamespace(pk="2026K1")
    town.agenda_item = factories.agenda_item(town.round)
    town.decision = factories.decision(town.committee, leads_to="action", responsible=town.director)
    town.decided_item = factories.agenda_item(town.round, position=2, decision=town.decision)
    town.chain_step, town.assumption = effect_chain(town.goal)
    town.closed_goal = factories.goal(school, state=GoalState.CLOSED)  # what cannot be removed is there for the next
    town.closed_step, town.closed_assumption = effect_chain(town.closed_goal)
    _pull_apart(town)
    town.workshop = Workshop.objects.create(
        unit=school, title="Værksted", token_hash="x", closes_on=today, made_by=town.manager
    )
    town.focus_area = town.workshop.focus_areas.create(text="Læsning")
    town.note = town.focus_area.notes.create(role="leder", text="Begynd i 1. klasse")
    town.question = factories.question(town.committee, town.manager, goal=town.goal)
    town.plan = factories.plan(town.committee)
    town.event = YearEvent.objects.create(authority=town.authority, body=town.committee, kind="meeting", day=today)
    town.body_link = BodyLink.objects.get(unit=town.directorate)
    town.membership = town.manager.memberships.get()
    town.upload = Upload.objects.create(
        authority=town.authority, by=town.manager, at=factories.NOW, filename="tal.csv", content=b"a;b\n2026K1;2\n"
    )
    town.mail = Mail.objects.create(
        authority=town.authority,
        to=town.manager,
        address=town.manager.email,
        key="one",
        message_id="<one@example.dk>",
        subject="Frist i dag",
        text="Hej",
        created_at=factories.NOW,
        next_try_at=factories.NOW,
    )
    town.action = factories.action(school, town.manager)
    _share_a_goal(town)
    _register_a_document(town)
    _hold_a_hearing(town)
    _put_up_a_board(town)
    _withdraw_a_report(town)
    _ask_citizens(town)
    _hear_citizens(town)
    town.job = Job.objects.create(
        round=town.round, report=str(town.round.pk), kind="pdf", by=town.consultant, made_at=factories.NOW
    )
    other = factories.municipality()
    town.stranger = other.consultant
    # The stranger's authority owns the goal too: that opens the goal's page for owners, and none of these.
    own = sharing.commitment(town.school, town.manager)
    make_cross_cutting(town.goal, own, by=town.director, now=factories.NOW)
    sharing.committed(town.goal, other.school, other.manager, other.director)
    town.ended = factories.user(Role.GOAL_CONSULTANT, town.council, last_day=factories.date.today() - timedelta(days=1))
    return town


def _pull_apart(town) -> None:
    """Two goals of the school's that pull different ways, and its leader's personal goal."""
    today = factories.date.today()
    town.divergence = Divergence.objects.create(
        goal=town.goal, other=factories.goal(town.school), text="Tid", registered_by=town.manager,
        registered_at=factories.NOW,
    )  # fmt: skip
    town.personal = PersonalGoal.objects.create(
        leader=town.manager, unit=town.school, title="Mere ude", due_date=today, created_at=factories.NOW
    )


def _ask_citizens(town) -> None:
    """A survey of the school's that is open, one with codes, which the manager may link, and a file with answers."""
    town.survey = asked.survey(town.school)
    asked.questionnaire(town.survey)
    town.question_code, town.last_code = SimpleNamespace(pk="maal"), SimpleNamespace(pk="mere")
    town.answer_file = Upload.objects.create(
        authority=town.authority,
        by=town.manager,
        at=factories.NOW,
        filename="svar.csv",
        content=b"Nr;1. Enig?\n7;Enig",
    )
    town.survey_with_codes = asked.survey(town.school, anonymity="pseudonymous", slug="koder")
    town.survey_with_codes.linkers.add(town.manager)
    asked.participant(town.survey_with_codes)
    town.participant = town.survey_with_codes.participants.get()


def _hear_citizens(town) -> None:
    """A closed survey of the school's with a comment, a quote and a pair, and one that is answered."""
    town.closed_survey = closed = making.survey(town.school, responsible=town.manager)
    making.responses(closed, 6)
    town.comment, town.pair = making.comment(closed, "Skrevet af en borger"), making.pair(closed)
    town.quote = Quote.objects.create(survey=closed, text="Med andre ord")
    town.answered_survey = making.survey(town.school, "finished")
    town.answered_pair = making.pair(town.answered_survey)


def _share_a_goal(town) -> None:
    """A goal of the school's own that others are bound to and invited to, and one elsewhere that it owns too."""
    town.shared_goal = factories.goal(town.school)
    town.shared_series = factories.series(factories.indicator(town.authority), town.school, town.shared_goal)
    town.owner = make_cross_cutting(
        town.shared_goal, sharing.commitment(town.school, town.manager), by=town.director, now=factories.NOW
    )
    sharing.committed(town.shared_goal, town.directorate, town.head, town.director)
    town.invited_owner = invite_owner(town.shared_goal, town.other_school, by=town.director, now=factories.NOW)
    town.target_proposal = propose_target(
        town.owner, town.shared_series, sharing.asked(), replaces=None, reason="Vi er foran", by=town.director,
        now=factories.NOW,
    )  # fmt: skip
    elsewhere = factories.municipality()
    town.shared_elsewhere = factories.goal(elsewhere.school)
    make_cross_cutting(
        town.shared_elsewhere, sharing.commitment(elsewhere.school, elsewhere.manager), by=elsewhere.director,
        now=factories.NOW,
    )  # fmt: skip
    sharing.committed(town.shared_elsewhere, town.school, town.manager, town.director)


def _register_a_document(town) -> None:
    """A service area, and a strategy of the committee's with its file and a promise."""
    town.service_area = ServiceArea.objects.create(authority=town.authority, code="1", name="Skole")
    town.document = SteeringDocument.objects.create(
        authority=town.authority, body=town.committee, title="Skolestrategi", decided_on=factories.TODAY,
        file=_empty_paper(), filename="strategi.pdf", file_kind="pdf",
    )  # fmt: skip
    town.promise = town.document.promises.create(page=1, text="Flere i skole")


def _empty_paper() -> bytes:
    """A PDF of one page."""
    paper, written = PdfDocument.new(), BytesIO()
    paper.new_page(100, 100)
    paper.save(written)
    return written.getvalue()


def _hold_a_hearing(town) -> None:
    """The school's hearing with a theme and a text, and its form for persons' own goals."""
    town.hearing = hearings.hearing(town.school, town.draft, today=factories.date.today())
    town.hearing_theme = hearings.theme(town.hearing)
    town.proposal = hearings.proposal(town.hearing)
    town.attainment_form = hearings.attainment_form(town.school)


def _put_up_a_board(town) -> None:
    """The school's board, with a meeting under way and an action it is about."""
    day = factories.date.today()
    board = Board.objects.create(
        authority=town.authority, unit=town.school, name="Tavle", rule="hver 14. dag", first_meeting=day
    )
    board.board_series.create(series=town.series, focus_area="Ro")
    board.meetings.create(day=day, state=MeetingState.OPEN)
    town.board_on_wall, town.meeting_day = board, SimpleNamespace(pk=day.isoformat())
    town.board_action = start_action(
        town.school, what="Ring hjem", owner=town.consultant, due_date=day, series=town.series, by=town.consultant,
        now=factories.NOW,
    )  # fmt: skip


def _withdraw_a_report(town) -> None:
    """An edition of an earlier report, which was taken back."""
    town.published_round = factories.round_(
        town.committee,
        "2025K4",
        opens=date(2026, 1, 5),
        entry_deadline=date(2026, 2, 2),
        approval_deadline=date(2026, 2, 9),
        meeting_date=date(2026, 3, 4),
        state="closed",
    )
    report = Report.objects.create(round=town.published_round)
    told = {"published_by": town.director, "published_at": factories.NOW}
    edition = Edition.objects.create(
        report=report, number=1, content="{}", withdrawn_by=town.director, withdrawn_at=factories.NOW,
        withdrawn_reason="Et forkert tal", **told
    )  # fmt: skip
    EditionFile.objects.create(edition=edition, kind="csv", data=b"a;b")
    town.edition_number, town.edition_kind = SimpleNamespace(pk=1), SimpleNamespace(pk="csv")


PEOPLE = (
    "politician", "manager", "other_manager", "head", "director", "consultant", "professional", "reader",
    "administrator", "stranger", "ended",
)  # fmt: skip


def expected(address: Address, guard: P, person: Any, place: Any, who: str) -> str:
    """`yes`, `403` or `404`, from the permission table alone."""
    today = factories.date.today()
    grants = person.all_grants
    if not has_anywhere(guard, grants, on=today):
        return "403"
    if address.own:
        codes = {address.own: "yes", address.shared_with: "yes", address.seen_by: "403"}
        return codes.get(who, "404")
    if address.whole:
        mine = {grant.authority_id: grant.unit_id for grant in grants if grant.holds_on(today)}
        council = Unit.objects.get(authority__in=mine, kind="council").path_ids()
        whole = [allows(address.permission, grants, authority_id=one, unit_path=council, on=today) for one in mine]
        return "yes" if any(whole) else "403"
    if not address.args:
        return "yes"
    unit = getattr(place, address.unit or address.args[0])

    def may(permission: P) -> bool:
        return allows(permission, grants, authority_id=place.authority.pk, unit_path=unit.path_ids(), on=today)

    if not may(address.visible or P.SEE_AUTHORITY):
        return "404"
    if not address.unit:
        return "yes"
    return "yes" if may(address.permission) else "403"


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_address_as_everybody(name, place, sign_in):
    address = ADDRESSES[name]
    url = reverse(name, args=[*(getattr(place, arg).pk for arg in address.args), *address.words])
    anonymous = Client().post(url) if address.post else Client().get(url)
    assert anonymous.status_code == 302
    assert anonymous.url.startswith(reverse(settings.LOGIN_URL))
    for who in PEOPLE:
        person = getattr(place, who)
        client = sign_in(person)
        answer = client.post(url) if address.post else client.get(url)
        wanted = expected(address, GUARD.get(name, address.permission), person, place, who)
        code = str(answer.status_code)
        got = code if code in ("403", "404") else "yes" if answer.status_code < 500 else code
        # What a person may not even write to is refused before the object is looked for.
        assert got == wanted, f"{name} as {who}: {code}, expected {wanted}"


@pytest.mark.parametrize("name", sorted(PUBLIC - BY_LINK))
def test_public_address_for_strangers(name, db):
    answer = Client().get(reverse(name))
    assert answer.status_code in (200, 302)


def publish_a_report(town):
    """A report that everybody may read; the round it is of."""
    round_ = factories.round_(town.committee, "2025K3", state="closed")
    told = {"published_by": town.director, "published_at": factories.NOW}
    report = Report.objects.create(round=round_)
    edition = Edition.objects.create(report=report, number=1, content="{}", sha256="0", **told)
    EditionFile.objects.create(edition=edition, kind="csv", data=b"a;b", sha256="1")
    return round_


@pytest.mark.parametrize("name", sorted(OPEN))
def test_open_address_with_and_without_the_portal(name, place):
    """The same for everybody; not found as long as the authority's portal is not open, nor under another's code."""
    Portal.objects.create(authority=place.authority, depth=PortalDepth.ALL)
    place.open_round = publish_a_report(place)
    args = [getattr(place, arg).pk for arg in OPEN[name]]
    url = reverse(name, args=[place.authority.code, *args])
    assert Client().get(url).status_code == 200
    signed_in = Client()
    signed_in.force_login(place.consultant)
    assert signed_in.get(url).status_code == 200
    other = reverse(name, args=[place.stranger.memberships.get().unit.authority.code, *args])
    assert Client().get(other).status_code == (404 if args else 200)
    Authority.objects.update(is_portal_open=False)
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize("name", sorted(API))
def test_api_with_and_without_the_portal(name, place):
    """The same for everybody; what is of a closed portal is not found."""
    Portal.objects.create(authority=place.authority, depth=PortalDepth.ALL)
    place.authority_code = SimpleNamespace(pk=place.authority.code)
    url = reverse(name, args=[getattr(place, arg).pk for arg in API[name]])
    wanted = 404 if name == "reports:api:unknown" else 200
    query = "" if API[name] else f"?authority={place.authority.code}"
    assert Client().get(url + query).status_code == wanted
    signed_in = Client()
    signed_in.force_login(place.consultant)
    assert signed_in.get(url + query).status_code == wanted
    Authority.objects.update(is_portal_open=False)
    still_there = ("index", "api-root", "openapi-json", "authority_list")
    assert Client().get(url + query).status_code == (200 if name.endswith(still_there) else 404)


def test_somebody_elses_series_with_a_missing_id(place, sign_in):
    client = sign_in(place.consultant)
    for path in ("/maal/999999/", "/serier/999999/", "/udvalg/999999/", "/enheder/999999/", "/indberetning/1/999999/"):
        assert client.get(path).status_code == 404


def test_a_body_is_not_any_unit(place, sign_in):
    assert sign_in(place.consultant).get(f"/udvalg/{place.school.pk}/").status_code == 404


def test_who_owns_a_goal_elsewhere_sees_its_page_for_owners(place, sign_in):
    client = sign_in(place.stranger)
    assert client.get(reverse("followup:shared_goal", args=[place.goal.pk])).status_code == 200
    assert client.get(reverse("followup:goal_detail", args=[place.goal.pk])).status_code == 404


def test_post_without_csrf_token(place):
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.manager)
    answer = client.post(reverse("followup:entry_submit", args=[place.round.pk, place.school.pk]))
    assert answer.status_code == 403
    assert "Formularen" in answer.content.decode() or "siden" in answer.content.decode()


def test_forms_that_need_no_csrf_token():
    """Only those that read no cookie: nothing there can be done in another person's name."""
    exempt = {name for name, view in names().items() if getattr(view, "csrf_exempt", False)}
    of_citizens = (
        "citizens:answer",
        "citizens:kiosk",
        "citizens:own_goal",
        "citizens:public_hearing_write",
        "citizens:workshop_public",
    )
    reading_only = {name for name in exempt if name.startswith("reports:api:")}
    assert exempt - reading_only == {name for name in PUBLIC if name.startswith(of_citizens)}


def test_ended_role_sees_no_menu(place, sign_in):
    answer = sign_in(place.ended).get("/")
    assert answer.status_code == 200
    assert LONG_AGO < factories.TODAY
    assert "Indberetning</a>" not in answer.content.decode()
