"""The application as the server runs it: granian, by its ASGI interface."""

from newsroom.buffering import BufferedApplication
from newsroom.wsgi import application as wsgi_application

application = BufferedApplication(wsgi_application)
