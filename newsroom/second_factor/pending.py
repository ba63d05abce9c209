"""A login whose password was right, and which waits in the session for its second factor."""

from dataclasses import dataclass
from time import time

from django.contrib.auth import login
from django.utils.crypto import constant_time_compare

from newsroom.models import User

KEY = "pending_login"  # in the session
SECONDS = 900  # until the password is asked again


@dataclass
class PendingLogin:
    user: User
    backend: str
    address: str  # where the login leads

    def finish(self, request):
        """Sign the person in."""
        request.session.pop(KEY, None)
        login(request, self.user, backend=self.backend)


def begin_login(request, user, *, address):
    """Remember in a new session that a person knows the password."""
    request.session.flush()
    request.session[KEY] = {
        "user": user.pk,
        "backend": user.backend,
        "hash": user.get_session_auth_hash(),
        "address": address,
        "at": int(time()),
    }


def read_pending(request):
    """Return the login that waits, or None. It ends after SECONDS, with a change of the password,
    with the person's sessions and with the account."""
    stored = request.session.get(KEY)
    if not stored or time() - stored["at"] > SECONDS:
        return None
    user = User.objects.filter(pk=stored["user"], is_active=True).first()
    if not user or not constant_time_compare(stored["hash"], user.get_session_auth_hash()):
        return None
    return PendingLogin(user, stored["backend"], stored["address"])
