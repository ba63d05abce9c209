"""Imports that an admin starts on a page and a command carries out in the background.

import_job     the row of an import: its state, and what may follow
upload_store   files that were uploaded for an import, private and for a time
opened_folder  the folder of the machine that the operator has opened for imports
job_worker     carries out what waits, one at a time; ``manage.py run_imports``
job_starter    starts that command from the server where no timer is needed
"""
