"""What the statements of a page cost their database, and whether one reads a large table.

On PostgreSQL each is explained as it runs, with its own plan and with the generic plan that a
prepared statement may get. On SQLite the plan names the tables that are scanned, and the steps of
its virtual machine tell the work and whether a scan ended early.
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from psycopg.types.numeric import Int2, Int4, Int8

LARGE = 1_500  # rows: smaller tables may be read whole
ANALYZE = ", ANALYZE, TIMING OFF"
TYPES = {  # of parameters, as psycopg sends them
    int: "bigint",
    Int2: "smallint",
    Int4: "integer",
    Int8: "bigint",
    bool: "boolean",
    datetime: "timestamptz",
}
PLANNING = 2.5  # what PostgreSQL adds to the cost of a plan of its own, for each table and once
STEPS = 100  # of SQLite's machine between two calls of the handler
# Statements about the whole site, each kept in the cache: how it can be told, and for how long.
KEPT = {
    'SELECT COUNT(*) AS "__count" FROM "articles_article"': "the length of a list: a minute",
    'COUNT("articles_article"."id") AS "count"': "archived months, length of a list: a minute",
    'ORDER BY "newsroom_user"."id"': "who signs articles: an edition, ten minutes at most",
    'COUNT("articles_article"."id") AS "used"': "the most used tags: ten minutes",
    'MAX("articles_article"."published_at")': "the index of the sitemaps: ten minutes",
}
READS = ("SELECT", "WITH", "(SELECT")
# Of SQLite's plans. A scan by way of an index reads all of it, in its order. One of a full-text
# table is a search if it has a condition: a word (M), a row (=) or a pattern (L, G).
SCAN = re.compile(
    r"^SCAN (?P<name>\w+)(?: USING (?:COVERING )?INDEX (?P<index>\w+))?"
    r"(?! VIRTUAL TABLE INDEX \d+:\S*[M=LG])"
)


@dataclass
class Statement:
    """``rows``: how many a plan reads of a large table, those that a filter drops included;
    ``whole``: the large tables that it reads without an index."""

    sql: str
    params: tuple = ()
    rows: int = 0
    whole: set = field(default_factory=set)
    plan: str = ""


@contextmanager
def record_statements():
    """Yield a list that fills with (SQL, parameters) of what is read."""
    seen = []

    def note(execute, sql, params, many, context):
        if not many and sql.lstrip().startswith(READS):
            seen.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def list_large_tables():
    """Return {table: rows} of those that are large, as the database counted them last."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace AND reltuples >= %s",
                [LARGE],
            )
            return dict(cursor.fetchall())
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
        return {table: count for table, count in counts.items() if count >= LARGE}


def explain(sql, params, large):
    """Return a statement with what its plans say, the worse of each."""
    if connection.vendor == "postgresql":
        return _explain_on_postgresql(sql, params, large)
    return _explain_on_sqlite(sql, params, large)


def _explain_on_postgresql(sql, params, large):
    statement = Statement(sql, params)
    for plan in _run_plans(sql, params):
        rows, whole = {}, set()
        for node, loops in _walk(plan, 1):
            table = node.get("Relation Name")
            if table not in large:
                continue
            rows[table] = rows.get(table, 0) + _count_rows(node) * loops
            if node["Node Type"] in {"Seq Scan", "Parallel Seq Scan"} and loops:
                whole.add(table)
        most = max(rows.values(), default=0)
        if not statement.plan or most > statement.rows or whole - statement.whole:
            statement.plan = "\n".join(_describe(plan))
        statement.rows = round(max(statement.rows, most))
        statement.whole |= whole
    return statement


def _run_plans(sql, params):
    """Yield the plan of the statement with its parameters, and its generic plan if PostgreSQL would
    take that for a prepared statement: if it expects it to cost no more."""
    from psycopg import ClientCursor

    raw = ClientCursor(connection.connection)

    def run(options, statement, values):
        [[plan]] = raw.execute(f"EXPLAIN (FORMAT JSON{options}) {statement}", values).fetchone()
        return plan["Plan"]

    own = run(ANALYZE, sql, params)
    yield own
    if not params:
        return
    numbers = iter(range(1, len(params) + 1))
    generic = re.sub("%s", lambda match: f"${next(numbers)}", sql)
    marks = ", ".join(["%s"] * len(params))
    raw.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    types = ", ".join(TYPES.get(type(value), "unknown") for value in params)
    raw.execute(f"PREPARE explained ({types}) AS {generic}", [])
    allowance = PLANNING * (1 + sum("Relation Name" in node for node, _loops in _walk(own, 1)))
    if (
        run("", f"EXECUTE explained ({marks})", params)["Total Cost"]
        < own["Total Cost"] + allowance
    ):
        yield run(ANALYZE, f"EXECUTE explained ({marks})", params)
    raw.execute("DEALLOCATE explained")
    raw.execute("SET LOCAL plan_cache_mode = auto")


def _walk(node, loops):
    """Yield (node, how often it ran) of a plan."""
    loops = node.get("Actual Loops", loops)
    yield node, loops
    for child in node.get("Plans", ()):
        yield from _walk(child, loops)


def _describe(node, indent=""):
    """Yield a line for each node of a plan."""
    names = (node.get(name) for name in ("Node Type", "Relation Name", "Index Name"))
    rows = f"{_count_rows(node):.0f} rows read × {node.get('Actual Loops', 0)}"
    yield f"{indent}{' '.join(filter(None, names))}: {rows}"
    for child in node.get("Plans", ()):
        yield from _describe(child, f"{indent}  ")


def _count_rows(node):
    """Return the rows that a node read of its table each time."""
    dropped = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return node["Actual Rows"] + sum(node.get(name, 0) for name in dropped)


def _explain_on_sqlite(sql, params, large):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        lines = [row[-1] for row in cursor.fetchall()]
    names = {table: table for table in large} | {
        alias: table
        for table in large
        for alias in re.findall(rf'"{table}" (?:AS )?"?(\w+)"?', sql)
    }
    scans = [match for line in lines if (match := SCAN.match(line)) and match["name"] in names]
    whole = {names[scan["name"]] for scan in scans}
    if whole and ("LIMIT" in sql or all(_is_partial(scan["index"]) for scan in scans)):
        # It may have ended early, or read the few rows of a partial index: a row takes a step.
        steps = STEPS * measure_work(sql, params)
        whole = {table for table in whole if steps >= large[table]}
    return Statement(sql, params, whole=whole, plan="\n".join(lines))


def _is_partial(index):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [index])
        return any(" WHERE " in (sql or "") for [sql] in cursor.fetchall())


def measure_work(sql, params):
    """Return what a statement takes the database: pages that PostgreSQL looks at, hundreds of steps
    of SQLite's machine."""
    if connection.vendor == "postgresql":
        from psycopg import ClientCursor

        raw = ClientCursor(connection.connection)
        raw.execute(f"EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS, TIMING OFF) {sql}", params)
        [[plan]] = raw.fetchone()
        return plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    steps = []
    connection.connection.set_progress_handler(lambda: steps.append(1) and None, STEPS)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(steps)
