/* SPDX-License-Identifier: Apache-2.0 */
/* A small ODBC application: inserts a row every 20 ms and says what it sees when its writer dies.
   Nothing in it knows about clusters: it repeats what the driver calls safe to repeat (08S02) and
   looks before it repeats what the driver calls unknown (08007). */
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void show(SQLSMALLINT kind, SQLHANDLE handle, char *first_state, double started) {
  SQLCHAR state[6], text[600];
  SQLINTEGER native;
  for (SQLSMALLINT i = 1;
       SQL_SUCCEEDED(SQLGetDiagRec(kind, handle, i, state, &native, text, sizeof text, NULL)); ++i) {
    if (i == 1) memcpy(first_state, state, 6);
    printf("  %8.1f ms  %s record %d: [%s] native %d\n              %s\n", now_ms() - started,
           i == 1 ? "ERROR" : "     ", i, state, (int)native, text);
  }
}

/* Looks until an answer comes. */
static int is_there(SQLHSTMT stmt, int id) {
  SQLINTEGER count = -1;
  char sql[100];
  snprintf(sql, sizeof sql, "SELECT count(*) FROM tour WHERE id = %d", id);
  while (count < 0) {
    if (SQL_SUCCEEDED(SQLExecDirect(stmt, (SQLCHAR *)sql, SQL_NTS)) && SQL_SUCCEEDED(SQLFetch(stmt)))
      SQLGetData(stmt, 1, SQL_C_SLONG, &count, 0, NULL);
    SQLFreeStmt(stmt, SQL_CLOSE);
  }
  return count > 0;
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: quickstart_client CONNECTION_STRING SECONDS\n"), 2;
  SQLHENV env;
  SQLHDBC dbc;
  SQLHSTMT stmt;
  char state[6] = "";
  double started = now_ms(), end = started + 1e3 * atof(argv[2]), last_good = started;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
  SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0);
  SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc);
  if (!SQL_SUCCEEDED(SQLDriverConnect(dbc, NULL, (SQLCHAR *)argv[1], SQL_NTS, NULL, 0, NULL,
                                      SQL_DRIVER_NOPROMPT)))
    return show(SQL_HANDLE_DBC, dbc, state, started), 1;
  SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt);

  SQLINTEGER id = 0;
  int errors = 0, failed_now = 0;
  if (!SQL_SUCCEEDED(SQLPrepare(stmt, (SQLCHAR *)"INSERT INTO tour (id) VALUES (?)", SQL_NTS)))
    return show(SQL_HANDLE_STMT, stmt, state, started), 1;
  SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id, 0, NULL);
  SQLHSTMT look;
  SQLAllocHandle(SQL_HANDLE_STMT, dbc, &look);
  for (id = 1; now_ms() < end; ++id) {
    while (!SQL_SUCCEEDED(SQLExecute(stmt))) {
      ++errors;
      failed_now = 1;
      show(SQL_HANDLE_STMT, stmt, state, started);
      if (strcmp(state, "08S02") == 0) continue;                       /* nothing happened */
      if (strcmp(state, "08007") == 0 && !is_there(look, id)) continue; /* looked: not there */
      if (strcmp(state, "08007") == 0) break;                          /* looked: it is there */
      return 1;
    }
    if (failed_now) {
      failed_now = 0;
      printf("  %8.1f ms  row %d is in: %.1f ms without a successful write, same connection, same "
             "statement\n", now_ms() - started, (int)id, now_ms() - last_good);
    }
    last_good = now_ms();
    struct timespec pause = {0, 20000000};
    nanosleep(&pause, NULL);
  }
  printf("  %8.1f ms  done: %d rows, %d error%s\n", now_ms() - started, (int)id - 1, errors,
         errors == 1 ? "" : "s");
  SQLFreeHandle(SQL_HANDLE_STMT, look);
  SQLFreeHandle(SQL_HANDLE_STMT, stmt);
  SQLDisconnect(dbc);
  SQLFreeHandle(SQL_HANDLE_DBC, dbc);
  SQLFreeHandle(SQL_HANDLE_ENV, env);
  return errors == 0; /* the tour expects to see one */
}
