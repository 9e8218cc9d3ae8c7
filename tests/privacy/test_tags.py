"""Every column says whether it says something of a customer."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, MetaData, String

from handled.tables import Base
from handled.tables.personal import PERSONAL, PLAIN, problems


def test_every_column_of_every_table_is_tagged_once() -> None:
    assert problems(Base.metadata) == []


def copy_of_the_schema() -> MetaData:
    schema = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(schema)
    return schema


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_a_new_column_is_noticed_with_what_to_do(table: str) -> None:
    schema = copy_of_the_schema()
    schema.tables[table].append_column(Column("shoe_size", String))
    (problem,) = problems(schema)
    assert problem.startswith(f"{table}.shoe_size is not tagged: say in tables/personal.py")


def test_tags_of_what_is_gone_and_double_ones_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = {**PLAIN, "shoes": "size", "customers": f"{PLAIN['customers']} name size"}
    monkeypatch.setattr("handled.tables.personal.PLAIN", plain)
    assert sorted(problems(Base.metadata)) == [
        "customers.name is tagged twice",
        "customers.size is tagged and not there: take it out",
        "shoes is tagged and not there: take it out",
    ]


def test_what_an_export_leaves_out_are_hashes_alone() -> None:
    hidden = {column for each in PERSONAL.values() for column in each.hidden}
    assert hidden == {"token_hash", "code_hash", "request_hash", "client", "subject"}
