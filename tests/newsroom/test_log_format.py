"""The log holds no address, name or text of a reader."""

import json
import logging
import sys

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from newsroom.log_format import JsonFormatter, LineFormatter, describe
from newsroom.request_ids import RequestIds

FORMATTERS = [LineFormatter(), JsonFormatter()]
SECRET = "太郎 192.0.2.77"


def write(formatter, message="It failed: %s", *args, error=None):
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("newsroom", logging.ERROR, __file__, 1, message, args, exc_info)
    return formatter.format(record)


def catch(call, *args):
    try:
        call(*args)
    except Exception:
        return sys.exc_info()[1]
    raise AssertionError("nothing failed")


def break_constraint():
    Group.objects.create(name=SECRET)
    with transaction.atomic():
        Group.objects.create(name=SECRET)


def compare_with_number():
    with transaction.atomic(), connection.cursor() as cursor:
        number = "CAST(%s AS integer)" if connection.vendor == "postgresql" else "json(%s)"
        cursor.execute(f"SELECT {number}", [f"{SECRET}\nDETAIL: {SECRET}"])


@pytest.mark.django_db
@pytest.mark.parametrize("formatter", FORMATTERS)
@pytest.mark.parametrize("fail", [break_constraint, compare_with_number])
def test_a_database_error_is_logged_without_its_values(formatter, fail):
    error = catch(fail)
    assert isinstance(error, DatabaseError)
    text = write(formatter, "It failed: %s", error, error=error)
    assert "太郎" not in text and "192.0.2" not in text
    assert type(error).__qualname__ in text
    assert fail.__name__ in text  # the traceback
    if connection.vendor == "postgresql":
        assert "SQLSTATE 2" in text
        assert "DETAIL" not in text


def test_a_broken_constraint_has_its_name_in_the_log():
    error = psycopg.errors.UniqueViolation(
        f'duplicate key value violates "name"\nDETAIL:  Key (name)=({SECRET}) already exists.'
    )
    assert describe(error) == "UniqueViolation: duplicate key value violates …: SQLSTATE 23505"


@pytest.mark.parametrize(
    "error",
    [
        KeyError(SECRET),
        ValueError(f"could not convert string to float: {SECRET}"),
        ValueError(f"invalid literal for int() with base 10: {SECRET!r}"),
        UnicodeEncodeError("ascii", SECRET, 0, 1, f"it holds “{SECRET}"),
        DatabaseError(f'fts5: syntax error near "{SECRET}"'),
    ],
)
def test_no_error_repeats_a_value(error):
    assert "太郎" not in describe(error)
    assert describe(error).startswith(type(error).__name__)


def test_an_error_about_code_or_a_connection_is_logged_whole():
    assert describe(AttributeError("'str' object has no attribute 'x'")).endswith("attribute 'x'")
    refused = psycopg.OperationalError('connection to server at "db" failed: refused\nIs it there?')
    assert describe(refused) == ('OperationalError: connection to server at "db" failed: refused')


def test_causes_are_logged_first():
    def fail():
        try:
            int("x")
        except ValueError as error:
            raise LookupError("not there") from error

    text = write(LineFormatter(), "Oh", error=catch(fail))
    assert text.index("ValueError: invalid literal") < text.index("LookupError: not there")


def test_a_message_is_one_line():
    assert write(LineFormatter(), "Error: %s", "/a\nERROR forged").count("\n") == 0


@pytest.mark.parametrize("formatter", FORMATTERS)
@pytest.mark.parametrize(
    ("view", "logged"),
    [
        ("comments:notice_feed", "/moderation/feed/-"),
        ("comments:answer_feed", "/me/feed/-"),
        ("articles:shared", "/drafts/-"),
        ("desk_feed", "/admin/notices/feed/-"),
    ],
)
def test_the_secret_in_an_address_is_left_out(formatter, view, logged):
    text = write(formatter, "Service Unavailable: %s", reverse(view, args=["key"]))
    assert logged in text
    assert "key" not in text


def test_json_has_the_fields_that_programs_search():
    fields = json.loads(write(JsonFormatter(), "修理: %s", "船"))
    assert fields["message"] == "修理: 船"
    assert (fields["level"], fields["logger"]) == ("ERROR", "newsroom")
    assert fields["time"].endswith("+00:00")
    assert "error" not in fields and "request_id" not in fields


class TestRequestIds:
    def run(self, *, status="200 OK", **environ):
        """Return the headers of an answer, and what was logged while it was made."""
        started = []

        def application(environ, start_response):
            start_response(status, [("X-Own", "1")])
            return [write(JsonFormatter(), "Hello")]

        environ = {"REMOTE_ADDR": "192.0.2.1", **environ}
        [line] = RequestIds(application)(environ, lambda *start: started.append(start))
        return dict(started[0][1]), json.loads(line)

    def test_each_request_has_another(self):
        first, second = self.run()[1]["request_id"], self.run()[1]["request_id"]
        assert first != second and len(first) == len(second) == 16

    def test_an_error_page_names_it_and_a_page_for_all_does_not(self):
        headers, line = self.run(status="500 Internal Server Error")
        assert headers == {"X-Own": "1", "X-Request-ID": line["request_id"]}
        assert self.run()[0] == {"X-Own": "1"}

    def test_an_error_that_ends_the_request_carries_it(self):
        def fail(environ, start_response):
            raise LookupError

        error = catch(RequestIds(fail), {}, None)
        assert f"[request {error.request_id}]" in write(LineFormatter(), "Oh", error=error)

    def test_only_a_trusted_proxy_gives_it(self, settings):
        given = {"HTTP_X_REQUEST_ID": "4f1c99f2a0b1"}
        assert self.run(**given)[1]["request_id"] != "4f1c99f2a0b1"
        settings.TRUSTED_PROXIES = ["unix"]
        assert self.run(**given, REMOTE_ADDR="")[1]["request_id"] == "4f1c99f2a0b1"
        forged = {"HTTP_X_REQUEST_ID": "4f1c99f2\r\nSet-Cookie"}
        assert len(self.run(**forged, REMOTE_ADDR="")[1]["request_id"]) == 16
