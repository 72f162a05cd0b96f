from tests.benchmarks import badges as benchmark


def test_the_benchmark_says_all_it_promises() -> None:
    said = benchmark.main(["--count", "24"])
    assert set(said) == {
        "name",
        "count",
        "rate",
        "floor_rate",
        "ratio",
        "peak_rss_mib",
        "queries",
        "bytes_per_item",
    }
    assert (said["name"], said["count"]) == ("badges", 24)
