"""
question: Between which means is the observed number of events plausible?
grain: rate, family_id, channel_kind, channel_role, segment, window
unit: events
standard: exact 95 % interval of a Poisson mean (Garwood 1936), for the number of events over their dispersion, times it
caveats: For the counts in `metrics.event_counts`. In Python, because SQL has no quantiles of the gamma distribution.
"""

import duckdb
import numpy as np
import pyarrow as pa
import scipy


def rate_limits(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Adds to each count the lower and the upper limit of its mean."""
    ((tail,),) = connection.sql("select tail_share from metrics.rules").fetchall()
    counts = connection.sql("from metrics.event_counts").to_arrow_table()
    scale = counts["dispersion"].to_numpy()
    events = counts["events_count"].to_numpy() / scale
    # The quantile of a gamma distribution without events is not a number.
    low, high = np.nan_to_num(scipy.special.gammaincinv(events, tail)), scipy.special.gammainccinv(events + 1, tail)
    return counts.append_column("mean_low", pa.array(low * scale)).append_column("mean_high", pa.array(high * scale))
