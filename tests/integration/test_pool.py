"""The databases that the tests themselves run on: each begins as the migrations left it."""

from sqlalchemy import create_engine, text

from tests.factories.databases import Database, Pool


def run(database: Database, *statements: str) -> list[object]:
    engine = create_engine(database.url)
    with engine.begin() as connection:
        found = [connection.execute(text(one)) for one in statements]
        rows = [tuple(row) for row in found[-1]] if found[-1].returns_rows else []
    engine.dispose()
    return list(rows)


NEXT = "SELECT nextval('track_id_seq')"
TRACKS = "SELECT id, name FROM track ORDER BY id"


def test_what_a_test_wrote_is_gone_and_counters_begin_again(postgres_pool: Pool) -> None:
    first = postgres_pool.take()
    before = run(first, TRACKS), run(first, NEXT)
    run(first, "DELETE FROM track WHERE id = 1", "UPDATE track SET name = 'x' WHERE id = 2")
    postgres_pool.give_back(first)
    second = postgres_pool.take()
    assert second is first
    assert (run(second, TRACKS), run(second, NEXT)) == before
    postgres_pool.give_back(second)


def test_a_database_whose_tables_changed_is_not_used_again(postgres_pool: Pool) -> None:
    changed = postgres_pool.take()
    run(changed, "ALTER TABLE track ADD COLUMN planted integer")
    postgres_pool.give_back(changed)
    other = postgres_pool.take()
    assert other is not changed
    postgres_pool.give_back(other)
