"""Limits on failed logins, counted before a password is hashed.

django-axes counts a failure after the hashing, so parallel guesses all pass, and it knows one
limit for all parameters. Here each login counts at once, against ``settings.LOGIN_RATES``:

- one name from one network: guessing ends after a few mistakes;
- all names from one network: trying many names ends too, also across the wide networks of IPv6,
  each of which is allowed twice as much as the next narrower one;
- one name from all networks: generous and short, and without effect on a network from which the
  name has signed in this week, so that nobody can lock a colleague out.

A refused login does not count. A login that succeeds is taken back. Codes of a second factor count
apart from passwords, against ``settings.CODE_RATES``. Networks and names are stored
as hashes under the network key of the week.
"""

import logging
from time import time

from django.conf import settings
from django.contrib.auth.forms import UsernameField

from articles.models import NetworkKey
from articles.web.networks import find_client_address, hash_text, name_networks
from newsroom.models import LoginCount, User

logger = logging.getLogger("newsroom.security")

LONGEST = 150  # characters of a name; longer ones are no user's and cost no normalization
KNOWN = 604_800  # seconds for which a network is known after a login


class Attempt:
    """What counts against limits, from the client of a request."""

    def __init__(self, request, rates):
        self._now, self._rates = int(time()), rates
        self._key = NetworkKey.derive("logins")
        self._networks = name_networks(find_client_address(request))
        self._limits, self._ends = {}, {}

    def count(self):
        """Count the attempt. Return the seconds to wait, 0 if it is allowed."""
        stored = LoginCount.objects.filter(key__in=self._limits)
        if wait := self._compute_wait(dict(stored.values_list("key", "number")), spare=1):
            return wait
        LoginCount.objects.purge(before=self._now)
        numbers = LoginCount.objects.raise_all({key: self._ends[key] for key in self._limits})
        if wait := self._compute_wait(numbers, spare=1):
            self._log_lockout(wait)
        return self._compute_wait(numbers)

    def succeed(self):
        """Take the attempt back."""
        LoginCount.objects.lower_all(self._limits)

    def _log_lockout(self, wait):
        user = self._find_user()
        whose = f"user {user.pk}" if user else "an unknown name"
        text = "Lockout: too many failed logins of %s or from one network; refused for %d seconds"
        logger.warning(text, whose, wait)

    def _limit(self, rule, *parts, factor=1):
        """Add the limits of a rule for what the parts name; return their keys."""
        keys = []
        for seconds, most in self._rates[rule].items():
            period = self._now // seconds
            keys.append(key := self._hash_parts(rule, seconds, period, *parts))
            self._limits[key] = most * factor
            self._ends[key] = (period + 1) * seconds
        return keys

    def _hash_parts(self, *parts):
        return hash_text(self._key, "\0".join(map(str, parts)))

    def _compute_wait(self, numbers, *, spare=0):
        """Return the seconds until no limit is exceeded by what is counted and ``spare`` more."""
        ends = [
            self._ends[key]
            for key, most in self._limits.items()
            if numbers.get(key, 0) + spare > most
        ]
        return max(ends, default=self._now) - self._now


class LoginAttempt(Attempt):
    """A login under a name."""

    def __init__(self, request, username):
        super().__init__(request, settings.LOGIN_RATES)
        self._name = UsernameField(max_length=LONGEST).to_python(username)
        name = self._name.casefold()
        self._known, self._own = self._hash_parts("known", name, self._networks[0]), []
        for tier, network in enumerate(self._networks):
            self._own += self._limit("name_and_network", name, network, factor=2**tier)
            self._limit("network", network, factor=2**tier)
        self._of_name = self._limit("name", name)

    def count(self):
        if LoginCount.objects.filter(key=self._known).exists():
            for key in self._of_name:
                self._limits.pop(key, None)
        return super().count()

    def succeed(self):
        """Take the attempt back, forget the mistakes before it and remember the network."""
        LoginCount.objects.delete_all(self._own)
        super().succeed()
        LoginCount.objects.raise_all({self._known: self._now + KNOWN})

    def _find_user(self):
        """Return whose login it is, for the log: a name that no user has may be a password."""
        return User.objects.filter(username=self._name.replace("\0", "")).first()


class CodeAttempt(Attempt):
    """A second factor of somebody whose password was right. No failure is forgiven before its
    time, so one more code in between does not make guessing cheaper. Nobody guesses a passkey, so
    whoever knows the password cannot keep its owner from using one."""

    def __init__(self, request, user, *, is_passkey):
        super().__init__(request, settings.CODE_RATES)
        self._user = user
        if not is_passkey:
            self._limit("code", user.pk)
        for tier, network in enumerate(self._networks):
            self._limit("code_network", network, factor=2**tier)

    def _find_user(self):
        return self._user
