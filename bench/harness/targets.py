# SPDX-License-Identifier: Apache-2.0
"""What the driver has to reach, as a table, and whether a run reached it.

A target names a case, aurodbc's variants (the worst of them counts), a figure and a limit. `mark` names the native
variants of a ratio where they are not the ones of the case's own table.
"""
from dataclasses import dataclass

from harness import plan, report

MIB = 1024  # rss_growth_kb is in kB


@dataclass(frozen=True)
class Target:
    text: str
    case: str
    variants: tuple[str, ...]
    figure: str  # a function of this file: at_least_* or at_most_* decides what "worst" means
    limit: float
    mark: tuple[str, ...] = ()


def both(variant):
    return ("repeated_" + variant, "prepared_" + variant)


def forms(variant):
    return (variant, *both(variant))


POSTGRES = (
    Target("narrow, arrays, prepared or repeated", "fetch_narrow", both("bind_array1000"), "ratio", 0.90),
    Target("narrow, arrays, first SQLExecDirect", "fetch_narrow", ("bind_array1000",), "ratio", 0.75),
    Target("narrow, SQLBindCol row by row", "fetch_narrow", both("bind_row"), "ratio", 0.80),
    Target("narrow, SQLBindCol row by row, first SQLExecDirect", "fetch_narrow", ("bind_row",), "ratio", 0.80),
    Target("narrow, SQLGetData", "fetch_narrow", both("getdata"), "ratio", 0.55),
    Target("narrow, SQLGetData, first SQLExecDirect", "fetch_narrow", ("getdata",), "ratio", 0.55),
    Target("wide, char arrays", "fetch_wide", both("bind_array1000_char"), "ratio", 0.85),
    Target("wide, char arrays, first SQLExecDirect", "fetch_wide", ("bind_array1000_char",), "ratio", 0.85),
    Target("wide, wchar arrays", "fetch_wide", both("bind_array1000_wchar"), "ratio", 0.75),
    Target("wide, wchar arrays, first SQLExecDirect", "fetch_wide", ("bind_array1000_wchar",), "ratio", 0.75),
    Target("wide, typed arrays", "fetch_wide", both("bind_array1000_typed"), "ratio", 0.85),
    Target("wide, typed arrays, first SQLExecDirect", "fetch_wide", ("bind_array1000_typed",), "ratio", 0.85),
    Target("wide, SQLGetData char", "fetch_wide", both("getdata_char"), "ratio", 0.55),
    Target("wide, SQLGetData char, first SQLExecDirect", "fetch_wide", ("getdata_char",), "ratio", 0.55),
    Target("memory of all narrow fetches", "fetch_narrow", plan.NARROW, "rss", 8 * MIB),
    Target("memory of all wide fetches", "fetch_wide", plan.WIDE, "rss", 8 * MIB),
    Target("first row of a million, ms", "first_row", ("direct", "prepared"), "time", 3),
    Target("SELECT 1, client CPU", "exec1", ("same_stmt",), "cpu", 1.15),
    Target("prepare, bind, execute, free", "prep_each", ("new_stmt",), "ratio", 0.80),
    Target("insert loop in a transaction", "insert_loop", ("transaction",), "ratio", 0.85),
    Target("the same, statement-level rollback, to plain libpq", "insert_loop", ("statement_rollback",), "ratio", 0.75,
           ("transaction",)),
    Target("the same, to libpq's pipelined savepoints", "insert_loop", ("statement_rollback",), "ratio", 0.75),
    Target("insert arrays, to unnest", "insert_array", plan.ARRAYS, "ratio", 0.70, ("unnest1000",)),
    Target("insert arrays, to pipeline mode", "insert_array", plan.ARRAYS, "ratio", 0.90, ("pipeline1000",)),
    Target("update arrays in a transaction, to pipeline mode", "update_array", ("paramset1000_transaction",), "ratio", 0.85,
           ("pipeline1000",)),
    Target("update arrays in autocommit, to a pipeline that commits each row", "update_array", ("paramset1000",), "ratio", 0.85,
           ("pipeline1000_sync", "pipeline1000_chain")),
    Target("16 MB values, get, prepared or repeated", "lob_get", both("getdata64k"), "ratio", 0.80),
    Target("16 MB values, get, first SQLExecDirect", "lob_get", ("getdata64k",), "ratio", 0.80),
    Target("16 MB values, put", "lob_put", ("putdata64k",), "ratio", 0.80),
    Target("16 MB values, get, prepared or repeated: memory over libpq's", "lob_get", both("getdata64k"), "rss_over_mark", 8 * MIB),
    Target("the same, first SQLExecDirect", "lob_get", ("getdata64k",), "rss_over_mark", 8 * MIB),
    Target("16 MB values, put: memory over libpq's", "lob_put", ("putdata64k",), "rss_over_mark", 16 * MIB),
    Target("100,000,000 rows: memory", "stream_100m", ("bind_array1000",), "rss", 64 * MIB),
    Target("the same with a second statement midway", "stream_100m", ("second_statement_midway",), "rss", 64 * MIB),
)

