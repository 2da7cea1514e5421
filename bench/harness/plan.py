# SPDX-License-Identifier: Apache-2.0
"""What is measured: the cases as a table, and what an engine brings to them.

A new case is a row here, its native variants in engines.py, and a function with its row in one file of each subject.
"""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    name: str
    unit: str  # "ops/s", "rows/s", "MB/s": more is better; "ms", "ns": time of one operation, less is better
    ops: tuple[int, int, int]  # full, quick, smoke
    pinned: bool  # client and server on one core: such cases swing twofold otherwise
    odbc: tuple[str, ...]
    peers: bool = True  # whether drivers other than aurodbc take part
    named_only: bool = False  # runs only when its name is given


@dataclass(frozen=True)
class Subject:
    name: str
    program: str  # file name of the measured program
    extra: str = ""  # appended to the connection string
    tuned: bool = False  # only with --tuned: a peer with options its users set for speed


@dataclass(frozen=True)
class Engine:
    """A server, the library and the driver that aurodbc is held against there, and what they have for each case."""
    name: str
    native: str
    program: str  # the native subject's
    peer: str  # odbcinst.ini section, and name of the peer's subjects
    peer_title: str
    peer_package: str
    peer_library: str
    odbc_words: str  # of every ODBC connection string; {host} {port} {user} {database}
    native_words: str
    server_version: str
    variants: dict[str, tuple[str, ...]]  # case -> native variants; a case that is not here has none
    marks: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # (case, ODBC variant) -> native ones, if not all
    tuned: tuple[Subject, ...] = ()
    options: dict[tuple[str, str], str] = field(default_factory=dict)  # (driver, variant) -> what it means in its own options

    @property
    def subjects(self):
        return (Subject("aurodbc", "odbc_subject"), Subject(self.peer, "odbc_subject"), Subject(self.native, self.program), *self.tuned)

    def takes_part(self, case, subject):
        return case.peers or driver_of(subject) in ("aurodbc", self.native)

    def variants_of(self, case, subject):
        if not self.takes_part(case, subject):
            return ()
        return case.odbc if subject.program == "odbc_subject" else self.variants.get(case.name, ())

    def marks_of(self, case, variant):
        """The native variants that an ODBC variant is held against; the fastest counts."""
        return self.marks.get((case.name, variant), self.variants.get(case.name, ()))

    def options_of(self, subject, variant):
        return subject.extra + self.options.get((driver_of(subject), variant), "")


def thrice(*variants):
    """As a text never seen before, as a text seen twice, and prepared."""
    return tuple(form + variant for form in ("", "repeated_", "prepared_") for variant in variants)


NARROW = thrice("bind_row", "bind_array1000", "getdata")
WIDE = thrice("bind_row_char", "bind_row_wchar", "bind_array1000_char", "bind_array1000_wchar", "bind_array1000_typed",
              "getdata_char", "getdata_wchar")
ARRAYS = ("paramset1000", "paramset1000_transaction")

CASES = (
    #    name               unit      full, quick, smoke    pinned
    Case("connect",         "ops/s",  (200, 50, 2),         False, ("odbc",)),
    Case("connect_select1", "ops/s",  (200, 50, 2),         False, ("odbc",)),
    Case("exec1",           "ops/s",  (20000, 3000, 20),    True, ("same_stmt", "new_stmt")),
    Case("prep1",           "ops/s",  (20000, 3000, 20),    True, ("bindcol",)),
    Case("prep_each",       "ops/s",  (8000, 1500, 20),     True, ("new_stmt",)),
    Case("fetch_narrow",    "rows/s", (1, 1, 1),            False, NARROW),
    Case("fetch_wide",      "rows/s", (1, 1, 1),            False, WIDE),
    Case("first_row",       "ms",     (5, 3, 1),            False, ("direct", "prepared")),
    Case("first_row_close", "ms",     (5, 3, 1),            False, ("direct",)),
    Case("insert_loop",     "rows/s", (10000, 2000, 20),    True, ("autocommit", "transaction", "statement_rollback")),
    Case("insert_array",    "rows/s", (200, 40, 2),         False, ARRAYS),
    Case("update_array",    "rows/s", (50, 10, 2),          False, ARRAYS),
    Case("catalog_tables",  "ops/s",  (100, 30, 2),         False, ("SQLTables",)),
    Case("catalog_columns", "ops/s",  (30, 10, 2),          False, ("SQLColumns",)),
    Case("catalog_columns_one", "ops/s", (1000, 200, 2),    False, ("SQLColumns",)),
    Case("lob_get",         "MB/s",   (1, 1, 1),            False, thrice("getdata64k")),
    Case("lob_put",         "MB/s",   (10, 3, 2),           False, ("putdata64k", "bound")),
    Case("threads",         "ops/s",  (80000, 16000, 80),   False, ("8x_exec1",)),
    Case("cancel",          "ms",     (20, 5, 1),           False, ("SQLCancel",)),
    Case("noop",            "ns",     (1000000, 200000, 100), True, ("get_stmt_attr", "set_stmt_attr", "bind_col", "alloc_free_stmt")),
    Case("stream_100m",     "rows/s", (1, 1, 1),            False, ("bind_array1000", "second_statement_midway"),
         peers=False, named_only=True),
)

SCALES = ("full", "quick", "smoke")


def driver_of(subject):
    """The odbcinst.ini section of an ODBC subject: its name up to the first hyphen."""
    return subject.name.partition("-")[0]


def values_seen(case, sample):
    """Samples with the same key must have the same checksum: characters and C types are summed up differently."""
    typed = case.name == "fetch_wide" and ("typed" in sample["variant"] or "binary" in sample["variant"])
    return "typed" if typed else "all"
