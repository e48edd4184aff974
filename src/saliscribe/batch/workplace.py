"""What a worker on another machine must share with the command that it works for: the folder and the version."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import saliscribe
from saliscribe.errors import MissingError


@dataclass(frozen=True)
class Workplace:
    """Where relative paths begin, and whose results are meant; made by the command, entered by its workers."""

    folder: str = field(default_factory=os.getcwd)
    version: str = saliscribe.__version__

    def enter(self) -> None:
        """Work in ``folder``, so that every path means the same everywhere.

        Raises:
            MissingError: this process runs another version, or does not see the folder.
        """
        if self.version != saliscribe.__version__:
            raise MissingError(
                "a worker runs another saliscribe",
                expected=self.version,
                got=saliscribe.__version__,
                do="start the workers from the environment of this command",
            )
        try:
            os.chdir(self.folder)
        except OSError as error:
            raise MissingError(
                "a worker does not see the folder that the command was started in",
                where=self.folder,
                got=str(error.strerror),
                do="start it in a folder of a file system that all workers share",
            ) from None
