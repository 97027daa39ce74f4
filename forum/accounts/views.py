"""Pages about accounts: joining, signing in and out, recovering, the profile."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts import actions, joining, queries
from forum.accounts.forms import (
    ConfirmForm,
    EmptyForm,
    ForgottenForm,
    JoinForm,
    PasswordForm,
    ProfileForm,
    ResetForm,
    SignInForm,
)
from forum.accounts.models import Account
from forum.accounts.sessions import begin, browser_name, end
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Invalid, TooMany
from forum.kernel.revisions import version_of
from forum.organisations import queries as organisations
from forum.web.access_level import Reach, member, reach
from forum.web.devices import known, remember
from forum.web.form_responses import show
from forum.web.forms import Form
from forum.web.own_address import moved
from forum.web.pending_forms import own_path, parked, typed, unpark, waiting

bp = Blueprint("accounts", __name__)
#: An address on this site that is longer is no page that somebody was on their way to.
LONGEST_WAY = 500


@bp.get("/join")
@reach(Reach.PUBLIC)
def join() -> Response:
    return _join_page(JoinForm())


@bp.post("/join")
@reach(Reach.PUBLIC)
def join_post() -> Response:
    form = JoinForm()
    if not form.validate():
        return _join_page(form)
    try:
        then = own_path(request.args.get("next"))
        joining.join(form.draft(then if len(then) <= LONGEST_WAY else "/"))
    except Invalid as problem:
        form.blame(problem)
        return _join_page(form)
    return redirect(url_for("accounts.check_mail"), 303)


def _join_page(form: JoinForm) -> Response:
    return show("accounts/join.html", form, organisation_names=organisations.names())


@bp.get("/join/check-your-mail")
@reach(Reach.PUBLIC)
def check_mail() -> str:
    return render_template("accounts/check_mail.html")


@bp.get("/confirm/<token>")
@reach(Reach.PUBLIC)
def confirm(token: str) -> Response:
    """A page with a form: mail scanners open links, and a GET changes nothing."""
    return _confirm_page(ConfirmForm(), joining.invited(token))


@bp.post("/confirm/<token>")
@reach(Reach.PUBLIC)
def confirm_post(token: str) -> Response:
    form, account = ConfirmForm(), joining.invited(token)
    if not form.validate():
        return _confirm_page(form, account)
    try:
        account, session_id = joining.confirm(token, form.password.data or "", browser_name())
    except Invalid as problem:
        if problem.field is None:
            raise
        form.blame(problem)
        return _confirm_page(form, account)
    response = _go_on(account, session_id)
    # After it: a fresh session begins empty, and the words would be gone with the old one.
    flash("Welcome. Your email address is confirmed, and you are signed in.", "success")
    return response


def _confirm_page(form: ConfirmForm, account: Account) -> Response:
    return show("accounts/confirm.html", form, account=account, person=queries.people([account.id])[account.id])


@bp.post("/account/confirm")
@reach(Reach.MEMBER)
def ask_again() -> Response:
    joining.ask_again(member())
    flash("We sent you another link. It works for 48 hours.", "success")
    return redirect(url_for("accounts.index"), 303)


@bp.get("/sign-in")
@reach(Reach.PUBLIC)
def sign_in() -> Response:
    if current_user.is_authenticated:
        return redirect(own_path(request.args.get("next")), 303)
    return _sign_in_page(SignInForm())


@bp.post("/sign-in")
@reach(Reach.PUBLIC)
def sign_in_post() -> Response:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form)
    try:
        address = request.remote_addr or ""
        email, password = form.email.data or "", form.password.data or ""
        account, session_id = actions.sign_in(email, password, address, browser_name(), known())
    except Invalid as problem:
        form.blame(problem)
        return _sign_in_page(form)
    except TooMany as wait:
        form.blame(Invalid(str(wait), "password"))
        return _sign_in_page(form, 429, {"Retry-After": str(wait.retry_after)})
    return _go_on(account, session_id)


def _go_on(account: Account, session_id: str) -> Response:
    """Sign this browser in and let it be known, and on to what waits here or to the page that was wanted."""
    changed_hands = known()[0] not in {0, account.id}
    begin(account, session_id)
    target = url_for("accounts.resume") if parked() is not None else own_path(request.args.get("next"))
    response = redirect(target, 303)
    if account.confirmed_at is not None:  # else it may be somebody who prepared the account of another
        remember(response, account.id)
    if changed_hands:  # pages of whoever was signed in here before are not to be gone back to
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _sign_in_page(form: SignInForm, status: int = 0, headers: dict[str, str] | None = None) -> Response:
    row, wanted = waiting(), own_path(request.args.get("next"))
    kept = "" if row is None else "text" if typed(row.fields) else "button"
    return show("accounts/sign_in.html", form, status=status, headers=headers, waiting=kept, wanted=wanted)


@bp.get("/resume")
@reach(Reach.MEMBER)
def resume() -> Response:
    """What was posted while signed out: shown again, one press from where it was going."""
    row = parked()
    if row is None:
        return redirect(url_for("home.index"), 303)
    return show("accounts/resume.html", EmptyForm(), row=row, texts=typed(row.fields))


@bp.post("/resume/forget")
@reach(Reach.MEMBER)
def resume_forget() -> Response:
    with transaction():
        unpark(request.form.get("parked", ""))
    return redirect(url_for("accounts.resume" if parked() else "home.index"), 303)


@bp.post("/sign-out")
@reach(Reach.PUBLIC)
def sign_out() -> Response:
    if current_user.is_authenticated:
        end(current_user.session_id)
    flash("You are signed out.", "success")
    response = redirect(url_for("home.index"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/forgotten-password")
@reach(Reach.PUBLIC)
def forgotten() -> Response:
    return show("accounts/forgotten.html", ForgottenForm())


@bp.post("/forgotten-password")
@reach(Reach.PUBLIC)
def forgotten_post() -> Response:
    form = ForgottenForm()
    if not form.validate():
        return show("accounts/forgotten.html", form)
    joining.forgotten(form.email.data or "", known())
    return redirect(url_for("accounts.forgotten_sent"), 303)


@bp.get("/forgotten-password/sent")
@reach(Reach.PUBLIC)
def forgotten_sent() -> str:
    return render_template("accounts/forgotten_sent.html")


@bp.get("/reset/<token>")
@reach(Reach.PUBLIC)
def reset(token: str) -> Response:
    return show("accounts/reset.html", ResetForm(), account=joining.forgetful(token))


@bp.post("/reset/<token>")
@reach(Reach.PUBLIC)
def reset_post(token: str) -> Response:
    """Set a new password. The browser counts as the owner's from now on, so that strangers' wrong passwords do not lock it out."""
    form, account = ResetForm(), joining.forgetful(token)
    if form.validate():
        try:
            joining.reset(token, form.password.data or "")
        except Invalid as problem:
            if problem.field is None:
                raise
            form.blame(problem)
        else:
            flash("Your password is changed. Sign in with the new one.", "success")
            response = redirect(url_for("accounts.sign_in"), 303)
            remember(response, account.id)
            return response
    return show("accounts/reset.html", form, account=account)


@bp.get("/account")
@reach(Reach.MEMBER)
def index() -> Response:
    who = member()
    sessions = queries.sessions(who)
    here = actions.digest(current_user.session_id)
    account = queries.account(who)
    return show("accounts/index.html", EmptyForm(), account=account, sessions=sessions, here=here)


@bp.get("/account/profile")
@reach(Reach.MEMBER)
def profile() -> Response:
    stored = asdict(actions.profile_of(queries.account(member())))
    return moved(version_of(stored)) or _profile_page(ProfileForm(data=stored))


@bp.post("/account/profile")
@reach(Reach.MEMBER)
def profile_post() -> Response:
    form, who = ProfileForm(), member()
    if not form.validate():
        return _profile_page(form)
    stored = version_of(asdict(actions.profile_of(queries.account(who))))
    try:
        with transaction():
            actions.edit_profile(who, form.draft(), form.began(who.id, stored))
            form.saved(who.id, version_of(asdict(actions.profile_of(queries.account(who)))))
    except EditConflict as conflict:
        form.take(conflict)
        return _profile_page(form, status=409, conflict=conflict)
    except Invalid as problem:
        form.blame(problem)
        return _profile_page(form)
    flash("Your profile is saved.", "success")
    return redirect(url_for("accounts.index"), 303)


def _profile_page(form: Form, status: int = 0, **context: Any) -> Response:
    return show("accounts/profile.html", form, status=status, organisation_names=organisations.names(), **context)


@bp.get("/account/password")
@reach(Reach.MEMBER)
def password() -> Response:
    return show("accounts/password.html", PasswordForm(), account=queries.account(member()))


@bp.post("/account/password")
@reach(Reach.MEMBER)
def password_post() -> Response:
    form = PasswordForm()
    if form.validate():
        try:
            current, new = form.current_password.data or "", form.password.data or ""
            actions.change_password(member(), current, new, current_user.session_id)
        except Invalid as problem:
            form.blame(problem)
        else:
            flash("Your password is changed. Other browsers were signed out.", "success")
            return redirect(url_for("accounts.index"), 303)
    return show("accounts/password.html", form, account=queries.account(member()))


@bp.post("/account/sessions/end")
@reach(Reach.MEMBER)
def end_sessions() -> Response:
    actions.end_sessions(member(), but=current_user.session_id)
    flash("All other browsers are signed out.", "success")
    return redirect(url_for("accounts.index"), 303)
