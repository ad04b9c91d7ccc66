"""What is said of a Spark Connect server that opens no session."""

import pytest

from analytics.spark.session import read_server

pytestmark = pytest.mark.rests_on("analytics/spark", "warehouse", "tests/analytics/spark/test_session.py")


@pytest.mark.parametrize("token", ["c2VjcmV0Cg==", "c2VjcmV0Cg%3D%3D", "plain-secret"])
def test_what_a_client_repeats_of_an_address_is_hidden(token: str) -> None:
    """It repeats a parameter that it cannot read, such as a token with the padding of base64."""
    server = read_server(f"sc://spark.example.com:15002/;use_ssl=true;token={token}")
    for said in (
        f"Parameter 'token={token}' should be a pair",
        f"denied: {token.replace('%3D', '=')}",
        "x" * 280 + token,
    ):
        told = server.explain(ValueError(said))
        assert "c2VjcmV0" not in told and "plain-s" not in told and "…" in told
    assert server.explain(ValueError("it is true\nand more")) == "ValueError: it is true"
