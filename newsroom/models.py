"""Users and their mail, the edition counter, counted logins, and the records of imports."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Byline
from comments.models.feed_key import FeedSecret, FeedSecretQuerySet
from newsroom.import_jobs.import_job import ImportAct, ImportJob  # noqa: F401

NAMES = {"username", "display_name", "first_name", "last_name"}  # what a byline follows


class User(AbstractUser):
    """A member of the staff, who may be the author of articles."""

    display_name = models.CharField(
        _("display name"), max_length=150, blank=True, help_text=_("Shown as the byline.")
    )

    # Part of each session's hash: a new value ends all sessions.
    session_salt = models.CharField(max_length=32, default="", blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.display_name or self.get_full_name() or self.username

    def save(self, *args, update_fields=None, **kwargs):
        """Save the account, and let its byline follow its name."""
        super().save(*args, update_fields=update_fields, **kwargs)
        if update_fields is None or not NAMES.isdisjoint(update_fields):
            self.name_byline()

    def name_byline(self):
        """Give the byline the name of the account, in the search entries of its articles too."""
        if Byline.objects.follow(self):
            Article.objects.signed_by(self).index()

    def get_session_auth_hash(self):
        """Return what a session must hold. It changes with the password, ``end_sessions`` and
        SECOND_FACTOR_GROUPS, so that nobody stays signed in without what a new value asks for."""
        parts = [super().get_session_auth_hash(), self.session_salt, *settings.SECOND_FACTOR_GROUPS]
        return salted_hmac("newsroom.session", "\0".join(parts), algorithm="sha256").hexdigest()

    def end_sessions(self):
        """Sign the user out everywhere."""
        self.session_salt = get_random_string(32)
        self.save(update_fields=["session_salt"])


class Edition(models.Model):
    """One row: the counter of ``newsroom.edition``, and its number at the last change that every
    page shows."""

    number = models.PositiveBigIntegerField(default=0)
    chrome = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return str(self.number)


class LoginCountQuerySet(models.QuerySet):
    def purge(self, *, before):
        """Delete the counts whose time ended before a moment in Unix seconds."""
        self.filter(expires_at__lt=before).delete()

    def raise_all(self, ends):
        """Add 1 to each count of {key: its end in Unix seconds}; return {key: number}. It is one
        statement, so that no count of a concurrent login is lost."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        rows = sorted(ends.items())  # in one order: two logins do not block each other
        sql = (
            f"INSERT INTO {table} (key, number, expires_at)"
            f" VALUES {', '.join(['(%s, 1, %s)'] * len(rows))}"
            f" ON CONFLICT (key) DO UPDATE SET number = {table}.number + 1"
            " RETURNING key, number"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for row in rows for value in row])
            return dict(cursor.fetchall())

    @transaction.atomic
    def lower_all(self, keys):
        """Take 1 from each count, in the order of ``raise_all``. A statement for all of them would
        lock what another login has just added in the order of the table."""
        for key in sorted(keys):
            self.filter(key=key, number__gt=0).update(number=models.F("number") - 1)

    @transaction.atomic
    def delete_all(self, keys):
        """Delete each count, in the same order."""
        for key in sorted(keys):
            self.filter(key=key).delete()


class LoginCount(models.Model):
    """How many logins count against a limit (``newsroom.lockouts``). In the database, so that a
    lockout survives restarts."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveIntegerField()
    expires_at = models.BigIntegerField(db_index=True)

    objects = LoginCountQuerySet.as_manager()

    def __str__(self):
        return f"{self.number}"


class Announcement(models.Model):
    """Up to which moment others were told of articles, by channel (``newsroom.announcing``)."""

    channel = models.CharField(max_length=20, primary_key=True)
    upto = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.channel} {self.upto:%Y-%m-%d %H:%M}"


class WaitingWebmention(models.Model):
    """A page that claims to link to an article; a command looks whether it does."""

    source = models.URLField(max_length=2000)
    target = models.URLField(max_length=2000)  # of an article
    digest = models.CharField(max_length=64, unique=True)  # of both
    received_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["received_at", "pk"]

    def __str__(self):
        return self.source


class ImportedItem(models.Model):
    """Links an imported object to its source, for repeated imports.

    ``source`` is the base address of the other site, ``kind`` a kind of object there (post, term,
    comment …), ``old_id`` its id there, ``object_id`` the primary key here. ``checksum`` is a hash
    of the source, so that a second import changes only what changed there.
    """

    source = models.CharField(_("import source"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20)
    old_id = models.CharField(_("old ID"), max_length=200)
    object_id = models.BigIntegerField(_("object ID"))
    checksum = models.CharField(_("checksum"), max_length=64)

    class Meta:
        verbose_name = _("imported item")
        verbose_name_plural = _("imported items")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "old_id"], name="imported_item_unique"
            ),
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="imported_item_object")]

    def __str__(self):
        return f"{self.kind} {self.old_id}"


class DeskSubscription(FeedSecret):
    """What of the articles a member of the staff wants to hear of by mail, and the key of a feed
    of it."""

    permission = "articles.view_article"

    review = models.BooleanField(_("an article waits for review"), default=False)
    returned = models.BooleanField(_("an article of mine is returned"), default=False)
    assigned = models.BooleanField(_("an article is assigned to me"), default=False)
    scheduled = models.BooleanField(_("in the morning: what is scheduled today"), default=False)
    language = models.CharField(
        _("language of the mails"), max_length=5, choices=settings.LANGUAGES
    )
    since = models.DateTimeField(default=timezone.now, editable=False)  # mails tell what came later

    objects = FeedSecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("desk mail")
        verbose_name_plural = _("desk mail")
        default_permissions = ()
