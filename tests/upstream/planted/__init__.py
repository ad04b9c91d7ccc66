"""The sample world's manner: truths planted for each claim, families of different size, weeks and hours that differ."""
