"""Reads a folder of Parquet files with the readers that people use, and holds what they read
against the CSV file of the same sweep: same columns, same rows, same bits.

    pip install pandas pyarrow duckdb polars
    cargo run --release --features parquet --example sweep -- S.toml --format parquet --out out
    cargo run --release --features parquet --example sweep -- S.toml --out out.csv
    python3 tests/read_parquet.py out out.csv
"""

import csv
import sys
from pathlib import Path


def expected(path):
    """Header and rows of the CSV file: numbers, texts, None where a cell is empty."""
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        rows = [[cell if cell else None for cell in row] for row in reader]
    return header, rows


def with_pandas(folder):
    import pandas

    table = pandas.read_parquet(folder)
    table = table.sort_values("scenario")
    return list(table.columns), table.astype(object).where(table.notna(), None).values.tolist()


def with_duckdb(folder):
    import duckdb

    rows = duckdb.sql(f"select * from '{folder}/*.parquet' order by scenario")
    return rows.columns, [list(row) for row in rows.fetchall()]


def with_polars(folder):
    import polars

    table = polars.scan_parquet(f"{folder}/*.parquet").sort("scenario").collect()
    return table.columns, [list(row) for row in table.iter_rows()]


def differs(read, wanted):
    """Whether a cell is another: a number by its bits (CSV has all its digits)."""
    if read is None or wanted is None:
        return read is not wanted
    if isinstance(read, float):
        return read.hex() != float(wanted).hex()
    return str(read) != wanted


def main():
    folder, table = Path(sys.argv[1]), Path(sys.argv[2])
    header, rows = expected(table)
    for reader in (with_pandas, with_duckdb, with_polars):
        columns, read = reader(folder)
        name = reader.__name__
        assert list(columns) == header, f"{name}: columns {columns} instead of {header}"
        assert len(read) == len(rows), f"{name}: {len(read)} rows instead of {len(rows)}"
        for got, wanted in zip(read, rows):
            for column, cell, want in zip(header, got, wanted):
                assert not differs(cell, want), f"{name}: {column}: {cell!r} instead of {want!r}"
        print(f"{name}: {len(read)} rows of {len(header)} columns, as in {table}")


if __name__ == "__main__":
    main()
