"""The entry point of `python -m gitops_gen` and of the installed command."""

import signal


def main() -> None:
    # Until the command line is loaded, there is nothing to undo, so Ctrl-C needs no message.
    before = signal.getsignal(signal.SIGINT)
    # A signal that is already ignored, for example in a background job, stays ignored.
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from gitops_gen.cli import main as run

    signal.signal(signal.SIGINT, before)
    run()


if __name__ == "__main__":
    main()
