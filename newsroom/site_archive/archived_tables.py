"""What is archived: the files of ``data/`` in their order, and what is left out of each."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cabinet.models import Folder
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import (
    WebAuthnAttestation,
    WebAuthnCredential,
    WebAuthnUserHandle,
)
from taggit.models import Tag, TaggedItem

from articles.body.stored import clean_stored
from articles.models import (
    Article,
    ArticleChange,
    ArticleSource,
    Assignment,
    Byline,
    Category,
    Credit,
    FrontPage,
    FrontPin,
    MediaFile,
    MediaUse,
    MediaVersion,
    NetworkKey,
    Ranking,
    ReadCount,
    Redirect,
    RelatedArticle,
    Series,
    ShareLink,
    TagName,
    WorkingCopy,
)
from comments.models import (
    AnswerNotice,
    AwaitedNumber,
    Claim,
    Comment,
    Erasure,
    FeedKey,
    Measure,
    Mention,
    ModerationAction,
    ModerationItem,
    Objection,
    OldText,
    PushSubscription,
    ReaderFeed,
    Reference,
    Report,
    RuleChange,
    StaffNotice,
    Thread,
    TreeNumber,
    Vote,
    WordRule,
    WordRuleVersion,
)
from comments.rendering import is_rendered
from newsroom.import_jobs.import_job import ImportAct, ImportJob
from newsroom.models import (
    Announcement,
    DeskSubscription,
    Edition,
    ImportedItem,
    LoginCount,
    User,
    WaitingWebmention,
)
from newsroom.site_archive.pseudonyms import number_buckets, number_readers, number_slots


@dataclass(frozen=True)
class ArchivedTable:
    """A file of ``data/``.

    ``left_out`` are fields that are in no archive, and ``secret`` those that are in one with keys
    only: {name: the function that gives its value at the import, from the primary key; None for
    the default}. ``html`` are fields with HTML that pages show as it is: {name: the function that
    returns it without what is not allowed, or raises a ``ValueError``}. ``number`` replaces the
    hashes of a row where there are no keys (``newsroom.site_archive.pseudonyms``). ``is_secret``:
    the whole file is in one with keys only.
    """

    name: str
    model: type[models.Model]
    order: tuple = ("pk",)
    left_out: dict = field(default_factory=dict)
    secret: dict = field(default_factory=dict)
    html: dict = field(default_factory=dict)
    number: Callable | None = None
    is_secret: bool = False

    @property
    def path(self):
        return f"data/{self.name}.jsonl"

    def list_fields(self):
        return [each for each in self.model._meta.concrete_fields if each.name not in self.left_out]


def _by_default(*names):
    return dict.fromkeys(names)


def _check_comment(html):
    if not is_rendered(html):
        raise ValueError("holds tags that no comment has")
    return html


BODY = {"body": clean_stored}
TABLES = (
    ArchivedTable("groups", Group),
    ArchivedTable("group_permissions", Group.permissions.through),
    ArchivedTable(
        "users",
        User,
        left_out={"password": lambda key: make_password(None), "session_salt": None},
    ),
    ArchivedTable("user_groups", User.groups.through),
    ArchivedTable("user_permissions", User.user_permissions.through),
    ArchivedTable("desk_subscriptions", DeskSubscription, secret=_by_default("secret")),
    ArchivedTable("moderation_feeds", FeedKey, secret=_by_default("secret")),
    ArchivedTable("folders", Folder),
    ArchivedTable("media_files", MediaFile),
    ArchivedTable("media_versions", MediaVersion),
    ArchivedTable("categories", Category, left_out=_by_default("phrases")),
    ArchivedTable("series", Series, left_out=_by_default("phrases")),
    ArchivedTable("tags", Tag),
    ArchivedTable("tag_names", TagName),
    ArchivedTable("bylines", Byline),
    ArchivedTable("articles", Article, left_out=_by_default("phrases", "version"), html=BODY),
    ArchivedTable("article_categories", Article.other_categories.through),
    ArchivedTable("article_tags", TaggedItem),
    ArchivedTable("article_credits", Credit),
    ArchivedTable("article_sources", ArticleSource),
    ArchivedTable("related_articles", RelatedArticle),
    ArchivedTable("article_revisions", Article.history.model, html=BODY),
    ArchivedTable("article_changes", ArticleChange),
    ArchivedTable("assignments", Assignment),
    ArchivedTable("working_copies", WorkingCopy),
    ArchivedTable("share_links", ShareLink, is_secret=True),
    ArchivedTable("redirects", Redirect),
    ArchivedTable("front_pages", FrontPage),
    ArchivedTable("front_pins", FrontPin),
    ArchivedTable("read_counts", ReadCount, order=("article_id", "hour"), number=number_slots),
    ArchivedTable("word_rules", WordRule),
    ArchivedTable("threads", Thread),
    ArchivedTable(
        "comments",
        Comment,
        order=("thread_id", "number"),
        secret=_by_default("submission"),
        html={"html": _check_comment},
        number=number_readers,
    ),
    ArchivedTable("comment_old_texts", OldText),
    ArchivedTable("comment_references", Reference),
    ArchivedTable("awaited_numbers", AwaitedNumber),
    ArchivedTable(
        "votes",
        Vote,
        order=("comment_id", "pk"),
        secret={"voter": lambda key: f"forgotten {key}"},  # as ``comments.retention`` writes it
        number=number_buckets,
    ),
    ArchivedTable("mentions", Mention),
    ArchivedTable("moderation_actions", ModerationAction),
    ArchivedTable("moderation_items", ModerationItem),
    ArchivedTable(
        "measures", Measure, secret=_by_default("reader_hash", "network_hash", "network_key")
    ),
    ArchivedTable("word_rule_changes", RuleChange),
    ArchivedTable(
        "reports", Report, secret=_by_default("reporter", "network_hash", "wide_network_hash")
    ),
    ArchivedTable("objections", Objection),
    ArchivedTable("erasures", Erasure),
    ArchivedTable("staff_notices", StaffNotice),
    ArchivedTable("network_keys", NetworkKey, is_secret=True),
    ArchivedTable("answer_notices", AnswerNotice, is_secret=True),
    ArchivedTable("reader_feeds", ReaderFeed, is_secret=True),
    ArchivedTable("push_subscriptions", PushSubscription, is_secret=True),
    ArchivedTable("announcements", Announcement),
    ArchivedTable("waiting_webmentions", WaitingWebmention),
    ArchivedTable("imported_items", ImportedItem),
    ArchivedTable("admin_log", LogEntry),
)

# In no archive, and emptied by an import: what is computed again, and what belongs to a server.
EMPTIED = (
    *(Claim, ImportAct, ImportJob, LoginCount, MediaUse, Ranking, Session, StaticDevice),
    *(StaticToken, TOTPDevice, TreeNumber),
    *(WebAuthnAttestation, WebAuthnCredential, WebAuthnUserHandle),
)
# In no archive, and kept by an import: what ``migrate`` writes, and tokens that are renewed.
KEPT = (ContentType, Edition, Permission, WordRuleVersion)
