"""Figures of learning: planted tastes, training, events."""
