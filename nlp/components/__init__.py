"""The spaCy components of the parser, each registered under its own factory name."""
