"""The entry point of `python -m gitops_gen` and of the installed command."""

import gc
import signal

# Objects that refer to each other are rare here. With Python's own limit, which is some hundred
# objects, the search for them takes longer than many commands.
_OBJECTS_BEFORE_A_SEARCH = 50_000


def main() -> None:
    gc.set_threshold(_OBJECTS_BEFORE_A_SEARCH)
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
