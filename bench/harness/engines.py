# SPDX-License-Identifier: Apache-2.0
"""The two engines: what stands beside aurodbc on each, and which native variants a case has there."""
from harness.plan import Engine, Subject

POSTGRES = Engine(
    name="postgres", native="libpq", program="libpq_subject",
    peer="psqlodbc", peer_title="psqlODBC", peer_package="odbc-postgresql", peer_library="psqlodbcw.so",
    odbc_words="Server={host};Port={port};Database={database};UID={user};PWD=unused;SSLmode=disable;",
    native_words="host={host} port={port} user={user} dbname={database} sslmode=disable",
    server_version="SHOW server_version",
    variants={
        "connect": ("libpq",),
        "connect_select1": ("libpq",),
        "exec1": ("simple", "extended_text", "extended_binary"),
        "prep1": ("prepared_text", "prepared_binary"),
        "prep_each": ("exec_params_text", "exec_params_binary", "prepare_deallocate"),
        "fetch_narrow": ("text_whole", "binary_whole", "text_single", "binary_single", "prepared_binary_single"),
        "fetch_wide": ("text_whole", "binary_whole", "text_single", "binary_single", "prepared_text_single",
                       "prepared_binary_single"),
        "first_row": ("text_single", "binary_single"),
        "first_row_close": ("drain", "cancel"),
        "insert_loop": ("autocommit", "transaction", "savepoint_pipeline"),
        "insert_array": ("unnest1000", "multirow1000", "pipeline1000", "pipeline1000_sync", "pipeline1000_chain"),
        "update_array": ("unnest1000", "pipeline1000", "pipeline1000_sync", "pipeline1000_chain"),
        "catalog_tables": ("query",),
        "catalog_columns": ("query",),
        "catalog_columns_one": ("query",),
        "lob_get": ("binary_whole", "binary_single"),
        "lob_put": ("param_binary", "prepared_binary"),
        "threads": ("8x_exec1",),
        "cancel": ("PQcancel",),
        "stream_100m": ("binary_single",),
    },
    marks={
        ("insert_loop", "autocommit"): ("autocommit",),
        ("insert_loop", "transaction"): ("transaction",),
        ("insert_loop", "statement_rollback"): ("savepoint_pipeline",),
    },
    tuned=(Subject("psqlodbc-fetch10000", "odbc_subject", "UseDeclareFetch=1;Fetch=10000;", tuned=True),
           Subject("psqlodbc-noserverprep", "odbc_subject", "UseServerSidePrepare=0;", tuned=True),
           Subject("libpq-nogss", "libpq_subject", " gssencmode=disable", tuned=True)),
    # psqlODBC rolls back statements by savepoints unless told not to.
    options={("aurodbc", "statement_rollback"): "rollback_on_error=statement;", ("psqlodbc", "transaction"): "Protocol=7.4-0;"},
)

# A statement that fails is rolled back by the server itself: statement_rollback is transaction once more.
MYSQL = Engine(
    name="mysql", native="libmariadb", program="libmariadb_subject",
    peer="maodbc", peer_title="MariaDB Connector/ODBC", peer_package="odbc-mariadb", peer_library="libmaodbc.so",
    odbc_words="Server={host};Port={port};Database={database};UID={user};engine=mysql;SSLmode=disable;",
    native_words="host={host} port={port} user={user} database={database}",
    server_version="SELECT version()",
    variants={
        "connect": ("libmariadb",),
        "connect_select1": ("libmariadb",),
        "exec1": ("text_store", "text_use"),
        "prep1": ("stmt",),
        "prep_each": ("text", "prepare_close"),
        "fetch_narrow": ("text_store", "text_use", "stmt_store", "stmt_use"),
        "fetch_wide": ("text_store", "text_use", "stmt_use_typed"),
        "first_row": ("text_use", "stmt_use"),
        "first_row_close": ("drain", "kill"),
        "insert_loop": ("autocommit", "transaction"),
        "insert_array": ("bulk1000", "multirow_text1000"),
        "update_array": ("bulk1000",),
        "catalog_tables": ("query",),
        "catalog_columns": ("query",),
        "catalog_columns_one": ("query",),
        "lob_get": ("text_store", "text_use", "fetch_column64k"),
        "lob_put": ("send_long_data64k", "bound"),
        "threads": ("8x_exec1",),
        "cancel": ("kill_query_new", "kill_query_spare"),
        "stream_100m": ("stmt_use",),
    },
    marks={
        ("insert_loop", "autocommit"): ("autocommit",),
        ("insert_loop", "transaction"): ("transaction",),
        ("insert_loop", "statement_rollback"): ("transaction",),
    },
    tuned=(Subject("maodbc-forwardonly", "odbc_subject", "FORWARDONLY=1;", tuned=True),),
)

ENGINES = {engine.name: engine for engine in (POSTGRES, MYSQL)}
