# SPDX-License-Identifier: Apache-2.0
"""What is measured: the cases and the subjects, as two tables.

A new case is a row here and a function with its row in each subject's main.cpp.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    name: str
    unit: str  # "ops/s", "rows/s": more is better; "ms": time of one operation, less is better
    ops: int
    quick_ops: int
    pinned: bool  # client and server on one core: such cases swing twofold otherwise
    odbc: tuple[str, ...]
    libpq: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    name: str
    program: str  # file name of the measured program
    extra: str  # appended to the connection string
    tuned: bool = False  # only with --tuned: a peer with options its users set for speed


FETCH_ODBC = ("bind_row", "bind_array1000", "getdata",
              "prepared_bind_row", "prepared_bind_array1000", "prepared_getdata")
FETCH_LIBPQ = ("text_whole", "binary_whole", "text_single", "binary_single", "prepared_binary_single")

CASES = (
    #    name               unit     ops    quick  pinned
    Case("connect",         "ops/s",   200,   50, False, ("odbc",), ("libpq",)),
    Case("connect_select1", "ops/s",   200,   50, False, ("odbc",), ("libpq",)),
    Case("exec1",           "ops/s", 20000, 3000, True, ("same_stmt", "new_stmt"),
         ("simple", "extended_text", "extended_binary")),
    Case("prep1",           "ops/s", 20000, 3000, True, ("bindcol",), ("prepared_text", "prepared_binary")),
    Case("prep_each",       "ops/s",  8000, 1500, True, ("new_stmt",),
         ("exec_params_text", "exec_params_binary", "prepare_deallocate")),
    Case("fetch_narrow",    "rows/s",    1,    1, False, FETCH_ODBC, FETCH_LIBPQ),
    Case("first_row",       "ms",        5,    3, False, ("direct", "prepared"), ("text_single", "binary_single")),
    Case("first_row_close", "ms",        5,    3, False, ("direct",), ("drain", "cancel")),
)

NATIVE = "libpq"
SUBJECTS = (
    Subject("aurodbc", "odbc_subject", ""),
    Subject("psqlodbc", "odbc_subject", ""),
    Subject("psqlodbc-fetch10000", "odbc_subject", "UseDeclareFetch=1;Fetch=10000;", tuned=True),
    Subject("psqlodbc-noserverprep", "odbc_subject", "UseServerSidePrepare=0;", tuned=True),
    Subject(NATIVE, "libpq_subject", ""),
    Subject("libpq-nogss", "libpq_subject", " gssencmode=disable", tuned=True),
)

NARROW_ROWS = 1_000_000
QUICK_NARROW_ROWS = 200_000


def driver_of(subject):
    """The odbcinst.ini section of an ODBC subject: its name up to the first hyphen."""
    return subject.name.partition("-")[0]


def variants_of(case, subject):
    return case.odbc if subject.program == "odbc_subject" else case.libpq
