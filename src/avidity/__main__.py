"""``python -m avidity``."""

from avidity.cli.main import main

main()
