"""Words as data: tables with one schema, and the one place that reads them."""
