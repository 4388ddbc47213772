"""`gitops-gen` itself: its commands, and what an error looks like."""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType

import click

from gitops_gen import __version__
from gitops_gen.cli import streams
from gitops_gen.errors import GitopsGenError, Interrupted
from gitops_gen.model import printable_lines

DEBUG = "GITOPS_GEN_DEBUG"
"""Shows where a fault of our own is."""
COMMANDS = Path(__file__).with_name("commands")

EXIT_CODES = """\b
Exit codes: 0 fine; 1 findings, or stale files; 2 invalid input or usage;
3 a tool or the machine failed."""


class Commands(click.Group):
    """Imports a command's module only when the command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(p.stem.replace("_", "-") for p in COMMANDS.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"gitops_gen.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.command(
    cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def gitops_gen() -> None:
    """Typed values in; an umbrella Helm chart, hydrated manifests and Argo CD Applications out.

    \b
    gitops-gen init shop      a repository to begin with
    gitops-gen render         values/ -> rendered/ and argocd/
    gitops-gen check          are the values valid?
    """


def main() -> None:
    """The entry point: runs a command and turns whatever ends it into an exit code."""
    streams.prepare()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # What is ignored (as by nohup) stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminated)
    sys.exit(_run())


def _terminated(number: int, _frame: FrameType | None) -> None:
    """Ends the run as Ctrl-C does: changes are undone, temporary folders are removed."""
    raise Interrupted(signal.Signals(number).name)


def _run() -> int:
    try:
        result = _called()
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit:
        # click raises it when the reader of our output has gone. The output is incomplete, so this
        # is no success; 141 is the exit code of a shell for a program that SIGPIPE ended.
        return 141
    except click.ClickException as error:
        return _ended(_shown(error), 2)
    except (KeyboardInterrupt, click.Abort, Interrupted):
        return _ended("interrupted; nothing was left half-written", 130)
    except GitopsGenError as error:
        return _ended(str(error), error.exit_code)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _ended(f"{place}{error.strerror or error}", 3)
    except Exception as error:
        return _at_fault(error)
    return result if isinstance(result, int) else 0


def _called() -> object:
    """What the command returns. Wrong usage is a finding in every format but `text`."""
    try:
        return gitops_gen.main(standalone_mode=False, prog_name="gitops-gen")
    except click.ClickException as error:
        from gitops_gen.cli.usage import usage_report

        text = usage_report(error, sys.argv[1:])
        if text is None:
            raise
        click.echo(text, nl=False)
        return 2


def _shown(error: click.ClickException) -> str:
    text = io.StringIO()
    error.show(text)
    return text.getvalue().rstrip("\n")


def _ended(message: str, code: int) -> int:
    from gitops_gen.secrets.hidden import without_tokens

    click.echo(printable_lines(without_tokens(message)), err=True)
    return code


def _at_fault(error: Exception) -> int:
    """The exit code is not 1, as Python's would be: 1 means that something is stale.

    Python's message of an error may quote a value, so that it is printed only on request.
    """
    import traceback

    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    fault = f"{type(error).__name__} in {os.path.basename(frame.filename)}:{frame.lineno}"
    return _ended(f"this is a fault of gitops-gen: {fault}; with {DEBUG}=1 it says more", 3)
