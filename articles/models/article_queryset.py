"""Querysets of articles: every rule about many articles has its name here."""

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from articles import search
from articles.models.by_keys import filter_by_keys
from articles.models.byline import Byline, Credit
from articles.models.media_use import MediaUse
from articles.models.readiness import check_ready
from articles.workflow import ONCE_PUBLIC, OPEN, Status, Verb, may_change_any

STATES = {"status", "published_at", "expires_at"}  # the fields that make an article public

LONG_TEXTS = ("body", "lead")  # what no row of the staff's lists shows

LAST_LETTER = "\U0010ffff"
MOST_GUESSED = 100  # articles whose slug may begin as one that nobody has


class ArticleQuerySet(models.QuerySet):
    def published(self, at=None):
        """The articles that are public now, or at a given moment."""
        now = at or timezone.now()
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            status=Status.PUBLISHED,
            published_at__lte=now,
        )

    def in_review(self):
        """The articles that wait for an editor."""
        return self.filter(status=Status.REVIEW)

    def assigned_to(self, user):
        """The articles that a user is to finish: late ones first, then by day."""
        own = self.filter(status__in=OPEN, assignment__assignee=user).select_related("assignment")
        return own.order_by(F("assignment__due_on").asc(nulls_last=True), "pk")

    def returned_to(self, user):
        """The drafts of a user that an editor returned with a note."""
        return self.filter(author=user, status=Status.DRAFT).exclude(return_note="")

    def scheduled(self):
        """The articles whose publication is still to come."""
        return self.filter(status=Status.PUBLISHED, published_at__gt=timezone.now())

    def expired(self):
        """The articles that were public until they expired."""
        return self.filter(status=Status.PUBLISHED, expires_at__lte=timezone.now())

    def trashed(self):
        """The articles in the trash."""
        return self.filter(status=Status.TRASH)

    def untrashed(self):
        """The articles that are not in the trash."""
        return self.exclude(status=Status.TRASH)

    def gone(self):
        """The articles in the trash that readers once saw: their addresses answer 410."""
        once_public = self.trashed().filter(trashed_from__in=ONCE_PUBLIC)
        return once_public.filter(published_at__lte=F("trashed_at"))

    def count_states(self):
        """Return {state: number} with the states that editors see, and under an empty name the
        number of all outside the trash. Three statements, whose columns an index has."""
        rows = self.order_by()
        stored = rows.values_list("status").annotate(count=models.Count("pk"))
        counts = dict.fromkeys(Status.values, 0) | dict(stored)
        total = sum(counts.values()) - counts[Status.TRASH.value]
        public = counts.pop(Status.PUBLISHED.value)
        # With both kinds there is an index that begins at the moment.
        scheduled = rows.scheduled().filter(kind__in=self.model.Kind.values).count()
        expired = rows.expired().count()
        return {
            "": total,
            **counts,
            "scheduled": scheduled,
            "public": public - scheduled - expired,
            "expired": expired,
        }

    def featured(self, at=None):
        """The articles that lead the front page, now or at a given moment."""
        now = at or timezone.now()
        return self.filter(Q(featured_until=None) | Q(featured_until__gt=now), featured=True)

    def breaking(self, at=None):
        """The articles that are breaking news now, or at a given moment."""
        return self.filter(breaking_until__gt=at or timezone.now())

    def reachable(self, at=None):
        """The articles that have a page: the public ones and, with their note, the withdrawn."""
        return self.published(at) | self.filter(status=Status.WITHDRAWN)

    def listed(self, at=None):
        """The public articles without pages such as "about us": those that lists show."""
        return self.published(at).filter(kind=self.model.Kind.ARTICLE)

    def pages(self, at=None):
        """The public pages such as "about us", in the order of their publication."""
        return self.published(at).filter(kind=self.model.Kind.PAGE).order_by("published_at", "pk")

    def changeable_by(self, user):
        """The articles that a member of the staff may change."""
        if may_change_any(user):
            return self
        is_open = Q(status__in=OPEN) | Q(status=Status.TRASH, trashed_from__in=OPEN)
        return self.filter(is_open, author=user)

    def linkable_by(self, user):
        """The articles that a member of the staff may link to: own work and public articles."""
        return (self.changeable_by(user) | self.published()).untrashed()

    def in_category(self, category):
        """The articles of a category or of one below it."""
        branch = category.get_descendants(include_self=True).values("pk")
        others = self.model.other_categories.through.objects.filter(category_id__in=branch)
        return self.filter(Q(category__in=branch) | Q(pk__in=others.values("article_id")))

    def tagged(self, tag):
        """The articles with a tag. Not by a join: its column for keys of any model is an integer,
        and PostgreSQL compares that to a key of an article without an index."""
        through = self.model.tags.through
        model = ContentType.objects.get_for_model(self.model)
        links = through.objects.filter(tag=tag, content_type=model)
        return self.filter(Exists(links.filter(object_id=Cast(OuterRef("pk"), IntegerField()))))

    def with_last_change(self):
        """Annotate each article with ``changed_at``, the moment of its last revision."""
        revisions = self.model.history.model.objects.filter(id=OuterRef("pk")).order_by()
        last = revisions.values("id").annotate(last=models.Max("history_date")).values("last")
        return self.annotate(changed_at=Subquery(last))

    def raise_versions(self):
        """Let the pages of these articles be rendered again. ``save()`` does this by itself."""
        self.order_by().update(version=F("version") + 1)

    def illustrated_by(self, file):
        """The articles with a file of the library, by its primary key, in the body."""
        uses = MediaUse.objects.filter(file=file, place=MediaUse.Place.BODY)
        return self.filter(pk__in=uses.values("article"))

    def showing(self, file):
        """The articles that show a file, in the body or as lead image."""
        return self.filter(pk__in=MediaUse.objects.filter(file=file).values("article"))

    def corrected_since(self, moment):
        """The public articles with a correction or an addition since a moment, the newest first."""
        return self.published().filter(corrected_at__gte=moment).order_by("-corrected_at")

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def signed_by(self, user):
        """The articles that an account signs, for the text or the pictures: as one of their
        bylines, or as the author of one without bylines."""
        unsigned = ~Exists(_credits().filter(article=OuterRef("pk"), part=Credit.Part.TEXT))
        own = self.model.objects.order_by().filter(unsigned, author=user).values("pk")
        credited = _credits().filter(byline__user=user).values("article_id")
        # Not by an OR: for who signs seldom, SQLite would walk through all articles.
        return filter_by_keys(self, "pk", own.union(credited))

    def credited_to(self, byline):
        """The articles of a guest or an agency."""
        return filter_by_keys(self, "pk", _credits().filter(byline=byline).values("article_id"))

    def with_slug_prefix(self, slug):
        """Those of the first articles, in the order of their slugs, whose slug begins so."""
        first = self.model.objects.filter(slug__startswith=slug)
        if connection.vendor == "sqlite":  # which takes the index of slugs for a range only
            first = first.filter(slug__gte=slug, slug__lt=f"{slug}{LAST_LETTER}")
        # Apart: SQLite would take the index of public articles, which holds nearly all of them.
        keys = list(first.order_by("slug").values_list("pk", flat=True)[:MOST_GUESSED])
        return self.filter(pk__in=keys).order_by("slug")

    def in_series(self, series):
        """The articles of a series, in its order."""
        return self.filter(series=series).order_by("series_number", "pk")

    def series(self):
        """The series of at least one of these articles."""
        part = self.order_by().filter(series=OuterRef("pk"))
        return self.model._meta.get_field("series").related_model.objects.filter(Exists(part))

    def authors(self):
        """The users who sign at least one of these articles."""
        unsigned = ~Exists(_credits().filter(article=OuterRef("pk"), part=Credit.Part.TEXT))
        own = self.order_by().filter(unsigned, author=OuterRef("pk"))
        signed = self.order_by().filter(pk=OuterRef("article_id"))
        credited = _credits().filter(Exists(signed), byline__user=OuterRef("pk"))
        users = get_user_model().objects.select_related("byline")
        return users.filter(Exists(own) | Exists(credited))

    def guests(self):
        """The bylines without an account of at least one of these articles."""
        signed = self.order_by().filter(pk=OuterRef("article_id"))
        credited = _credits().filter(Exists(signed), byline=OuterRef("pk"))
        return Byline.objects.guests().filter(Exists(credited))

    def index(self):
        """Write the search entries of these articles."""
        search.write_entries(map(search.build_entry, self.order_by().for_index()))

    def update(self, **changes):
        """Update these articles; raises ``NotReady`` if one that is not ready becomes public."""
        if STATES.isdisjoint(changes):
            return super().update(**changes)
        with transaction.atomic():
            hidden = list(self.order_by().exclude(_is_public_or_scheduled()).values_list("pk"))
            count = super().update(**changes)
            keys = [key for (key,) in hidden]
            for article in self.model.objects.filter(_is_public_or_scheduled(), pk__in=keys):
                check_ready(article, None, Verb.SAVE)
        return count

    update.alters_data = True

    def bulk_create(self, articles, *args, **kwargs):
        """Create articles; raises ``NotReady`` if one of them is public but not ready."""
        articles = list(articles)
        for article in articles:
            article.check_ready()
            article.verb = Verb.SAVE
        with transaction.atomic():
            created = super().bulk_create(articles, *args, **kwargs)
            MediaUse.objects.renew(created)
        return created

    def delete(self):
        """Delete these articles and their search entries."""
        with transaction.atomic():
            keys = list(self.order_by().values_list("pk", flat=True))
            deleted = super().delete()
            search.remove_entries(search.ARTICLE, keys)
        return deleted

    delete.alters_data = True
    delete.queryset_only = True

    def for_index(self):
        """Fetch what a search entry reads."""
        return self.select_related("author__byline", "series").prefetch_related("tags", "credits")

    def for_list(self):
        """Fetch what a row of a list shows; the bodies are deferred."""
        return self.select_related("category", "lead_image", "author").defer("body")

    def for_detail(self):
        related = "category", "lead_image", "card_image", "series", "author__byline"
        return self.select_related(*related).prefetch_related("sources", "tags", "credits")


def _credits():
    return Credit.objects.order_by().select_related(None)


def _is_public_or_scheduled():
    is_running = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return Q(status=Status.PUBLISHED) & is_running
