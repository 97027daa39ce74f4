"""`python -m forum` is the command `forum`."""

from forum.cli import main

main()
