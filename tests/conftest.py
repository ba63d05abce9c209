"""What every test starts from."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def empty_cache():
    """Primary keys begin anew with every test, so nothing cached may outlive one."""
    cache.clear()
