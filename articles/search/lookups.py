"""A lookup for many keys at once."""

from django.db.models import BigAutoField
from django.db.models.lookups import In


@BigAutoField.register_lookup
class Among(In):
    """``pk__among=keys`` is ``pk__in=keys``; PostgreSQL is given the keys as one array. Hundreds
    of places in a statement take longer to write and to read than the answer to find."""

    lookup_name = "among"

    def as_postgresql(self, compiler, connection):
        key, params = self.process_lhs(compiler, connection)
        return f"{key} = ANY(%s::bigint[])", [*params, list(self.rhs)]
