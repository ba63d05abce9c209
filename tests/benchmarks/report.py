"""The table of a run. Every figure of the site stands beside its yardstick of the same run."""

from statistics import quantiles

SLOWEST = 1_000  # milliseconds: the 99th percentile with 32 clients
HEAD = (
    *("trial", "load", "clients", "per s", "p50 ms", "p99 ms", "errors"),
    *("yardstick", "per s", "ratio", "CPU ratio", "CPU ms", "of the loop", "target", ""),
)


def rows_of(name, trial, outcome, loop):
    """Return the rows of a trial: one for every load and each of its yardsticks. ``loop``: the
    seconds of the fixed loop.

    ``ratio`` compares the requests a second, ``CPU ratio`` the processor time that the web server
    took for one: there a busy machine counts for little, and a PostgreSQL not at all.
    """
    rows = []
    for load in trial.loads:
        for yardstick in load.against:
            seen, other = outcome.seen[load.name], outcome.seen[yardstick]
            ratio = pace(seen) / pace(other)
            first = yardstick == load.against[0]
            rows.append(
                (
                    name,
                    load.name,
                    str(load.clients),
                    f"{pace(seen):.0f}",
                    f"{percentile(seen, 50):.1f}",
                    f"{percentile(seen, 99):.1f}",
                    str(seen["errors"] + seen["broken"]),
                    yardstick,
                    f"{pace(other):.0f}",
                    f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.5f}",
                    _cpu_ratio(seen, other),
                    *_write_cost(seen, loop),
                    _target(load) if first else "",
                    _verdict(load, seen, ratio) if first else "",
                )
            )
    return rows


def pace(seen):
    """Return the right answers per second."""
    return len(seen["latencies"]) / seen["seconds"] if seen["seconds"] else 0.0


def percentile(seen, percent):
    """Return the latency in milliseconds that so many percent of the right answers kept."""
    latencies = seen["latencies"]
    if len(latencies) < 2:
        return latencies[0] / 1_000 if latencies else 0.0
    return quantiles(latencies, n=100, method="inclusive")[percent - 1] / 1_000


def table(rows):
    """Return the rows as text, columns aligned."""
    rows = [HEAD, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = []
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _cpu_ratio(seen, other):
    counts = len(seen["latencies"]), len(other["latencies"])
    if not (seen["cpu"] and other["cpu"] and all(counts)):
        return ""
    return f"{(other['cpu'] / counts[1]) / (seen['cpu'] / counts[0]):.2f}"


def _write_cost(seen, loop):
    """Return what a request costs the web server: in milliseconds, and as a share of the loop."""
    if not (seen["cpu"] and seen["latencies"]):
        return "", ""
    cost = seen["cpu"] / len(seen["latencies"])
    return f"{1_000 * cost:.2f}", f"{cost / loop:.4f}"


def _target(load):
    if load.most:
        return f"≤ {load.most:.0f} ms"
    return f"≥ {load.target}" if load.target else ""


def _verdict(load, seen, ratio):
    missed = []
    if load.most and max(seen["latencies"]) > load.most * 1_000:
        missed.append("above")
    if load.target and ratio < load.target:
        missed.append("below")
    if load.clients >= 32 and percentile(seen, 99) >= SLOWEST:
        missed.append("slow")
    return ", ".join(missed) or ("reached" if load.target or load.most else "")
