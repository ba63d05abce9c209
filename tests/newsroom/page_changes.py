"""Changes by name, for the page of an article: to itself, to others, to all pages, to none.

Each is a function of the article ``ship``; ``prepare`` makes what must be there before it.
"""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article, ArticleSource, Byline, Category, Series
from comments.models import Measure, Mention, Thread
from comments.models.states import Mode, Reason, Verb
from newsroom.edition import raise_edition
from newsroom.models import User
from tests import factories, staff
from tests.comments.conftest import Browser
from tests.pictures import stored_once

SHIP = "/articles/ship/"


def change(article, **values):
    """Save some fields of a fresh copy of an article."""
    article = Article.objects.get(pk=article.pk)
    for name, value in values.items():
        setattr(article, name, value)
    article.save()


def of(slug):
    return Article.objects.get(slug=slug)


def save_beside(article):
    """Save a copy that was loaded before others saved: its version is old."""
    stale = Article.objects.get(pk=article.pk)
    change(article, lead="新しいリード")
    Client().get(SHIP)
    stale.title = "古い写しの題"
    stale.save()


def correct(file):
    file.caption, file.image_ppoi = "岸壁の船。", "0.25x0.25"
    file.save()


def illustrate(article):
    file = stored_once()
    change(article, body=f'<p>本文。</p><figure><img data-file="{file.pk}"></figure>')
    Client().get(SHIP)
    correct(file)


def sign(article):
    byline, _created = Byline.objects.get_or_create(slug="guest", defaults={"name": "港野"})
    article.credits.create(byline=byline)


def revert(article):
    """Take the sources back to what they were, as the admin does for an old revision."""
    article.save_whole(lambda: article.sources.all().delete())
    Client().get(SHIP)
    old = article.history.last().instance
    old.save_whole(
        lambda: ArticleSource.objects.bulk_create([ArticleSource(article=old, title="旧")])
    )


