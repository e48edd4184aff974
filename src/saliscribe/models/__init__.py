"""Networks: what there is (``saliscribe.models()``), loading, predicting."""

from saliscribe.callable_package import make_callable

make_callable(__name__, "saliscribe.models.catalogue:models")
