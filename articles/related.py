"""The links from the page of an article to other articles, which are those of an edition."""

from collections import Counter, defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Func, IntegerField, OuterRef, Q, Subquery, TextField, Value
from django.utils import timezone
from django.utils.functional import cached_property

from articles.list_rows import read_listed
from articles.models import Article, RelatedArticle, compiled

RELATED = 4
MOST_CHOSEN = 8  # of them; two rows of four
# Articles that share tags, before unlisted ones are left out; they are looked for among so many of
# each tag, those written last, and by so many tags.
CANDIDATES, OF_TAG, TAGS = 60, 200, 20
NONE = 0  # the primary key of no row, and no tree


class Sortable(Func):
    """A moment as something to sort by: a page sorts fifty, and builds no object for any. On SQLite
    that is the text of it."""

    arity, template, output_field = 1, "%(expressions)s", TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


class RelatedLists:
    """The articles around one: related ones, and the parts of its series before and after it.

    Four queries load them at the first use: one for the place and the tags of the article, one for
    the articles that share tags, one for the primary keys of all lists, where an index serves each
    list, and one for the rows that no other page of this edition has loaded.
    """

    def __init__(self, pk, parts):
        self._pk, self._shared = pk, parts.shared

    @property
    def related(self):
        """Four articles: first those that an editor chose, in the editor's order, then those that
        share most tags, then the newest of the category. More, if the editor chose more."""
        return self._list("related")

    @property
    def earlier(self):
        """The part of its series before this one, or None."""
        return next(iter(self._list("earlier")), None)

    @property
    def later(self):
        """The part of its series after this one, or None."""
        return next(iter(self._list("later")), None)

    def _list(self, name):
        return [self._rows[pk] for pk in self._keys[name] if self._rows[pk]]

    @cached_property
    def _rows(self):
        """The rows of all lists by primary key, None for what is not public."""
        return read_shared(self._shared, {pk for keys in self._keys.values() for pk in keys})

    @cached_property
    def _keys(self):
        """The primary keys of each list, in order."""
        place, tags = _read_place(self._pk)
        ranks, shared = defaultdict(list), _count_shared_tags(self._pk, tags)
        for name, pk, position, at in self._load_keys(list(shared), *place):
            ranks[name].append((-shared[pk] if name == "tagged" else position, at, pk))
        sorted_keys = defaultdict(list)
        for name, entries in ranks.items():
            entries.sort(key=lambda entry: (-entry[0], entry[1], entry[2]), reverse=True)
            sorted_keys[name] = [pk for _rank, _at, pk in entries]
        listed = [*sorted_keys["chosen"], *sorted_keys["tagged"], *sorted_keys["category"]]
        most = max(RELATED, min(len(sorted_keys["chosen"]), MOST_CHOSEN))
        return {
            **{name: sorted_keys[name] for name in ("earlier", "later")},
            "related": list(dict.fromkeys(listed))[:most],
        }

    def _load_keys(self, tagged, category, series, number):
        """Return (list, primary key, position, publication) of the entries of all lists. One
        query."""
        place = tagged, category or NONE, series or NONE, number or NONE
        return list(_keys_beside(self._pk, *place, timezone.now()))


def read_shared(shared, keys):
    """Return {primary key: row, or None for what is not public}. One query for those that are not
    among what the pages of an edition share."""
    missing = [pk for pk in keys if ("row", pk) not in shared]
    rows = read_listed(missing)
    found = {pk: rows.get(pk) for pk in missing}
    known = {pk: shared["row", pk] for pk in keys if pk not in found}
    shared.update((("row", pk), row) for pk, row in found.items())
    return found | known


def _read_place(pk):
    """Return what places an article, and the primary keys of its tags. One query."""
    rows = _place(pk, TAGS)
    place = next((row for *row, is_tag in rows if not is_tag), [None] * 3)
    return place, [row[0] for row in rows if row[-1]]


def _count_shared_tags(pk, tags):
    """Return {primary key: number of shared tags} of the articles that share most tags with one,
    of equals those written last. One query, which reads an index."""
    counts = Counter(_newest_tagged.union([(tag, OF_TAG) for tag in tags]))
    counts.pop(pk, None)
    most = sorted(counts, key=lambda key: (counts[key], key), reverse=True)
    return {key: counts[key] for key in most[:CANDIDATES]}


@compiled.rows
def _newest_tagged(tag, limit):
    newest = _links().filter(tag_id=tag).order_by("-object_id")
    return newest.values_list("object_id", flat=True)[:limit]


def _links():
    """Return the links between tags and articles."""
    model = ContentType.objects.filter(app_label="articles", model="article").values("pk")[:1]
    return Article.tags.through.objects.filter(content_type_id=Subquery(model))


@compiled.rows
def _place(pk, limit):
    """What places an article, and after it a row for each of its first tags. The last column says
    which is which."""
    columns = "category_id", "series_id", "series_number", Value(0, IntegerField())
    places = Article.objects.order_by().filter(pk=pk).values_list(*columns)
    first = _links().filter(object_id=pk).order_by("pk").values("pk")[:limit]
    none = Value(NONE, IntegerField())
    columns = "tag_id", none, none, Value(1, IntegerField())
    tags = Article.tags.through.objects.order_by().filter(pk__in=first)
    return places.union(tags.values_list(*columns), all=True)


@compiled.rows
def _keys_beside(pk, tagged, category, series, number, now):
    """The entries of all lists."""
    return _unite(*_list_beside(pk, tagged, category, series, number, now))


def _unite(first, *others):
    return first.union(*others, all=True)


def _list_beside(pk, tagged, category, series, number, now):
    others = Article.objects.exclude(pk=pk).listed(now)
    parts = others.filter(series_id=series)
    lower, higher = Q(series_number__lt=number), Q(series_number__gt=number)
    before = parts.filter(lower | Q(series_number=number, pk__lt=pk))
    after = parts.filter(higher | Q(series_number=number, pk__gt=pk))
    yield _date("earlier", before.order_by("-series_number", "-pk"), 1)
    yield _date("later", after.order_by("series_number", "pk"), 1)
    yield _choose(pk, now)
    yield _list_those(tagged, now)
    yield _date("category", others.filter(category_id=category).newest_first(), 2 * RELATED)


def _date(name, articles, size):
    """Return the entries of a list that is sorted by date alone."""
    first = Article.objects.order_by().filter(pk__in=articles.values("pk")[:size])
    return first.values_list(Value(name), "pk", Value(0, IntegerField()), Sortable("published_at"))


def _choose(pk, now):
    """Return the entries of the public articles that an editor chose."""
    # An EXISTS for each: SQLite would take the index of all published articles for a join.
    public = Exists(Article.objects.published(now).filter(pk=OuterRef("related_id")))
    chosen = RelatedArticle.objects.order_by().filter(public, article_id=pk)
    at = Sortable("related__published_at")
    return chosen.values_list(Value("chosen"), "related_id", "position", at)


def _list_those(keys, now):
    """Return the entries of those of the articles that are listed."""
    listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("pk")))
    tagged = Article.objects.order_by().filter(listed, pk__in=compiled.each_of(keys))
    zero, at = Value(0, IntegerField()), Sortable("published_at")
    return tagged.values_list(Value("tagged"), "pk", zero, at)
