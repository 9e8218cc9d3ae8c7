"""`python -m handled`."""

from handled.cli import main

main()
