"""The SQL of every way in which a dataset leaves the database, made of the allow-list alone."""

from collections.abc import Sequence
from typing import Any

from public.data.choices import Choice
from public.data.columns import Column
from public.data.datasets import Dataset
from reporting.queries.tables import result_years

Statement = tuple[str, dict[str, Any]]

# One column of text a line, as it is: neither XML nor JSON holds these two characters.
_AS_IS = r"FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02'"
_SAMPLE = 200


def csv(dataset: Dataset, choice: Choice) -> Statement:
    """COPY as CSV, the names of the columns first. Texts stand in quotation marks, codes among them."""
    columns = ", ".join(f"{column.for_csv()} AS {column.name}" for column in dataset.columns)
    quoted = ", ".join(column.name for column in dataset.columns if column.is_.quoted)
    return _copy(dataset, choice, columns, f"FORMAT csv, HEADER, FORCE_QUOTE ({quoted})")


def json(dataset: Dataset, choice: Choice) -> Statement:
    """COPY of a JSON object a line."""
    return _copy(dataset, choice, _object(dataset.columns), _AS_IS)


def excel(dataset: Dataset, choice: Choice) -> Statement:
    """COPY of a row's XML a line, as `eplan.long_workbooks` takes it."""
    cells = ", ".join(column.for_excel() for column in dataset.columns)
    return _copy(dataset, choice, f"concat('<row>', {cells}, '</row>')", _AS_IS)


def page(dataset: Dataset, choice: Choice, after: Sequence | None, limit: int) -> Statement:
    """Up to `limit` rows `after` the one with that key, or from the beginning: the JSON of each, then its key."""
    conditions, values = _conditions(dataset, choice)
    if after is not None:
        marks = ", ".join(f"%(after{number})s" for number in range(len(after)))
        conditions += f" AND ({', '.join(dataset.key)}) > ({marks})"
        values |= {f"after{number}": value for number, value in enumerate(after)}
    chosen = f"{_object(dataset.columns)}::text, {', '.join(dataset.key)}"
    return f"{_rows(dataset, chosen, conditions)} LIMIT %(limit)s", values | {"limit": limit}


def size(dataset: Dataset, choice: Choice) -> Statement:
    """One row: how many rows there are, and the average bytes of the first ones as CSV, JSON and XML."""
    conditions, values = _conditions(dataset, choice)
    plain = ", ".join(f"{column.for_csv()} AS {column.name}" for column in dataset.columns)
    cells = ", ".join(column.for_excel() for column in dataset.columns)
    columns = (
        f"(SELECT octet_length(line::text) FROM (SELECT {plain}) AS line) AS csv,"
        f" octet_length({_object(dataset.columns)}::text) AS json, octet_length(concat({cells})) AS xml"
    )
    return (
        f"SELECT (SELECT count(*) FROM {dataset.tables} WHERE {conditions}),"
        " coalesce(avg(csv), 0)::int, coalesce(avg(json), 0)::int, coalesce(avg(xml), 0)::int"
        f" FROM ({_rows(dataset, columns, conditions)} LIMIT {_SAMPLE}) AS sample"
    ), values


def _copy(dataset, choice, columns, options):
    conditions, values = _conditions(dataset, choice)
    return f"COPY ({_rows(dataset, columns, conditions)}) TO STDOUT ({options})", values


def _rows(dataset, columns, conditions):
    order = ", ".join(dataset.key)
    return f"SELECT {columns} FROM {dataset.tables} {dataset.joins} WHERE {conditions} ORDER BY {order}"


def _object(columns: Sequence[Column]):
    values = ", ".join(f"{column.for_json()} AS {column.name}" for column in columns)
    return f"(SELECT row_to_json(line) FROM (SELECT {values}) AS line)"


def _conditions(dataset, choice):
    """The conditions of what is published and chosen, and their values."""
    conditions = [dataset.where]
    if choice.year and dataset.of_year:
        conditions.append(dataset.of_year)
    if choice.province:
        conditions.append("province.code = %(province)s")
    if choice.lao:
        conditions.append("lao.code = %(lao)s")
    values = {"year": choice.year, "province": choice.province, "lao": choice.lao}
    if "%(years)s" in dataset.tables:
        values["years"] = result_years()
    return " AND ".join(conditions), values
