"""Authors become staff accounts that cannot sign in until an admin activates them."""

import re
from functools import partial

from django.contrib.auth import get_user_model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from newsroom.importing.mapping import DELETED, compute_checksum
from newsroom.importing.record_importer import RecordImporter
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.wxr.records import Author

UNFIT = re.compile(r"[^\w.@+-]+")
NOBODY = -1  # the id of an account that a dry run does not create


def convert_login(login):
    """Return the name in the address of an author, which WordPress derives from the login."""
    return slugify(login.replace(".", "-"), allow_unicode=True)


class AuthorImporter(RecordImporter):
    """Imports authors and finds the account of a login or an old user id."""

    kind = "author"
    model = get_user_model()
    editable = ("display_name", "first_name", "last_name", "email")

    def __init__(self, *args, taken, **options):
        super().__init__(*args, **options)
        self._taken = frozenset(taken)  # by the sites before, which a dry run does not create
        self._usernames = taken
        self._by_login = {}
        self._logins = {}  # by the user id on the old site
        self.caches = (self._by_login, self._logins)

    def import_author(self, author):
        login = author.login[:150]
        if not login or login in self._by_login:
            return
        fields = {
            "display_name": extract_text(author.display_name)[:150],
            "first_name": extract_text(author.first_name)[:150],
            "last_name": extract_text(author.last_name)[:150],
            "email": author.email if "@" in author.email and len(author.email) < 255 else "",
        }
        is_unknown = self._known.get(login, DELETED) == DELETED
        username = login
        if is_unknown and (login in self._taken or self._find_user(login)):
            self._report.remark(_("author already has an account"), subject=login)
        elif is_unknown:
            username = self._choose_username(login)
        self._usernames.add(username)
        save = partial(self._save, login, username, fields)
        pk = self._import_record(login, compute_checksum(fields), save, login)
        self._by_login[login] = pk
        if author.old_id:
            self._logins[author.old_id] = login

    def find_account(self, login):
        """Return the id of a login's account; create one if the export lists no such author."""
        login = login[:150]
        if login and login not in self._by_login:
            self.import_author(Author(login=login, display_name=login))
        return self._by_login.get(login)

    def find_by_name(self, name):
        """Return the id of the account of an author by the name in its address, or None."""
        names = {convert_login(login): pk for login, pk in self._by_login.items()}
        return self._by_login.get(name) or names.get(name)

    def find_staff(self, old_id):
        """Return the id of the account of an author, by the user id on the old site, or None."""
        login = self._logins.get(old_id) if old_id else None
        return login and (self._by_login[login] or NOBODY)

    def list_imported(self):
        """Yield (login, id on the old site or 0, id here) of each imported author."""
        old_ids = {login: old_id for old_id, login in self._logins.items()}
        for login, pk in self._by_login.items():
            yield login, old_ids.get(login, 0), pk

    def _find_user(self, login):
        """Return the account with the name of a login, unless another login here got that name."""
        users = self.model.objects.filter(username=login)
        return users.exclude(pk__in=filter(None, self._by_login.values())).first()

    def _choose_username(self, login):
        """Return a login as a valid username: WordPress's may hold spaces and other signs."""
        wanted = username = UNFIT.sub("-", login)
        number = 2
        users = self.model.objects
        while username in self._usernames or users.filter(username=username).exists():
            username = f"{wanted[:140]}-{number}"
            number += 1
        return username

    def _save(self, login, username, fields, pk):
        if pk:
            user = self.model.objects.filter(pk=pk, is_active=False).first()
            if user:
                for name, value in fields.items():
                    setattr(user, name, value)
                user.save(update_fields=list(fields))
            return pk
        user = self._find_user(login)
        if not user:
            user = self.model(username=username, is_active=False, **fields)
            user.set_unusable_password()
            user.save()
        return user.pk
