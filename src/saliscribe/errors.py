"""One small tree of errors. Each says what was expected, what came, where, and what to do."""

from __future__ import annotations


class SaliscribeError(Exception):
    """Root of the errors that a person can act on; shown as one line, never as a traceback.

    ``exit_code`` is part of the product contract: 2 wrong usage, 3 unreadable input,
    4 something needed is missing, 5 a report did not pass the audit.
    """

    exit_code = 70

    def __init__(
        self, problem: str, *, expected: str = "", got: str = "", where: str = "", do: str = ""
    ) -> None:
        self.problem = problem
        self.expected = expected
        self.got = got
        self.where = where
        self.do = do
        super().__init__(self.one_line())

    def one_line(self) -> str:
        """The whole message on one line, in the order: where, problem, expected, got, what to do."""
        parts = [self.problem]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.got:
            parts.append(f"got {self.got}")
        if self.do:
            parts.append(f"to do: {self.do}")
        line = "; ".join(parts)
        if self.where:
            line = f"{self.where}: {line}"
        return " ".join(line.split())


class UsageError(SaliscribeError):
    """The call itself is wrong: an unknown name, an impossible combination, a bad value."""

    exit_code = 2


class InputError(SaliscribeError):
    """An input file or folder could not be read as what it claims to be."""

    exit_code = 3


class MissingError(SaliscribeError):
    """Something needed is not here (weights, atlas, extra, key); ``do`` says how to get it."""

    exit_code = 4


class AuditError(SaliscribeError):
    """A report did not pass the audit."""

    exit_code = 5
