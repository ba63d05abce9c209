"""The thread of the server that sends mails: no fault ends it."""

from unittest.mock import patch

import pytest

from newsroom.desk_mail import LONG_PAUSE, send_now


@pytest.mark.once
@patch("newsroom.desk_mail.connection")
@patch("newsroom.desk_mail.send_desk_mail", side_effect=ArithmeticError)
def test_a_fault_is_logged_and_tried_again_later(send, connection, caplog):
    assert send_now() == LONG_PAUSE
    assert "could not be sent" in caplog.text
