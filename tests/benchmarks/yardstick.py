"""What the site is measured against, behind the same server.

``POST /rows/`` inserts one plain row into the same database by Django, with the site's handling
of connections and without any middleware. ``GET /bare/NAME`` answers with the bytes of a file from
memory, by WSGI alone. The server itself gives the same files out under ``/static/NAME``.
"""

import os

import django
from django.conf import settings

from newsroom.environment import parse_database
from tests.benchmarks.servers import files
from tests.settings import run

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="only-for-benchmarks",
        DATABASES={
            "default": parse_database(
                os.environ["DATABASE_URL"],
                base=run.folder(),
                pool_size=int(os.environ["DATABASE_POOL_SIZE"]),
            )
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from newsroom.buffering import BufferedApplication


class Row(models.Model):
    text = models.TextField()
    posted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "yardstick"
        db_table = "yardstick_row"

    def __str__(self):
        return self.text


def rows(request):
    row = Row.objects.create(text=request.POST["text"])
    return HttpResponse(status=303, headers={"Location": f"/rows/{row.pk}/", "Content-Length": "0"})


urlpatterns = [path("rows/", rows)]
through_django = get_wsgi_application()
contents = {}  # of the files, by name


def answer(environ, start_response):
    place, _slash, name = environ["PATH_INFO"].lstrip("/").partition("/")
    if place != "bare":
        return through_django(environ, start_response)
    if name not in contents:
        contents[name] = (files() / os.path.basename(name)).read_bytes()
    body = contents[name]
    headers = [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


application = BufferedApplication(answer)

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Row)
