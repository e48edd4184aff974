"""``saliscribe view``: a local viewer over result folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import saliscribe
from saliscribe.errors import UsageError


def view(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that explain -o wrote to.")],
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="[default: 8765 or the next free one; 0: any]")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to answer on; other than the loopback, other machines can read.")
    ] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the index as one self-contained page instead; serve nothing."
        ),
    ] = None,
) -> None:
    """Look through result folders in a browser; results of a run that goes on appear by themselves."""
    if html is not None:
        if port is not None or no_browser:
            raise UsageError("--html serves nothing", got="--port or --no-browser", do="leave one out")
        from saliscribe.viewer.write_index import write_index

        typer.echo(str(write_index(out, html)))
        return
    with saliscribe.view(out, host=host, port=port, browser=not no_browser) as viewer:
        typer.echo(viewer.url)
        typer.echo("note: Ctrl-C stops the viewer", err=True)
        if not viewer.is_private:
            typer.echo(f"note: whoever can reach {host} can read these results", err=True)
        try:
            viewer.wait()
        except KeyboardInterrupt:
            typer.echo("stopped", err=True)