# A text that was never seen goes as text: the server's own formatting limits it, so it is held against libmariadb's text too.
TEXT = ("text_store", "text_use")

MYSQL = (
    Target("narrow, arrays, prepared or repeated", "fetch_narrow", both("bind_array1000"), "ratio", 0.85),
    Target("narrow, arrays, first SQLExecDirect", "fetch_narrow", ("bind_array1000",), "ratio", 0.85),
    Target("the same, to libmariadb's text", "fetch_narrow", ("bind_array1000",), "ratio", 0.85, TEXT),
    Target("wide, char arrays, prepared or repeated", "fetch_wide", both("bind_array1000_char"), "ratio", 0.80),
    Target("wide, char arrays, first SQLExecDirect", "fetch_wide", ("bind_array1000_char",), "ratio", 0.80),
    Target("the same, to libmariadb's text", "fetch_wide", ("bind_array1000_char",), "ratio", 0.80, TEXT),
    Target("wide, wchar arrays, prepared or repeated", "fetch_wide", both("bind_array1000_wchar"), "ratio", 0.70),
    Target("wide, wchar arrays, first SQLExecDirect", "fetch_wide", ("bind_array1000_wchar",), "ratio", 0.70),
    Target("the same, to libmariadb's text", "fetch_wide", ("bind_array1000_wchar",), "ratio", 0.70, TEXT),
    Target("wide, SQLGetData char", "fetch_wide", forms("getdata_char"), "ratio", 0.50),
    Target("wide, SQLGetData wchar", "fetch_wide", forms("getdata_wchar"), "ratio", 0.45),
    Target("memory of all narrow fetches", "fetch_narrow", plan.NARROW, "rss", 8 * MIB),
    Target("memory of all wide fetches", "fetch_wide", plan.WIDE, "rss", 8 * MIB),
    Target("first row of a million, ms", "first_row", ("direct", "prepared"), "time", 3),
    Target("SELECT 1, client CPU", "exec1", ("same_stmt",), "cpu", 1.15),
    Target("prepare, bind, execute, free", "prep_each", ("new_stmt",), "ratio", 0.80),
    Target("insert arrays, to the bulk protocol", "insert_array", plan.ARRAYS, "ratio", 0.90, ("bulk1000",)),
    Target("16 MB values, get", "lob_get", ("getdata64k", "prepared_getdata64k"), "ratio", 0.80),
    Target("16 MB values, put", "lob_put", ("putdata64k",), "ratio", 0.80),
    Target("100,000,000 rows: memory", "stream_100m", ("bind_array1000",), "rss", 64 * MIB),
    Target("the same with a second statement midway", "stream_100m", ("second_statement_midway",), "rss", 64 * MIB),
)

TARGETS = {"postgres": POSTGRES, "mysql": MYSQL}


def ratio(samples, key, mark):
    return samples.ratio(key, mark)


def cpu(samples, key, mark):
    return samples.cpu_multiple(key, mark)


def rss(samples, key, _):
    return samples.rss(key)


def rss_over_mark(samples, key, mark):
    return samples.rss(key) - samples.rss(mark)


def time(samples, key, _):
    return samples.median(key)


# figure: how it is taken, whether more is better, how it is printed
FIGURES = {"ratio": (ratio, True, "{:.2f}".format), "cpu": (cpu, False, "{:.2f}".format),
           "rss": (rss, False, report.memory), "rss_over_mark": (rss_over_mark, False, report.memory),
           "time": (time, False, "{:.2f}".format)}


def judge(target, samples):
    """One line of the table: the worst of the target's variants and whether that is good enough."""
    take, more_is_better, show = FIGURES[target.figure]
    limit = ("at least " if more_is_better else "at most ") + show(target.limit)
    keys = [("aurodbc", variant) for variant in target.variants]
    if any(key not in samples.groups for key in keys):
        return (target.text, limit, "not measured", "-", "-", "no")
    native = target.mark or samples.engine.marks_of(samples.case, target.variants[0])
    mark = samples.best(samples.engine.native, native)
    figures = {key: take(samples, key, mark) for key in keys}
    if None in figures.values():
        return (target.text, limit, "not measured", "-", "-", "no")
    worst = (min if more_is_better else max)(figures, key=figures.get)
    figure = figures[worst]
    met = figure >= target.limit if more_is_better else figure <= target.limit
    peer = (samples.engine.peer, worst[1])
    peers = take(samples, peer, mark) if peer in samples.groups else None
    return (target.text, limit, show(figure), "-" if peers is None else show(peers), mark[1] if mark else "-", "yes" if met else "no")


HEADER = ("target", "limit", "aurodbc", "peer", "mark", "met")


def lines(engine, cases, samples):
    """The lines of all the engine's targets whose case was measured."""
    by_case = {case.name: report.Samples(engine, case, [s for s in samples if s["case"] == case.name]) for case in cases}
    return [judge(target, by_case[target.case]) for target in TARGETS[engine.name] if target.case in by_case]
