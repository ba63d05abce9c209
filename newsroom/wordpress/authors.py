"""Authors become members of the staff who cannot sign in until somebody lets them."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.imported import checksum
from newsroom.wordpress.markup.article_html import plain_text
from newsroom.wordpress.wxr.records import Author


class People:
    """Imports authors and answers which account stands for a login or an old user id."""

    def __init__(self, mapping, tally, *, dry_run):
        self._mapping = mapping
        self._tally = tally
        self._dry_run = dry_run
        self._known = mapping.all_here("author", get_user_model())
        self._by_login = {}
        self._by_old_id = {}

    @property
    def memory(self):
        """What fills up while items are imported."""
        return self._by_login, self._by_old_id

    def import_author(self, author):
        login = author.login[:150]
        if not login or login in self._by_login:
            return
        fields = {
            "display_name": plain_text(author.display_name)[:150],
            "first_name": plain_text(author.first_name)[:150],
            "last_name": plain_text(author.last_name)[:150],
            "email": author.email if "@" in author.email and len(author.email) < 255 else "",
        }
        check = checksum(fields)
        pk, known_check = self._known.get(login, (None, ""))
        if known_check == check:
            self._tally.count("author", "same")
        else:
            self._tally.count("author", "changed" if pk else "new")
            if not self._dry_run:
                pk = self._write(login, pk, fields, check)
        self._by_login[login] = pk
        if author.old_id:
            self._by_old_id[author.old_id] = pk

    def user_id(self, login):
        """Return the account for a login; a name that the export did not introduce gets one."""
        login = login[:150]
        if login and login not in self._by_login:
            self.import_author(Author(login=login, display_name=login))
        return self._by_login.get(login)

    def staff_id(self, old_id):
        """Return the account for a user id of the old site, if an author had it."""
        return self._by_old_id.get(old_id) if old_id else None

    def imported(self):
        """Yield (login, id on the old site or 0, id here) of all."""
        old_ids = {pk: old_id for old_id, pk in self._by_old_id.items()}
        for login, pk in self._by_login.items():
            yield login, old_ids.get(pk, 0), pk

    @transaction.atomic
    def _write(self, login, pk, fields, check):
        users = get_user_model().objects
        if pk:
            users.filter(pk=pk, is_active=False).update(**fields)
        else:
            existing = users.filter(username=login).first()
            if existing:
                self._tally.remark(_("author has an account here already"), subject=login)
                pk = existing.pk
            else:
                user = get_user_model()(username=login, is_active=False, **fields)
                user.set_unusable_password()
                user.save()
                pk = user.pk
        self._mapping.remember("author", (login, pk, check))
        return pk
