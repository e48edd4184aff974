"""The table of commands; each lives in a file of its own and imports nothing heavy until it runs."""

from __future__ import annotations

from typing import Annotated

import typer

import saliscribe
from saliscribe.cli.audit import audit
from saliscribe.cli.audit_bench import audit_bench
from saliscribe.cli.bench import bench
from saliscribe.cli.checklist import checklist
from saliscribe.cli.evaluate import evaluate
from saliscribe.cli.explain import explain
from saliscribe.cli.info import info
from saliscribe.cli.models import models
from saliscribe.cli.phantom import phantom
from saliscribe.cli.report import report
from saliscribe.cli.schema import schema
from saliscribe.cli.study import study
from saliscribe.cli.train import train
from saliscribe.cli.view import view

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

for command in (
    explain,
    train,
    evaluate,
    report,
    audit,
    models,
    info,
    schema,
    bench,
    view,
    phantom,
    audit_bench,
    study,
    checklist,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def saliscribe_program(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """From a contrast-enhanced brain MRI slice to an explained, checked, written finding.

    Research use only. Not a medical device.
    """
    if version:
        typer.echo(f"saliscribe {saliscribe.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
