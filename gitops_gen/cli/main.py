"""The command `gitops-gen`: it runs a subcommand and prints errors in one form."""

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
from gitops_gen.cli import colour, completion, streams
from gitops_gen.cli.repository import change_directory
from gitops_gen.errors import GitopsGenError, Interrupted, InvalidInput
from gitops_gen.model import printable_lines
from gitops_gen.report import with_rule

DEBUG = "GITOPS_GEN_DEBUG"
"""The environment variable that prints the traceback of an internal error."""
COMMANDS = Path(__file__).with_name("commands")

EXIT_CODES = """\b
Exit codes: 0 success; 1 findings, or generated files are out of date;
2 invalid input or usage; 3 a tool or the operating system reported an error."""


class Commands(click.Group):
    """Imports the module of a command only when the command is run."""

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
@click.option(
    "-C",
    "folders",
    metavar="DIR",
    multiple=True,
    help="Run as if gitops-gen was started in DIR; a second -C is relative to the first.",
)
@click.option(
    "--offline",
    is_flag=True,
    help="Fail instead of using the network.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def gitops_gen(context: click.Context, folders: tuple[str, ...], offline: bool) -> None:
    """Generate an umbrella Helm chart, manifests and Argo CD Applications from typed values.

    Commands work in any directory of the repository. Paths in messages are relative to its root.

    \b
    gitops-gen init shop      creates a new repository in the directory shop
    gitops-gen render         renders values/ to rendered/ and argocd/
    gitops-gen check          validates the values and the rendered objects
    """
    context.color = colour.wanted()
    change_directory(folders)
    if offline:
        from gitops_gen.offline import forbid_network

        forbid_network()


def main() -> None:
    """Runs a command and exits with the exit code of its result or of its error."""
    streams.prepare()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # A signal that is ignored, for example by nohup, stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminated)
    sys.exit(_run())


def _terminated(number: int, _frame: FrameType | None) -> None:
    """Ends the run like Ctrl-C: changes are undone and temporary directories are removed."""
    raise Interrupted(signal.Signals(number).name)


def _run() -> int:
    try:
        result = _command_result()
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit as ended:
        # click raises it after the completion for a shell, and when the process that reads
        # standard output has closed the pipe. Then the output is incomplete, so the run did not
        # succeed. 141 is the exit code that a shell reports for a program that SIGPIPE ended.
        return 141 if ended.code else 0
    except click.ClickException as error:
        return _exit_code(_display_text(error), 2)
    except (KeyboardInterrupt, click.Abort, Interrupted):
        return _exit_code("interrupted; no file was left half-written", 130)
    except GitopsGenError as error:
        return _exit_code(_error_text(error), error.exit_code)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _exit_code(f"{place}{error.strerror or error}", 3)
    except Exception as error:
        return _internal_error(error)
    return result if isinstance(result, int) else 0


def _command_result() -> object:
    """Returns the result of the command. Wrong usage is a finding in every format but `text`."""
    if completion.VARIABLE in os.environ:
        completion.prepare()
    try:
        return gitops_gen.main(standalone_mode=False, prog_name="gitops-gen")
    except click.ClickException as error:
        from gitops_gen.cli.usage import usage_report

        text = usage_report(error, sys.argv[1:])
        if text is None:
            raise
        click.echo(text, nl=False)
        return 2


def _display_text(error: click.ClickException) -> str:
    text = io.StringIO()
    error.show(text)
    return text.getvalue().rstrip("\n")


def _error_text(error: GitopsGenError) -> str:
    """Returns the message of an error, in which every finding ends with the id of its rule.

    The lines of `set` are those of its findings, without a position if the file has no such line.
    """
    findings = error.findings if isinstance(error, InvalidInput) else ()
    lines = str(error).split("\n")
    if len(lines) != len(findings):
        return str(error)
    return "\n".join(map(with_rule, lines, findings))


def _exit_code(message: str, code: int) -> int:
    """Prints a message to standard error, with tokens hidden, and returns the exit code."""
    from gitops_gen.secrets.hidden import without_tokens

    text = colour.findings(printable_lines(without_tokens(message)))
    click.echo(text, err=True, color=colour.wanted())
    return code


def _internal_error(error: Exception) -> int:
    """Reports a bug in gitops-gen.

    The exit code is 3 and not 1 as in Python, because 1 means that files are out of date. The
    message of the exception may quote a value, so it is printed only on request.
    """
    import traceback

    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} in {os.path.basename(frame.filename)}:{frame.lineno}"
    advice = f"set {DEBUG}=1 to print the traceback, and report it"
    return _exit_code(f"internal error, a bug in gitops-gen: {place}; {advice}", 3)
