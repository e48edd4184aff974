"""The program ``saliscribe``: calls the command and turns what happened into one line and an exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from saliscribe.cli.app import app
from saliscribe.cli.missing_package import missing_package
from saliscribe.errors import SaliscribeError
from saliscribe.io.cannot_write import cannot_write, is_about_the_place

#: Ctrl-C, as shells expect it.
INTERRUPTED = 130
#: Nobody reads standard output any more, so that the rest was not done.
UNREAD = 141
#: New objects before the garbage collector looks at them, and at older ones: the usual 700 make it look through
#: all of torch again and again while that is imported.
COLLECT_AFTER = (50_000, 20, 100)
BUG = 70
USAGE = 2

#: The root of typer's own errors about the command line (typer carries its own copy of click).
_CommandLineError = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(*COLLECT_AFTER)
    if sys.stdout is None:  # started without one (``>&-``, or from a desktop)
        sys.stdout = io.StringIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # For programs always UTF-8; what cannot be encoded (a file name may be anything) is escaped as JSON does it.
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    code = run(sys.argv[1:])
    _flush()
    gc.freeze()  # or the interpreter looks through everything once more before it ends
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit codes are part of the contract, and only a bug shows a traceback."""
    try:
        code = app(args=list(arguments), prog_name="saliscribe", standalone_mode=False)
        # typer turns Ctrl-C into this code by itself.
        return _interrupted() if code == INTERRUPTED else code if isinstance(code, int) else 0
    except SaliscribeError as error:
        return _complain(error.one_line(), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return _interrupted()
    except (BrokenPipeError, SystemExit):  # typer leaves at once when nobody reads (``| head``)
        return UNREAD
    except Exception as error:
        if isinstance(error, OSError) and is_about_the_place(error):
            refused = cannot_write(error, error.filename or "the output")
            return _complain(refused.one_line(), refused.exit_code)
        if isinstance(error, ModuleNotFoundError) and (missing := missing_package(error.name or "")):
            return _complain(missing.one_line(), missing.exit_code)
        if isinstance(error, _CommandLineError):
            return _complain(_usage_line(error), USAGE)
        traceback.print_exc()
        return _complain("this is a bug in saliscribe; the lines above help to find it", BUG)


def _interrupted() -> int:
    return _complain("interrupted; run the same command again to finish what is missing", INTERRUPTED)


def _complain(line: str, code: int) -> int:
    print(f"error: {line}", file=sys.stderr)
    return code


def _usage_line(error: Exception) -> str:
    message = (
        " ".join(str(error.format_message()).split()) if hasattr(error, "format_message") else str(error)
    )
    message = message.replace(": Value error, ", ": ")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "saliscribe"
    return f"{message} (see '{command} --help')"


def _flush() -> None:
    """Flush standard output; a reader that has gone away (``| head``) is no error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
