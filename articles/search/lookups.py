"""A lookup for hundreds of keys."""

from django.db.models import BigAutoField
from django.db.models.lookups import In


@BigAutoField.register_lookup
class Among(In):
    """``pk__among=keys`` is ``pk__in=keys``, but PostgreSQL gets the keys as one array.

    Compiling and parsing hundreds of placeholders takes longer than the query itself.
    """

    lookup_name = "among"

    def as_postgresql(self, compiler, connection):
        key, params = self.process_lhs(compiler, connection)
        return f"{key} = ANY(%s::bigint[])", [*params, list(self.rhs)]
