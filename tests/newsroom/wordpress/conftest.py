import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """The tests of the import look at what it says; they read English."""
    with translation.override("en"):
        yield
