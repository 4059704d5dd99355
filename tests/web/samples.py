"""The figures of /metrics as a test reads them."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families


class Samples(dict[tuple[str, ...], float]):
    """Samples of an exposition: (name, *label values) -> value."""

    @classmethod
    def of(cls, text: str) -> Samples:
        return cls(
            {
                (sample.name, *sample.labels.values()): sample.value
                for family in text_string_to_metric_families(text)
                for sample in family.samples
            }
        )
