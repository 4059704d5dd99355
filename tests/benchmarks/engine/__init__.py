"""Figures of the engine: fit, flow, proofs, time and growth."""
