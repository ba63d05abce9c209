"""The application as the server runs it: granian, by its ASGI interface."""

from newsroom.buffering import BufferedApplication
from newsroom.database_limits import limit_waiting
from newsroom.wsgi import application as wsgi_application
from newsroom.wsgi import build_page_cache, handler

limit_waiting()

from newsroom.change_timer import start_change_timer  # noqa: E402  # wants the models
from newsroom.desk_mail import start_desk_mail  # noqa: E402
from newsroom.garbage_collection import start_collecting  # noqa: E402
from newsroom.import_jobs.job_starter import start_imports  # noqa: E402
from newsroom.page_cache.edition_watch import start_watching  # noqa: E402
from newsroom.page_cache.preloading import start_preloading  # noqa: E402  # wants the models
from newsroom.ranking_renewal import start_renewal  # noqa: E402
from newsroom.warming import warm_up  # noqa: E402

warm_up(handler)
start_collecting()
start_renewal()
start_change_timer()
start_desk_mail()
start_imports()
start_watching()
application = BufferedApplication(wsgi_application)
start_preloading(build_page_cache)
