"""What a month of collecting costs, for today's catalog and for larger ones."""
