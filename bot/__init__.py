"""The bot: everything around the parser. `bot.app` wires the rooms; the rooms know each other only downwards."""
