"""The commands of ``python -m bot``, one file each; what a command needs is loaded when it runs."""
