"""Text against findings: ``saliscribe.audit(report, findings)`` gives a verdict per sentence."""

from saliscribe.callable_package import make_callable

make_callable(__name__, "saliscribe.pipeline.audit:audit")
