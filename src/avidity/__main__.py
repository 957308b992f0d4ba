"""``python -m avidity``."""

from avidity.cli import main

main()
