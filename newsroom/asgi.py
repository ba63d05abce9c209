"""The application as the server runs it: granian, by its ASGI interface."""

from newsroom.buffering import BufferedApplication
from newsroom.database_limits import limit_waiting
from newsroom.template_loading import load_templates
from newsroom.wsgi import application as wsgi_application

load_templates()
limit_waiting()

from newsroom.ranking_renewal import start_renewal  # noqa: E402  # wants the models

start_renewal()
application = BufferedApplication(wsgi_application)
