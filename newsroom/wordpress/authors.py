"""Authors become staff accounts that cannot sign in until an admin activates them."""

from functools import partial

from django.contrib.auth import get_user_model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from newsroom.imported import compute_checksum
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.record_importer import RecordImporter
from newsroom.wordpress.wxr.records import Author


def convert_login(login):
    """Return the name in the address of an author, which WordPress derives from the login."""
    return slugify(login.replace(".", "-"), allow_unicode=True)


class AuthorImporter(RecordImporter):
    """Imports authors and finds the account of a login or an old user id."""

    kind = "author"
    model = get_user_model()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._by_login = {}
        self._by_old_id = {}
        self.caches = (self._by_login, self._by_old_id)

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
        save = partial(self._save, login, fields)
        pk = self._import_record(login, compute_checksum(fields), save)
        self._by_login[login] = pk
        if author.old_id:
            self._by_old_id[author.old_id] = pk

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
        return self._by_old_id.get(old_id) if old_id else None

    def list_imported(self):
        """Yield (login, id on the old site or 0, id here) of each imported author."""
        old_ids = {pk: old_id for old_id, pk in self._by_old_id.items()}
        for login, pk in self._by_login.items():
            yield login, old_ids.get(pk, 0), pk

    def _save(self, login, fields, pk):
        if pk:
            user = self.model.objects.filter(pk=pk, is_active=False).first()
            if user:
                for name, value in fields.items():
                    setattr(user, name, value)
                user.save(update_fields=list(fields))
            return pk
        user = self.model.objects.filter(username=login).first()
        if user:
            self._report.remark(_("author already has an account"), subject=login)
        else:
            user = self.model(username=login, is_active=False, **fields)
            user.set_unusable_password()
            user.save()
        return user.pk
