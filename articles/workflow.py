"""Who may do what with an article. Asked by the forms, the lists and every POST.

A writer sees and changes own articles as long as they are drafts or in review. Who may change any
article sees all of them. Only who may publish decides what readers see.
"""

from articles.models import Article

DRAFT, REVIEW, PUBLISHED, WITHDRAWN = Article.Status
OPEN = (DRAFT, REVIEW)  # before the first publication, or taken back for work
NEXT = {
    DRAFT: (DRAFT, REVIEW, PUBLISHED),
    REVIEW: (DRAFT, REVIEW, PUBLISHED),
    PUBLISHED: (PUBLISHED, DRAFT, WITHDRAWN),
    WITHDRAWN: (WITHDRAWN, DRAFT, PUBLISHED),
}


def may_publish(user):
    return user.has_perm("articles.publish_article")


def may_change_any(user):
    return user.has_perm("articles.change_any_article")


def articles_of(user):
    """Return the articles that a member of the staff works on."""
    if may_change_any(user):
        return Article.objects.all()
    return Article.objects.filter(author=user, status__in=OPEN)


def articles_to_choose(user):
    """Return the articles that a member of the staff may link to: these and what is public."""
    return articles_of(user) | Article.objects.published()


def works_on(user, article):
    """Whether an article is among ``articles_of`` this user."""
    return may_change_any(user) or (article.author_id == user.pk and article.status in OPEN)


def states_open_to(user, status):
    """Return the states into which a user may bring an article that is in ``status``."""
    if may_publish(user):
        return NEXT[status]
    return OPEN if status in OPEN else (Article.Status(status),)