OWN = {
    "the title": lambda ship: change(ship, title="新しい題"),
    "the lead": lambda ship: change(ship, lead="新しいリード"),
    "the body": lambda ship: change(ship, body="<p>新しい本文。</p>"),
    "the author": lambda ship: change(ship, author=staff.editor("other")),
    "the category": lambda ship: change(ship, category=Category.objects.get(slug="sport")),
    "the picture": lambda ship: change(ship, lead_image=stored_once(image_alt_text="別")),
    "the dates": lambda ship: change(
        ship, published_at=timezone.now() - timedelta(days=3), updated_at=timezone.now()
    ),
    "one field": lambda ship: Article(pk=ship.pk, lead="単独").save(update_fields=["lead"]),
    "an old copy": save_beside,
    "a revision": revert,
    "a tag": lambda ship: ship.tags.add("船"),
    "a series": lambda ship: change(ship, series=Series.objects.create(title="甲", slug="a")),
    "a title for search results": lambda ship: change(ship, seo_title="札の題"),
    "a picture of the card": lambda ship: change(ship, card_image=stored_once(image_alt_text="札")),
    "a byline": lambda ship: sign(ship),
    "a byline taken": lambda ship: ship.credits.get().delete(),
    "a tag taken": lambda ship: ship.tags.remove("海"),
    "other tags": lambda ship: ship.tags.set(["船", "港"]),
    "a source": lambda ship: ship.sources.create(title="議事録"),
    "a source corrected": lambda ship: _save(ship.sources.get(), title="青書"),
    "a source deleted": lambda ship: ship.sources.get().delete(),
    "the picture's caption": lambda ship: correct(ship.lead_image),
    "a caption in the body": illustrate,
    "a mention": lambda ship: Mention.objects.create(article=ship, title="別の話"),
    "a mention held": lambda ship: ship.mentions.get().hold(by=staff.moderator()),
    "a thread that is closed at first": lambda ship: _save(ship.thread, first_open=False),
}
OF_THREAD = {
    "a comment": lambda ship: factories.comment(ship, text="新しい意見"),
    "a vote": lambda ship: Browser().vote(ship.thread.comments.get(), 1),
    "a comment removed": lambda ship: ship.thread.comments.get().remove(
        by=staff.moderator(), reason=Reason.SPAM
    ),
    "a closed thread": lambda ship: Measure.take(
        Verb.MODE, by=staff.moderator(), thread=ship.thread, value=Mode.CLOSED
    ),
}
OF_OTHERS = {
    "a new article": lambda ship: factories.article(title="号外", category=ship.category),
    "a draft published": lambda ship: of("draft").publish(),
    "an article withdrawn": lambda ship: of("voyage").withdraw(note="誤り。"),
    "an article deleted": lambda ship: of("other-1").delete(),
    "a new title": lambda ship: change(of("other-1"), title="新しい題"),
    "a new address": lambda ship: change(of("other-1"), slug="elsewhere"),
    "a new picture": lambda ship: change(of("other-1"), lead_image=stored_once()),
    "another category": lambda ship: change(
        of("other-1"), category=Category.objects.get(slug="sport")
    ),
    "another day": lambda ship: change(
        of("other-1"), published_at=timezone.now() - timedelta(days=400)
    ),
    "an article that expires": lambda ship: change(
        of("other-1"), expires_at=timezone.now() - timedelta(seconds=1)
    ),
    "a shared tag": lambda ship: of("other-1").tags.add("海"),
    "a chosen article": lambda ship: ship.related_links.create(related=of("other-2"), position=9),
    "a part of its series": lambda ship: change(of("other-2"), series=Series.objects.get()),
    "a chosen article taken": lambda ship: ship.related_links.get().delete(),
    "a page such as 'about us'": lambda ship: factories.article(
        title="採用", kind=Article.Kind.PAGE
    ),
    "another name of a page": lambda ship: change(of("about"), title="会社案内"),
    "a page withdrawn": lambda ship: of("about").withdraw(note="誤り。"),
    "an article that becomes a page": lambda ship: change(of("other-1"), kind=Article.Kind.PAGE),
    "a picture in a list": lambda ship: correct(of("other-1").lead_image),
}
OF_ALL = {
    "a category's name": lambda ship: _save(Category.objects.get(slug="news"), name="社会"),
    "a category's place": lambda ship: _save(
        Category.objects.get(slug="sport"), parent=Category.objects.get(slug="news")
    ),
    "a new category": lambda ship: factories.category("経済"),
    "a tag's name": lambda ship: _save(Tag.objects.get(name="海"), name="大洋"),
    "a tag deleted": lambda ship: Tag.objects.get(name="海").delete(),
    "an author's name": lambda ship: _save(User.objects.get(pk=ship.author_id), display_name="灯"),
    "a guest's name": lambda ship: _save(Byline.objects.get(slug="guest"), name="灯"),
    "a series' title": lambda ship: _save(Series.objects.get(), title="乙"),
    "a mode of the site": lambda ship: Measure.take(
        Verb.MODE, by=staff.moderator(), value=Mode.CLOSED
    ),
    "the end of that mode": lambda ship: _end_mode(),
    "a change without a signal": lambda ship: (
        Category.objects.update(name="社会"),
        raise_edition(),
    ),
}
NOTHING = {
    "a draft": lambda ship: factories.article(status=Article.Status.DRAFT, published_at=None),
    "an upload": lambda ship: stored_once(),
    "a new user": lambda ship: staff.editor("novice"),
    "a login": lambda ship: Client().force_login(ship.author),
    "a guest of nothing": lambda ship: factories.guest(),
    "a tag of nothing": lambda ship: Tag.objects.create(name="無"),
    "a held comment": lambda ship: Browser().write(ship, "これは待つ意見です"),
    "a new thread": lambda ship: Thread.objects.of(of("other-1")),
}


def _end_mode():
    act = Measure.objects.get().action
    act.undo(by=act.moderator)


def _save(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def prepare(name):
    """What must be there before a change."""
    if name in {"a series' title", "a part of its series"}:
        change(of("ship"), series=Series.objects.create(title="甲", slug="a"))
    if name in {"a byline taken", "a guest's name"}:
        sign(of("ship"))
    if name == "the end of that mode":
        Measure.take(Verb.MODE, by=staff.moderator(), value=Mode.CLOSED)
    if name == "a held comment":
        Measure.take(Verb.MODE, by=staff.moderator(), value=Mode.HELD)
    if name == "a picture in a list":
        change(of("other-1"), lead_image=stored_once(image_alt_text="別"))
    if name == "a draft published":
        news = Category.objects.get(slug="news")
        factories.article(slug="draft", status="draft", published_at=None, category=news)
