"""Addresses: see `citizens.urls`."""

from django.urls import URLPattern, URLResolver, path

from citizens.views import invitations, keying, methods, participants

ONE = "undersoegelser/<int:pk>"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{ONE}/metoder/", methods.methods, name="methods"),
    path(f"{ONE}/metoder/qr/", methods.qr_code, name="qr_code"),
    path(f"{ONE}/plakat/<slug:size>/", methods.poster, name="poster"),
    path(f"{ONE}/papir/", methods.paper_form, name="paper_form"),
    path(f"{ONE}/inviter/", invitations.invite_people, name="invite_people"),
    path(f"{ONE}/paamind/", invitations.invite_remind, name="invite_remind"),
    path(f"{ONE}/breve/", invitations.invite_letters, name="invite_letters"),
    path(f"{ONE}/noegle/", invitations.invite_linkers, name="invite_linkers"),
    path(f"{ONE}/tast/", keying.key_in_paper, name="key_in_paper"),
    path(f"{ONE}/tast/fortryd/", keying.key_in_undo, name="key_in_undo"),
    path(f"{ONE}/interview/", keying.interview, name="interview"),
    path(f"{ONE}/deltagere/", participants.participant_list, name="participant_list"),
    path(f"{ONE}/deltagere/<int:participant>/", participants.participant_detail, name="participant_detail"),
]
