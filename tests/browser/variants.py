"""The tests that run without JavaScript in the quick suite too. The slow one runs all so."""

import pytest

BOTH_WAYS = pytest.mark.parametrize(
    "scripts", [True, False], indirect=True, ids=["scripts", "no scripts"]
)
