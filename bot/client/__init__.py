"""The Discord side that is not a cog: the bot, its failures as sentences, texts, cards."""
