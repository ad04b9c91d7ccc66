"""Values of tables in words."""

from dashboards.frame import tables


def test_prices_are_dollars_and_cents() -> None:
    """As the overview and the page of costs say them; "1.2 USD for a million tokens" was shown beside "$1.20"."""
    price = {"state": "measured", "value": 1.2, "low": 1.2, "high": 1.2, "unit": "USD for a million tokens"}
    assert tables.format_row(price, "price_usd") == "$1.20 for a million tokens"
    ranged = price | {"low": 1.0, "high": 12.4}
    assert tables.format_row(ranged, "price_usd") == "$1.20 ($1.00–$12) for a million tokens"
