"""One job in this worker process, whoever started it: the network is loaded once and serves job after job."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache

from saliscribe.batch.explain_job import Job, JobExplainer
from saliscribe.batch.outcome import Outcome
from saliscribe.batch.workplace import Workplace
from saliscribe.pipeline.offline import forbid_network
from saliscribe.pipeline.settings import ExplainSettings


@dataclass(frozen=True)
class Call:
    """What all jobs of one call share."""

    settings: ExplainSettings
    overwrite: bool
    workplace: Workplace


#: Saliency hooks into the network: threads of one process take turns.
_TURN = threading.Lock()


def explain_here(job: Job, call: Call) -> Outcome:
    """The outcome of ``job``.

    Raises:
        MissingError, UsageError: this process cannot do any job of the call: no such folder or network here, or
            another version of saliscribe.
    """
    with _TURN:
        call.workplace.enter()
        if call.settings.offline:
            forbid_network()
        return _explainer(call.settings, call.overwrite)(job)


@lru_cache(maxsize=4)
def _explainer(settings: ExplainSettings, overwrite: bool) -> JobExplainer:
    return JobExplainer(settings, overwrite)
