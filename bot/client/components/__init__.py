"""Buttons, menus and forms, and what a press of each does, one file a subject.

What belongs here reads a press, calls one service and shows the result. It never imports the bot.
"""
