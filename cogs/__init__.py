"""The doors in Discord: each cog reads the interaction, calls one service and shows the result."""
