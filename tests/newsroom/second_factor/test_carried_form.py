"""A form that met the end of a login is carried through the second factor."""

import pytest

from tests import factories
from tests.articles.admin_forms import address, form_of
from tests.newsroom.second_factor.signing_in import enrol, show_code, verify
from tests.newsroom.test_kept_forms import OURS, log_in, send_again

pytestmark = pytest.mark.django_db


def test_the_form_is_sent_again_after_the_code(client, editor, app, clock):
    article = factories.article(title="港の灯台")
    client.defaults["HTTP_ORIGIN"] = OURS["origin"]
    met = client.post(address(article), form_of(article, title="直した題"))
    assert log_in(client, met, editor).url == "/admin/second-factor/verify/"
    assert client.get("/admin/send-again/").status_code == 302
    assert verify(client, show_code(app, clock)).url == "/admin/send-again/"
    assert send_again(client, client.get("/admin/send-again/"))[1].status_code == 302
    article.refresh_from_db()
    assert article.title == "直した題"


@pytest.mark.once
def test_the_form_waits_while_a_factor_is_set_up(client, editor, clock, settings):
    settings.SECOND_FACTOR_GROUPS = ["Editor"]
    article = factories.article(title="港の灯台")
    client.defaults["HTTP_ORIGIN"] = OURS["origin"]
    met = client.post(address(article), form_of(article, title="直した題"))
    log_in(client, met, editor)
    enrol(client, clock)
    assert "/admin/send-again/" in client.get("/admin/second-factor/codes/").content.decode()
    send_again(client, client.get("/admin/send-again/"))
    article.refresh_from_db()
    assert article.title == "直した題"
