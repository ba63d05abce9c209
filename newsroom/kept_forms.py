"""Forms of the admin that arrive without a login, or with the token of an older one.

The login page carries their fields, signed, through the login and its second factor to a page that
sends them again, to the same address, by one press. A form from another site is never carried: one
press would carry it out. Passwords and files are not carried either.
"""

from dataclasses import asdict, dataclass

from django.core import signing
from django.core.exceptions import BadRequest, SuspiciousOperation

from articles.web.origin import comes_from_site

KEPT = "kept_form"  # in the session, and the field of the login page
AGAIN = "_again"  # a field of forms that are sent again
SALT = "newsroom.kept_forms"
LONGEST = 4_000_000  # characters
OLDEST = 43_200  # seconds
TOKEN = "csrfmiddlewaretoken"  # noqa: S105
ADMIN = "/admin/"
OWN_FORMS = ("/admin/login/", "/admin/logout/", "/admin/second-factor/")  # of the login itself


@dataclass
class KeptForm:
    path: str
    fields: list
    files: list

    def pack(self):
        """Return a signed text, which ``unpack`` reads."""
        return signing.dumps(asdict(self), salt=SALT, compress=True)


def unpack(text):
    """Return the form of a signed text, or None if it is not ours or too old."""
    try:
        return KeptForm(**signing.loads(text, salt=SALT, max_age=OLDEST))
    except signing.BadSignature:
        return None


def read_form(request):
    """Return the form that a page of the admin has sent, or None if it must not be kept."""
    is_form = request.method == "POST" and request.path.startswith(ADMIN)
    if not is_form or request.path.startswith(OWN_FORMS) or not comes_from_site(request):
        return None
    try:
        fields = [[name, value] for name, values in request.POST.lists() for value in values]
        files = [file.name for _name, files in request.FILES.lists() for file in files]
    except (BadRequest, SuspiciousOperation, OSError):
        return None
    is_secret = any("password" in name for name, _value in fields)
    if is_secret or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    fields = [field for field in fields if field[0] not in (TOKEN, AGAIN)]
    return KeptForm(request.get_full_path(), fields, files)


def asks_for_json(request):
    """Return whether a script asks, which shows no page."""
    return request.headers.get("Accept", "").startswith("application/json")
