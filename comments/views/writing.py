"""Writing a comment: the form below the thread, the reply page, and both as fragments."""

from django.db.models import Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article
from articles.models.bare import bare_rows
from articles.web.origin import same_origin
from articles.web.paging import read_integer
from comments import form_tokens, held_links
from comments.forms import CommentForm
from comments.models import Comment, Thread
from comments.nodes import Node
from comments.posting import preview, submit
from comments.readers import identify_writer
from comments.refusals import BranchLocked, FormShown, ThreadClosed, TooDeep
from comments.rule_matcher import list_tokens, read_matcher
from comments.views.responses import (
    answer_refusals,
    mark_personal,
    refuse_from_elsewhere,
    render_fragment,
    render_page,
    see_other,
)


@same_origin(refuse_from_elsewhere)
@require_POST
@answer_refusals("comments/reply.html")
def post_comment(request, shown, article_id):
    """Write a comment under an article and redirect to it, or show the form again."""
    comment, writer = _post(request, shown, article_id)
    address = held_links.build_address(comment, held_links.sign_held(comment, writer))
    return _remember(writer, comment, see_other(address))


@same_origin(refuse_from_elsewhere)
@require_POST
@answer_refusals("comments/_form.html", render_fragment)
def post_inline(request, shown, article_id):
    """Write a comment; return it, or the form again, as a fragment for the page's script."""
    comment, writer = _post(request, shown, article_id)
    context = {
        "node": Node(comment, comment.parent, is_starter=comment.is_of_starter),
        "comment": comment,
        "article": shown["article"],
        "is_open": True,
        "signature": held_links.sign_held(comment, writer),
    }
    return _remember(writer, comment, render_fragment(request, "comments/_posted.html", context))


@require_safe
@answer_refusals()
def reply(request, shown, pk):
    """Show a comment with the reply form below it."""
    return render_page(request, "comments/reply.html", _prepare_reply(shown, pk))


@require_safe
@answer_refusals()
def reply_form(request, shown, pk):
    """Return the reply form of a comment, as a fragment."""
    return render_fragment(request, "comments/_form.html", _prepare_reply(shown, pk))


@require_safe
def token(request, article_id):
    """Return a form token as plain text: for the article, or for a reply to ``parent``."""
    article = _find_article(article_id)
    parent_id = read_integer(request.GET.get("parent", ""))
    return mark_personal(
        HttpResponse(form_tokens.make_token(article.pk, parent_id), content_type="text/plain")
    )


def _post(request, shown, article_id):
    """Post the comment that a form holds; return the comment and its writer."""
    article = _find_article(article_id)
    parent_id = read_integer(request.POST.get("parent", ""))
    shown.update(  # with a refusal; a post that succeeds needs nothing of it
        article=article,
        form=SimpleLazyObject(lambda: CommentForm(request.POST)),
        comment=SimpleLazyObject(lambda: _find_parent(parent_id, article)),
        token=SimpleLazyObject(lambda: _renew_token(request, article.pk, parent_id)),
    )
    fields = CommentForm.read(request.POST)
    if fields is None:
        raise FormShown(status=422)
    if "preview" in request.POST:
        shown["preview"] = preview(article, text=fields["text"], name=fields["name"])
        raise FormShown(status=200)
    writer = identify_writer(request)
    comment = submit(
        article,
        text=fields["text"],
        name=fields["name"],
        parent_id=fields["parent"],
        reader=writer,
        token=fields["token"],
        website=fields["website"],
        confirmed=fields["confirmed"],
        word_rules=read_matcher(lambda: [article.rules_token]),
    )
    return comment, writer


def _renew_token(request, article_id, parent_id):
    """Return the token of a form that is shown again; empty if its own still holds."""
    state = form_tokens.token_state(request.POST.get("token"), article_id, parent_id)
    if state not in {"absent", "expired", "forged"}:
        return ""
    return form_tokens.make_token(article_id, parent_id, is_ripe=True)


def _find_article(article_id):
    article = _articles.first(article_id, timezone.now())
    if article is None:
        raise Http404
    return article


@bare_rows
def _articles(pk, now):
    thread = [f"thread__{field.name}" for field in Thread._meta.concrete_fields]
    articles = Article.objects.order_by().published(now).select_related("thread")
    articles = articles.annotate(rules_token=Subquery(list_tokens()[:1]))
    return articles.only(
        "kind", "slug", "title", "phrases", "language", "published_at", *thread
    ).filter(pk=pk)


def _remember(writer, comment, answer):
    """Set the writer's cookie, unless a double click returned a comment of another reader key."""
    return writer.remember(answer) if comment.is_written_by(writer) else answer


def _refuse_reply(comment):
    """Return why a comment takes no reply."""
    if not comment.thread.accepts_comments:
        return ThreadClosed(comment.thread.regime.opens_at)
    return BranchLocked(comment.lock.until) if comment.lock else TooDeep()


def _prepare_reply(shown, pk):
    """Return the context of the reply form."""
    comment = get_object_or_404(_list_answerable(), pk=pk)
    article = comment.thread.article
    shown.update(comment=comment, article=article)
    if not comment.accepts_replies:
        raise _refuse_reply(comment)
    return shown | {
        "form": CommentForm(initial={"parent": comment.pk}),
        "token": form_tokens.make_token(article.pk, comment.pk),
    }


def _list_answerable():
    return Comment.objects.published().readable().for_detail()


def _find_parent(parent_id, article):
    """Return the comment that a form replies to; None without a valid one."""
    if parent_id is None:
        return None
    return _list_answerable().filter(pk=parent_id, thread__article=article).first()
