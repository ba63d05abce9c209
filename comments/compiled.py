"""Statements that are written once and filled with values afterwards.

Django takes several times longer to write the SQL of a query than a database takes to answer it.
What runs at every post and vote is therefore compiled at its first use. The rules stay in
querysets: a decorated function gets a placeholder for each of its parameters and returns the
queryset. ::

    @rows
    def branch(tree, edge):
        return Comment.objects.filter(tree_id=tree, rght__gte=edge)

    branch(5, 12)  # a list of comments
"""

import inspect
from datetime import datetime
from functools import cache, update_wrapper
from operator import itemgetter
from uuid import UUID

from django.db import connection
from django.db.models import Expression
from django.db.models.query import (
    FlatValuesListIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql import InsertQuery, UpdateQuery


class Place(Expression):
    """Where the value of a parameter goes."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Statement:
    """SQL with places, written by ``compile`` at the first call."""

    def __init__(self, build):
        update_wrapper(self, build)
        self.build = build
        self._names = list(inspect.signature(build).parameters)
        self._compiled = None

    def _executed(self, arguments):
        if self._compiled is None:
            built = self.build(*(Place(name) for name in self._names))
            self._compiled = self.compile(built)
        sql, params, *rest = self._compiled
        values = dict(zip(self._names, arguments, strict=True))
        cursor = connection.cursor()
        cursor.execute(sql, _filled(params, values))
        return cursor, *rest


class rows(Statement):
    """Decorate a function that returns a queryset, of models or of ``values_list``. Called, it
    returns a list."""

    def __call__(self, *arguments):
        try:
            cursor, converters, made = self._executed(arguments)
        except OverflowError:  # a number that SQLite cannot hold, so no row has it
            return []
        with cursor:
            found = cursor.fetchall()
        return [made(_converted(row, converters)) for row in found]

    def first(self, *arguments):
        """Return the first row, or None; the queryset says in which order."""
        return next(iter(self(*arguments)), None)

    @staticmethod
    def compile(queryset):
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        converters = list(compiler.get_converters(columns).items())
        if issubclass(queryset._iterable_class, FlatValuesListIterable):
            return sql, params, converters, itemgetter(0)
        if issubclass(queryset._iterable_class, ValuesListIterable):
            return sql, params, converters, tuple
        return sql, params, converters, _instances(queryset.model, compiler)


def _instances(model, compiler):
    """Return the function that makes an instance of a row, with what ``select_related`` brings."""
    alias, info = connection.alias, compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, _sql, _alias in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, alias)

    def instance(row):
        made = model.from_db(alias, names, row[first:last])
        for populator in related:
            populator.populate(row, made)
        return made

    return instance


class update(Statement):
    """Decorate a function that returns a queryset and what its ``update`` sets, as a dictionary.
    Called, it returns how many rows matched."""

    def __call__(self, *arguments):
        [cursor] = self._executed(arguments)
        with cursor:
            return cursor.rowcount

    @staticmethod
    def compile(built):
        queryset, changes = built
        query = queryset.order_by().query.chain(UpdateQuery)
        query.add_update_values(changes)
        return query.get_compiler(connection=connection).as_sql()


def insert(row):
    """INSERT a new row of a model as it is, without signals, and set its primary key."""
    sql, params = _insertion(type(row), with_key=False)
    with connection.cursor() as cursor:
        cursor.execute(sql, _filled(params, row.__dict__))
        if connection.features.can_return_columns_from_insert:
            [row.pk] = cursor.fetchone()
        else:
            meta = row._meta
            row.pk = connection.ops.last_insert_id(cursor, meta.db_table, meta.pk.column)
    row._state.adding, row._state.db = False, connection.alias


def insert_many(rows):
    """INSERT new rows of a model, whose primary keys are set, in the same way."""
    if not rows:
        return
    sql, params = _insertion(type(rows[0]), with_key=True)
    with connection.cursor() as cursor:
        cursor.executemany(sql, [_filled(params, row.__dict__) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model, *, with_key):
    fields = [field for field in model._meta.concrete_fields if with_key or not field.primary_key]
    places = model(**{field.attname: Place(field.attname) for field in fields})
    query = InsertQuery(model)
    query.insert_values(fields, [places])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [] if with_key else model._meta.db_returning_fields
    [(sql, params)] = compiler.as_sql()
    return sql, params


def _filled(params, values):
    return [_adapted(values[param.name]) if type(param) is Place else param for param in params]


def _adapted(value):
    """Return a value in the form in which the database's driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _converted(row, converters):
    if not converters:
        return row
    row = list(row)
    for position, (functions, expression) in converters:
        for function in functions:
            row[position] = function(row[position], expression, connection)
    return row
