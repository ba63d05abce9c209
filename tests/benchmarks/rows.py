"""The rows of the table: what is measured, and against what."""

from dataclasses import asdict, dataclass, field
from statistics import mean, quantiles

# A page of WordPress with 72 comments costs 0.44 of the loop.
PARTS, NOTHING, LONG_NOTHING, CRAWLED = 0.044, 0.22, 0.44, 0.044
KEPT, POST, VOTE = 0.5, 0.3, 0.4
# 7 and 3.5 ms where WordPress takes 79 for that page; Isso takes 7.6 and 3.6 there.
POST_COST, VOTE_COST = 0.039, 0.0194


@dataclass
class Pace:
    """What clients saw: right answers a second, percentiles in milliseconds."""

    per_second: float
    p50: float
    p99: float


@dataclass
class Row:
    """``cpu``: seconds of the server's processor for a request. ``paces``: by number of clients.
    ``ratio``: the pace, where that of the yardstick is 1; ``cpu_ratio``: what a request costs the
    yardstick, where this costs 1. ``most``: the target for the cost, as a share of the loop;
    ``least``: that for the ratio. ``note`` stands in place of a cost."""

    name: str
    cpu: float | None = None
    paces: dict = field(default_factory=dict)
    ratio: float | None = None
    cpu_ratio: float | None = None
    most: float | None = None
    least: float | None = None
    note: str = ""

    def write(self):
        return asdict(self)

    @classmethod
    def read(cls, values):
        paces = {int(clients): Pace(**pace) for clients, pace in values["paces"].items()}
        return cls(**values | {"paces": paces})

    def judge(self, loop):
        """Return {target: whether it is reached}."""
        verdicts = {}
        if self.most is not None:
            verdicts[f"≤ {self.most} of the loop"] = self.cpu <= self.most * loop
        if self.least is not None:
            verdicts[f"≥ {self.least}"] = self.ratio is not None and self.ratio >= self.least
        return verdicts


def write_row(name, taken, **target):
    """Return the row of requests that were sent one after the other: pairs of the seconds of the
    server's processor and of the clock."""
    milliseconds = [1_000 * seconds for _cost, seconds in taken]
    p50, p99 = (quantiles(milliseconds, n=100, method="inclusive")[n - 1] for n in (50, 99))
    pace = Pace(1_000 / mean(milliseconds), p50, p99)
    return Row(name, mean(cost for cost, _seconds in taken), {1: pace}, **target)


def write_table(runs):
    """Return the table in Markdown. ``runs``: {database: (seconds of the loop, rows)}."""
    names = " · ".join(runs)
    head = [
        "",
        "CPU, ms",
        "of the loop",
        "1 client",
        "8 clients",
        "of the yardstick",
        "in CPU",
        "target",
    ]
    lines = [f"| {' | '.join(head)} |", "| --- | --: | --: | --: | --: | --: | --: | --- |"]
    loops = [loop for loop, _rows in runs.values()]
    for same in zip(*(rows for _loop, rows in runs.values()), strict=True):
        pairs = list(zip(same, loops, strict=True))
        cells = [
            same[0].name,
            _join(row.note or _write_cost(row.cpu) for row in same),
            _join("" if row.cpu is None else f"{row.cpu / loop:.3f}" for row, loop in pairs),
            *(_join(_write_pace(row.paces.get(clients)) for row in same) for clients in (1, 8)),
            *(
                _join("" if each is None else f"{each:.2f}" for each in ratios)
                for ratios in zip(*((row.ratio, row.cpu_ratio) for row in same), strict=True)
            ),
            _write_target(pairs),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return f"{names}\n\n" + "\n".join(lines)


def _join(cells):
    cells = list(cells)
    return " · ".join(cells) if any(cells) else ""


def _write_cost(seconds):
    if seconds is None:
        return ""
    return f"{1_000 * seconds:.2f}" if seconds < 0.01 else f"{1_000 * seconds:.1f}"


def _write_pace(pace):
    return f"{pace.per_second:,.0f}/s ({pace.p50:.1f}, {pace.p99:.1f})" if pace else ""


def _write_target(pairs):
    verdicts = [row.judge(loop) for row, loop in pairs]
    return "; ".join(
        f"{target}: {_join_verdicts([of_run[target] for of_run in verdicts])}"
        for target in verdicts[0]
    )


def _join_verdicts(reached):
    words = ["reached" if each else "missed" for each in reached]
    return words[0] if len(set(words)) == 1 else " · ".join(words)
