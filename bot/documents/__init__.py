"""The schema: one Beanie document a file, named finders on their document."""
