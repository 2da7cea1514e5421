# SPDX-License-Identifier: Apache-2.0
"""What is measured: the cases and the subjects, as tables.

A new case is a row here and a function with its row in one file of each subject.
"""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    name: str
    unit: str  # "ops/s", "rows/s", "MB/s": more is better; "ms", "ns": time of one operation, less is better
    ops: tuple[int, int, int]  # full, quick, smoke
    pinned: bool  # client and server on one core: such cases swing twofold otherwise
    odbc: tuple[str, ...]
    libpq: tuple[str, ...]
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)  # ODBC variant -> native ones it is held against, if not all
    peers: bool = True  # whether drivers other than aurodbc take part
    named_only: bool = False  # runs only when its name is given


@dataclass(frozen=True)
class Subject:
    name: str
    program: str  # file name of the measured program
    extra: str  # appended to the connection string
    tuned: bool = False  # only with --tuned: a peer with options its users set for speed


def thrice(*variants):
    """As a text never seen before, as a text seen twice, and prepared."""
    return tuple(form + variant for form in ("", "repeated_", "prepared_") for variant in variants)


NARROW = thrice("bind_row", "bind_array1000", "getdata")
WIDE = thrice("bind_row_char", "bind_row_wchar", "bind_array1000_char", "bind_array1000_wchar", "bind_array1000_typed",
              "getdata_char", "getdata_wchar")
ARRAYS = ("paramset1000", "paramset1000_transaction")
LOOP_MARKS = {"autocommit": ("autocommit",), "transaction": ("transaction",), "statement_rollback": ("savepoint_pipeline",)}

CASES = (
    #    name               unit      full, quick, smoke    pinned
    Case("connect",         "ops/s",  (200, 50, 2),         False, ("odbc",), ("libpq",)),
    Case("connect_select1", "ops/s",  (200, 50, 2),         False, ("odbc",), ("libpq",)),
    Case("exec1",           "ops/s",  (20000, 3000, 20),    True, ("same_stmt", "new_stmt"),
         ("simple", "extended_text", "extended_binary")),
    Case("prep1",           "ops/s",  (20000, 3000, 20),    True, ("bindcol",), ("prepared_text", "prepared_binary")),
    Case("prep_each",       "ops/s",  (8000, 1500, 20),     True, ("new_stmt",),
         ("exec_params_text", "exec_params_binary", "prepare_deallocate")),
    Case("fetch_narrow",    "rows/s", (1, 1, 1),            False, NARROW,
         ("text_whole", "binary_whole", "text_single", "binary_single", "prepared_binary_single")),
    Case("fetch_wide",      "rows/s", (1, 1, 1),            False, WIDE,
         ("text_whole", "binary_whole", "text_single", "binary_single", "prepared_text_single", "prepared_binary_single")),
    Case("first_row",       "ms",     (5, 3, 1),            False, ("direct", "prepared"), ("text_single", "binary_single")),
    Case("first_row_close", "ms",     (5, 3, 1),            False, ("direct",), ("drain", "cancel")),
    Case("insert_loop",     "rows/s", (10000, 2000, 20),    True, tuple(LOOP_MARKS),
         ("autocommit", "transaction", "savepoint_pipeline"), LOOP_MARKS),
    Case("insert_array",    "rows/s", (200, 40, 2),         False, ARRAYS, ("unnest1000", "multirow1000", "pipeline1000")),
    Case("update_array",    "rows/s", (50, 10, 2),          False, ARRAYS, ("unnest1000", "pipeline1000")),
    Case("catalog_tables",  "ops/s",  (100, 30, 2),         False, ("SQLTables",), ("query",)),
    Case("catalog_columns", "ops/s",  (30, 10, 2),          False, ("SQLColumns",), ("query",)),
    Case("catalog_columns_one", "ops/s", (1000, 200, 2),    False, ("SQLColumns",), ("query",)),
    Case("lob_get",         "MB/s",   (1, 1, 1),            False, ("getdata64k", "prepared_getdata64k"),
         ("binary_whole", "binary_single")),
    Case("lob_put",         "MB/s",   (10, 3, 2),           False, ("putdata64k", "bound"), ("param_binary", "prepared_binary")),
    Case("threads",         "ops/s",  (80000, 16000, 80),   False, ("8x_exec1",), ("8x_exec1",)),
    Case("cancel",          "ms",     (20, 5, 1),           False, ("SQLCancel",), ("PQcancel",)),
    Case("noop",            "ns",     (1000000, 200000, 100), True,
         ("get_stmt_attr", "set_stmt_attr", "bind_col", "alloc_free_stmt"), ()),
    Case("stream_100m",     "rows/s", (1, 1, 1),            False, ("bind_array1000", "second_statement_midway"), ("binary_single",),
         peers=False, named_only=True),
)

NATIVE = "libpq"
PEER = "psqlodbc"
SUBJECTS = (
    Subject("aurodbc", "odbc_subject", ""),
    Subject(PEER, "odbc_subject", ""),
    Subject("psqlodbc-fetch10000", "odbc_subject", "UseDeclareFetch=1;Fetch=10000;", tuned=True),
    Subject("psqlodbc-noserverprep", "odbc_subject", "UseServerSidePrepare=0;", tuned=True),
    Subject(NATIVE, "libpq_subject", ""),
    Subject("libpq-nogss", "libpq_subject", " gssencmode=disable", tuned=True),
)

# What a variant means in a driver's own options. psqlODBC rolls back statements by savepoints unless told not to.
OPTIONS = {
    ("aurodbc", "statement_rollback"): "rollback_on_error=statement;",
    (PEER, "transaction"): "Protocol=7.4-0;",
}

SCALES = ("full", "quick", "smoke")


def driver_of(subject):
    """The odbcinst.ini section of an ODBC subject: its name up to the first hyphen."""
    return subject.name.partition("-")[0]


def options_of(subject, variant):
    return subject.extra + OPTIONS.get((driver_of(subject), variant), "")


def takes_part(case, subject):
    return case.peers or driver_of(subject) in ("aurodbc", NATIVE)


def variants_of(case, subject):
    if not takes_part(case, subject):
        return ()
    return case.odbc if subject.program == "odbc_subject" else case.libpq


def marks_of(case, variant):
    """The native variants that an ODBC variant is held against; the fastest counts."""
    return case.marks.get(variant, case.libpq)


def values_seen(case, sample):
    """Samples with the same key must have the same checksum: characters and C types are summed up differently."""
    typed = case.name == "fetch_wide" and ("typed" in sample["variant"] or "binary" in sample["variant"])
    return "typed" if typed else "all"
