"""Values in, PNG out. Pure, and slow enough to be called off the event loop."""
