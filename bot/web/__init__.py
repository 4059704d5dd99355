"""What operators and their tools ask over HTTP: whether the bot lives, whether it can serve, and its figures."""
