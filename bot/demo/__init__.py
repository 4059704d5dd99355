"""The local page that looks like Discord, and the invented catalogue it plays from."""
