"""The pages of the second factor: at the login, and one's own."""

import json

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from newsroom.lockouts import CodeAttempt
from newsroom.models import User
from newsroom.rights import log_change
from newsroom.second_factor import passkeys
from newsroom.second_factor.access import for_owner
from newsroom.second_factor.devices import (
    APP,
    MODELS,
    PASSKEY,
    NewApp,
    count_recovery_codes,
    create_recovery_codes,
    has_passkey,
    is_enrolled,
    list_devices,
    normalize_code,
    remove_device,
    verify_code,
)
from newsroom.second_factor.forms import CodeForm, NameForm, NewAppForm
from newsroom.second_factor.pending import read_pending
from newsroom.second_factor.policy import requires_second_factor
from newsroom.views.login import refuse_login

# In the session.
NEW_KEY, NEW_CODES, NEXT = "new_app_key", "new_recovery_codes", "after_enrolment"
DONE = "second_factor_done"  # what the last act did, as a sentence
SURE = "sure"  # in a form whose page has asked


@never_cache
@sensitive_post_parameters()
def verify(request):
    """Ask for the second factor of a login whose password was right."""
    pending = read_pending(request)
    if not pending:
        return redirect_to_login(request.GET.get("next", "/admin/"))
    if not is_enrolled(pending.user):
        return redirect("second_factor:overview")
    form = CodeForm(request.POST if "code" in request.POST else None)
    error = ""
    if request.method == "POST":
        attempt = CodeAttempt(request, pending.user, is_passkey="credential" in request.POST)
        if wait := attempt.count():
            return refuse_login(request, wait)
        if _find_device(request, pending.user, form):
            attempt.succeed()
            pending.finish(request)
            return redirect(pending.address)
        error = _("That is not right, or has been used already. Please try again.")
    context = {"form": form, "error": error}
    if passkeys.are_possible() and has_passkey(pending.user):
        context["options"] = json.dumps(passkeys.begin_authentication(request, pending.user))
    return render(request, "newsroom/second_factor/verify.html", context)


def _find_device(request, user, form):
    """Return the device of a right code or passkey, or None."""
    if "credential" in request.POST:
        return passkeys.complete_authentication(request, user)
    return verify_code(user, form.cleaned_data["code"]) if form.is_valid() else None


@for_owner
def overview(request):
    """List what one has."""
    context = {
        "devices": list_devices(request.owner),
        "codes": count_recovery_codes(request.owner),
        "is_required": requires_second_factor(request.owner),
        "has_passkeys": passkeys.are_possible(),
        "done": request.session.pop(DONE, ""),
    }
    return render(request, "newsroom/second_factor/overview.html", context)


@for_owner
def add_app(request):
    app = NewApp(request.owner, request.session.get(NEW_KEY))
    request.session[NEW_KEY] = app.key
    form = NewAppForm(request.POST or None, initial={"name": _("Authenticator app")})
    if form.is_valid():
        code = normalize_code(form.cleaned_data["code"])
        if device := app.confirm(code, name=form.cleaned_data["name"]):
            del request.session[NEW_KEY]
            return _enrol(request, APP, device)
        form.add_error("code", _("The code is not right. Please check the clock of the device."))
    return render(
        request, "newsroom/second_factor/add_app.html", {"app": app, "form": form, "is_part": True}
    )


@for_owner
def add_passkey(request):
    if not passkeys.are_possible():
        raise Http404
    form, error = NameForm(request.POST or None, initial={"name": _("Passkey")}), ""
    if form.is_valid():
        with transaction.atomic():
            is_first = not is_enrolled(request.owner)
            if device := passkeys.complete_registration(request, request.owner):
                device.name = form.cleaned_data["name"]
                return _enrol(request, PASSKEY, device, is_first=is_first)
        error = _("The passkey could not be added. Please try again.")
    options = json.dumps(passkeys.begin_registration(request, request.owner))
    context = {"form": form, "error": error, "options": options, "is_part": True}
    return render(request, "newsroom/second_factor/add_passkey.html", context)


def _enrol(request, kind, device, *, is_first=None):
    """Save a device. The first one ends all other sessions and brings recovery codes."""
    owner = request.owner
    with transaction.atomic():
        is_first = not is_enrolled(owner) if is_first is None else is_first
        device.save()
        if is_first:
            owner.end_sessions()
            codes = create_recovery_codes(owner)
    if request.pending:
        request.pending.user = owner
        request.pending.finish(request)
        request.session[NEXT] = request.pending.address
    elif is_first:
        update_session_auth_hash(request, owner)
    log_change(f"user {owner.pk} gets a second factor ({kind})")
    if not is_first:
        return redirect("second_factor:overview")
    request.session[NEW_CODES] = codes
    return redirect("second_factor:codes")


@for_owner
def recovery_codes(request):
    """Show new recovery codes once; make them on a POST, after asking."""
    if not is_enrolled(request.owner):
        return redirect("second_factor:overview")
    if request.method == "POST":
        if SURE not in request.POST:
            context = {"is_part": True, "codes": count_recovery_codes(request.owner)}
            return render(request, "newsroom/second_factor/replace.html", context)
        request.session[NEW_CODES] = create_recovery_codes(request.owner)
        log_change(f"user {request.owner.pk} gets new recovery codes")
        return redirect("second_factor:codes")
    codes = request.session.pop(NEW_CODES, None)
    if not codes:
        return redirect("second_factor:overview")
    address = request.session.pop(NEXT, resolve_url("second_factor:overview"))
    context = {"codes": codes, "address": address}
    return render(request, "newsroom/second_factor/codes.html", context)


@require_POST
@for_owner
def change_device(request, kind, pk):
    """Rename or remove one of one's own devices."""
    if kind not in MODELS:
        raise Http404
    device = get_object_or_404(MODELS[kind], pk=pk, user=request.owner)
    if "remove" in request.POST:
        return _remove(request, kind, device)
    if (form := NameForm(request.POST)).is_valid():
        device.name = form.cleaned_data["name"]
        device.save(update_fields=["name"])
        request.session[DONE] = _("Renamed to “%s”.") % device.name
    return redirect("second_factor:overview")


@transaction.atomic
def _remove(request, kind, device):
    """Remove a device after asking, but not the last one of a person who must have one."""
    User.objects.select_for_update().get(pk=request.owner.pk)  # one removal after the other
    is_last = len(list_devices(request.owner)) == 1
    if is_last and requires_second_factor(request.owner):
        context = {"is_part": True}
        return render(request, "newsroom/second_factor/last.html", context, status=409)
    if SURE not in request.POST:
        context = {"is_part": True, "device": device, "kind": kind, "is_last": is_last}
        return render(request, "newsroom/second_factor/remove.html", context)
    remove_device(kind, device)
    done = _("Removed “%s” and your recovery codes.") if is_last else _("Removed “%s”.")
    if is_last:
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)
    request.session[DONE] = done % device.name
    return redirect("second_factor:overview")
