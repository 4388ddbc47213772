"""`python -m gitops_gen`."""

from gitops_gen.cli import main

main()
