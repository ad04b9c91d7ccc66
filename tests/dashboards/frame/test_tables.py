"""Values of tables in words."""

from streamlit.testing.v1 import AppTest

from dashboards.frame import tables


def test_prices_are_dollars_and_cents() -> None:
    """As the overview and the page of costs say them; "1.2 USD for a million tokens" was shown beside "$1.20"."""
    price = {"state": "measured", "value": 1.2, "low": 1.2, "high": 1.2, "unit": "USD for a million tokens"}
    assert tables.format_row(price, "price_usd") == "$1.20 for a million tokens"
    ranged = price | {"low": 1.0, "high": 12.4}
    assert tables.format_row(ranged, "price_usd") == "$1.20 ($1.00–$12) for a million tokens"


def test_a_row_is_one_line_and_a_column_without_a_word_is_not_shown() -> None:
    """One long sentence made every row nine lines high, and nobody had written a message."""

    def draw() -> None:
        from dashboards.frame.tables import draw_table

        draw_table([{"what to do": "Open the page. " * 20, "message": "", "n": 0}], "Of a test")

    (table,) = AppTest.from_function(draw).run().dataframe
    assert list(table.value.columns) == ["what to do", "n"], "nought is something"
    assert table.proto.row_height == 35 and len(table.value["what to do"][0]) == 300
