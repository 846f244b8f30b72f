"""`python -m gateway` is `frontdesk`."""

from gateway.cli import main

main()
