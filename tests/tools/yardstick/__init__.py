"""A yardstick kept by hand for the ends of models."""
