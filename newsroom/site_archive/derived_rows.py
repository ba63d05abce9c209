"""What an archive leaves out because it can be computed: it is computed after an import."""

from io import StringIO

from django.core.management import call_command
from django.db.models import Max

from articles.models import Article, Category, MediaUse, Series
from articles.models.phrased import split_headlines
from comments.models import Comment, TreeNumber, WordRuleVersion
from newsroom.edition import renew_identity
from newsroom.load_data.bulk_rows import reset_sequences
from newsroom.ranking_renewal import renew_all_rankings
from newsroom.site_archive.archived_tables import EMPTIED, TABLES

BATCH = 200  # articles
USED = ("lead_image_id", "card_image_id", "body")


def derive_rows(stdout):
    """Compute what was left out, and repair the threads whose counts or places are wrong, which
    is said to ``stdout``."""
    highest = Comment._base_manager.aggregate(highest=Max("tree_id"))["highest"]
    if highest:
        TreeNumber.objects.create(pk=highest)  # the next tree gets a higher one
    reset_sequences([*(table.model for table in TABLES), *EMPTIED])
    for model in (Article, Series, Category):
        split_headlines(model)
    _renew_uses()
    WordRuleVersion.renew()
    call_command("verify_comments", repair=True, stdout=stdout)
    call_command("index_search", stdout=StringIO())
    renew_all_rankings()
    renew_identity()


def _renew_uses():
    """Note where the files of the library are used."""
    articles, last = Article._base_manager.order_by("pk").only("pk", *USED), 0
    while batch := list(articles.filter(pk__gt=last)[:BATCH]):
        MediaUse.objects.renew(batch)
        last = batch[-1].pk
