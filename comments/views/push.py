"""Where a reader's browser asks to be told of answers, and asks for that no more."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from articles.web.origin import same_origin
from comments.models import PushSubscription
from comments.rates import keep_rate
from comments.readers import identify_reader
from comments.views.own import list_own
from comments.views.responses import answer_refusals, mark_personal, refuse_from_elsewhere
from comments.web_push.delivery import check_endpoint
from comments.web_push.messages import SECRET, decode, load_public_key

LONGEST = 1_000  # characters of an address


@same_origin(refuse_from_elsewhere)
@require_POST
@answer_refusals()
def subscribe(request, shown):
    """Keep the subscription of a reader who has written. An address that no push service has is
    refused (400)."""
    reader = identify_reader(request)
    if not settings.PUSH_PRIVATE_KEY or not list_own(reader).exists():
        raise Http404
    keep_rate("edit", reader)
    endpoint, p256dh, auth = (request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    try:
        check_subscription(endpoint, p256dh, auth)
    except ValueError as error:
        return mark_personal(HttpResponse(str(error), status=400, content_type="text/plain"))
    PushSubscription.objects.add(reader, endpoint=endpoint, p256dh=p256dh, auth=auth)
    return mark_personal(HttpResponse(status=204))


@same_origin(refuse_from_elsewhere)
@require_POST
def unsubscribe(request):
    """Forget a subscription of this reader."""
    own = PushSubscription.objects.filter(reader_hash=identify_reader(request).hash)
    own.filter(endpoint=request.POST.get("endpoint", "")[:LONGEST]).delete()
    return mark_personal(HttpResponse(status=204))


def check_subscription(endpoint, p256dh, auth):
    """Raise ``ValueError`` for what no browser sends."""
    if len(endpoint) > LONGEST or len(p256dh) > 100 or len(auth) > 40:
        raise ValueError("too long")
    check_endpoint(endpoint)
    load_public_key(p256dh)
    if len(decode(auth)) != SECRET:
        raise ValueError("the secret has another length")
