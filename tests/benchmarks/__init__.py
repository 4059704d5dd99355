"""Figures: what `make bench` prints, and the adapters that the scorers call."""
