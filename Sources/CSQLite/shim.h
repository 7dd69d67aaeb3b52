#ifndef COUNTERSIGN_CSQLITE_SHIM_H
#define COUNTERSIGN_CSQLITE_SHIM_H

#include <sqlite3.h>

// Swift imports neither variadic functions nor the cast behind SQLITE_STATIC; these are the ones that Storage needs.

/// Stops SQLite from counting its memory under one lock for all connections. Only before the first connection.
static inline int countersign_sqlite3_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// Switches one of the SQLITE_DBCONFIG_… flags of a connection.
static inline int countersign_sqlite3_set_flag(sqlite3 *connection, int flag, int on) {
    return sqlite3_db_config(connection, flag, on, (int *)0);
}

/// Binds `length` bytes of UTF-8, which must stay until the statement has run. A null pointer is an empty text here, where sqlite3_bind_text makes it NULL.
static inline int countersign_sqlite3_bind_text(sqlite3_stmt *statement, int index, const void *text, int length) {
    return sqlite3_bind_text(statement, index, text ? (const char *)text : "", length, SQLITE_STATIC);
}

/// Binds `length` bytes, which must stay until the statement has run. A null pointer is an empty blob here, where sqlite3_bind_blob makes it NULL.
static inline int countersign_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes ? bytes : "", length, SQLITE_STATIC);
}

#endif
