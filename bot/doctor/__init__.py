"""Looks at a set-up and tells what is broken in it, each with its fix."""
