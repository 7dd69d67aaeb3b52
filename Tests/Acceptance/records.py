"""The database of a data folder, read beside the server that writes it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def databases(data: Path) -> list[Path]:
    found = []
    for path in sorted(data.iterdir()):
        if path.is_file():
            with path.open("rb") as file:
                if file.read(16) == b"SQLite format 3\0":
                    found.append(path)
    return found


def rows(data: Path, table_part: str) -> list[dict[str, Any]]:
    """All rows of the tables whose names contain `table_part`."""
    found: list[dict[str, Any]] = []
    for path in databases(data):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
            database.row_factory = sqlite3.Row
            names = [row[0] for row in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?", (f"%{table_part}%",))]
            for name in names:
                found += [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')]
    return found


def as_text(row: dict[str, Any]) -> str:
    """A row's values as one line."""
    return " ".join(
        value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row.values())
