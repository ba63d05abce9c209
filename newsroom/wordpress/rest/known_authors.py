"""The accounts of authors that an earlier import of the site has made.

Readers of a site see of an author only the name in the address of the author's page, which
WordPress derives from the login, and no mail address.
"""

from collections import defaultdict

from django.contrib.auth import get_user_model

from newsroom.importing.mapping import DELETED, Mapping
from newsroom.wordpress.authors import convert_login
from newsroom.wordpress.wxr.records import Site


class KnownAuthors:
    """Finds the login and the account of an author by that name, else by the one that is shown."""

    def __init__(self, address):
        mapping = Mapping(Site(link=address).source, dry_run=True)
        self._known = mapping.load_existing("author", get_user_model())
        self._logins = {convert_login(login): login for login in self._known}
        pks = {pk: login for login, (pk, _checksum) in self._known.items() if pk}
        accounts = get_user_model().objects.filter(pk__in=pks).exclude(display_name="")
        self._shown = defaultdict(set)
        for pk, name in accounts.values_list("pk", "display_name"):
            self._shown[name].add(pks[pk])

    def find_login(self, name, shown):
        """Return the login behind the name in an address, or an empty string."""
        same = self._shown.get(shown, ())
        return self._logins.get(name) or (next(iter(same)) if len(same) == 1 else "")

    def find(self, login):
        """Return the account of a login, or None."""
        pk, _checksum = self._known.get(login, DELETED)
        return get_user_model().objects.filter(pk=pk).first() if pk else None
