"""The whole comparison: networks, saliency methods, threshold rules and writers, with honest statistics."""

from saliscribe.callable_package import make_callable

make_callable(__name__, "saliscribe.study.run_study:study")
