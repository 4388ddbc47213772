"""`python -m gitops_gen`, and what the installed command runs."""

import signal


def main() -> None:
    # Until the command line is loaded, Ctrl-C has nothing to undo and needs no message.
    before = signal.getsignal(signal.SIGINT)
    # A signal that is ignored, as in a job in the background, stays ignored.
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from gitops_gen.cli import main as run

    signal.signal(signal.SIGINT, before)
    run()


if __name__ == "__main__":
    main()
