"""Cells that try saliency maps: against null maps, with shuffled weights, and under harmless changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from saliscribe.core.names import CLASSES, CamMethod
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.core.records.prepared import Crop, Prepared
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.core.windows import paste_window
from saliscribe.metrics.pointing import pointing_game
from saliscribe.models.backbones import cam_layers
from saliscribe.models.network import Network, load_network
from saliscribe.models.predict import predict
from saliscribe.preprocess.prepare_labelled import prepare_labelled
from saliscribe.saliency.attribute import Picture, attribute_batch
from saliscribe.saliency.harmless import HARMLESS
from saliscribe.saliency.normalise import min_max
from saliscribe.saliency.null_maps import centred_gaussian_map, edge_map, same_spectrum, uniform_noise
from saliscribe.saliency.pixel_curves import pixel_curves
from saliscribe.saliency.randomise import randomised
from saliscribe.study.cell_store import CellStore
from saliscribe.study.choose_slices import StudyData, of_some_patients, spread
from saliscribe.study.find_networks import FoldNetwork, StudyNetwork
from saliscribe.study.label_control import label_cell
from saliscribe.study.score_cells import cell_key, fold_word
from saliscribe.study.settings import StudyPlan
from saliscribe.study.trust_names import CASCADE, INVERTED, NULLS, OWN, RUNNER_UP, SHUFFLED

Coarse = NDArray[np.float32]
Shift = tuple[float, float]


def trust_cells(
    network: StudyNetwork, data: StudyData, plan: StudyPlan, store: CellStore
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables ``trust`` and ``sanity`` of one network: a cell per fold and method, and one of the label control."""
    tried = of_some_patients(data.map_slices, plan.trust.patients)
    sane = of_some_patients(tried, plan.trust.sanity_patients)
    parts = (
        _cells("sanity", _sanity_rows, network, spread(sane, 1), plan, store),
        label_cell(network, data, plan, store, compare_maps),
    )
    return _cells("trust", _trust_rows, network, spread(tried, 1), plan, store), pd.concat(parts)


def _cells(
    kind: str,
    make: Callable[[Network, Sequence[LabelledSlice], CamMethod, int], Iterator[Mapping[str, Any]]],
    network: StudyNetwork,
    slices: Sequence[LabelledSlice],
    plan: StudyPlan,
    store: CellStore,
) -> pd.DataFrame:
    steps = plan.trust.steps if kind == "trust" else 0
    cells = []
    for one in network.folds:
        own = one.slices_of(tuple(slices))
        for method in plan.methods if own else ():

            def compute(one: FoldNetwork = one, own: Any = own, method: CamMethod = method) -> list[Any]:
                return list(make(load_network(one.folder, "auto", "float32"), own, method, steps))

            layer = cam_layers(network.plan.backbone)[method]
            placing = one.placing(layer) if kind == "trust" else {}
            key = cell_key(kind, one, own, method=method, layer=layer, steps=steps, **placing)
            cells.append(store.rows(f"{kind}/{network.name}/{method}/{fold_word(one)}", key, compute))
    if not cells:
        return pd.DataFrame()
    whole = pd.concat(cells, ignore_index=True)
    whole.insert(0, "network", network.name)
    return whole


def _trust_rows(
    network: Network, slices: Sequence[LabelledSlice], method: CamMethod, steps: int
) -> Iterator[Mapping[str, Any]]:
    """Per slice, one row for the map, its negative and every null map."""
    ready = [prepare_labelled(one, network.input_size) for one in slices]
    targets = [_likeliest(network, one) for one, _ in ready]
    found = [
        _map_of(network.net, one.network_input, one, target, method)
        for (one, _), target in zip(ready, targets, strict=True)
    ]
    others = [*found[1:], *found[:1]] if len(found) > 1 else [None]
    for at, (item, (one, truth)) in enumerate(zip(slices, ready, strict=True)):
        rng = np.random.default_rng((0, at))
        own, shift = found[at].coarse, found[at].shift
        maps = {OWN: (own, shift), INVERTED: (-own, shift), **_nulls(own, others[at], one, rng)}
        window = Crop(0, 0, network.input_size)
        heats = [
            paste_window(values, window, (window.size,) * 2, shift=moved) for values, moved in maps.values()
        ]
        curves = pixel_curves(network.net, one.network_input, heats, targets[at], steps)
        for (name, placed), its in zip(maps.items(), curves, strict=True):
            yield {
                **_who(item), "method": method, "map": name, "layer": found[at].layer,
                "insertion": its.insertion, "deletion": its.deletion,
                "pointing": _pointing(*placed, one, truth),
            }  # fmt: skip


def _nulls(
    own: Coarse, other: SaliencyMap | None, one: Prepared, rng: np.random.Generator
) -> dict[str, tuple[Coarse, Shift]]:
    """The null maps of one slice and their shifts; a patient alone in its fold has no other patient's map."""
    shape = (own.shape[0], own.shape[1])
    drawn = (
        uniform_noise(shape, rng),
        same_spectrum(own, rng),
        centred_gaussian_map(shape),
        edge_map(one.network_input, shape),
    )
    placed = [(values, (0.0, 0.0)) for values in drawn] + (
        [] if other is None else [(other.coarse, other.shift)]
    )
    return dict(zip(NULLS, placed, strict=False))


def _sanity_rows(
    network: Network, slices: Sequence[LabelledSlice], method: CamMethod, steps: int
) -> Iterator[Mapping[str, Any]]:
    """Per slice, how alike the map is (Spearman) once weights are shuffled, the runner-up is asked for, or the picture
    is changed harmlessly.
    """
    forgotten = {share: randomised(network.net, share).eval() for share in CASCADE}
    for item in slices:
        one, _ = prepare_labelled(item, network.input_size)
        target, runner_up, *_ = _ranked(network, one)
        own = _coarse(network, one, target, method)
        again = {
            f"{SHUFFLED} {share:g}": _coarse_of(net, one.network_input, one, target, method)
            for share, net in forgotten.items()
        }
        again[RUNNER_UP] = _coarse(network, one, runner_up, method)
        for name, its in HARMLESS.items():
            again[name] = its.undo(
                _coarse_of(network.net, its.change(one.network_input), one, target, method)
            )
        for change, coarse in again.items():
            yield {**_who(item), "method": method, "change": change, "likeness": likeness(own, coarse)}


def compare_maps(
    network: Network, others: Mapping[str, Network], slices: Sequence[LabelledSlice], method: CamMethod
) -> Iterator[Mapping[str, Any]]:
    """Per slice and other network, how alike the maps of the two are, for the class that ``network`` finds likeliest.

    The others are shown the same picture, at the size of ``network``.
    """
    for item in slices:
        one, _ = prepare_labelled(item, network.input_size)
        target = _likeliest(network, one)
        own = _coarse(network, one, target, method)
        for change, other in others.items():
            alike = likeness(own, _coarse(other, one, target, method))
            yield {**_who(item), "method": method, "change": change, "likeness": alike}


def likeness(first: Coarse, second: Coarse) -> float:
    """Spearman's rank correlation of two maps; 0 where one of them is flat, 1 where both are."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float(np.ptp(first) == np.ptp(second))
    return float(stats.spearmanr(first.ravel(), second.ravel()).statistic)


def _who(item: LabelledSlice) -> dict[str, Any]:
    return {"file": item.path.name, "patient": item.patient, "fold": item.fold, "label": item.label}


def _likeliest(network: Network, one: Prepared) -> int:
    return _ranked(network, one)[0]


def _ranked(network: Network, one: Prepared) -> list[int]:
    """Class indices, the likeliest first."""
    logits = predict(network, one).logits
    return sorted(range(len(CLASSES)), key=lambda index: -logits[index])


def _coarse(network: Network, one: Prepared, target: int, method: CamMethod) -> Coarse:
    return _coarse_of(network.net, one.network_input, one, target, method)


def _coarse_of(
    net: Any, network_input: NDArray[np.float32], one: Prepared, target: int, method: CamMethod
) -> Coarse:
    return _map_of(net, network_input, one, target, method).coarse


def _map_of(
    net: Any, network_input: NDArray[np.float32], one: Prepared, target: int, method: CamMethod
) -> SaliencyMap:
    shape = (one.grey.shape[0], one.grey.shape[1])
    picture = Picture(network_input, one.crop, shape, CLASSES[target])
    return attribute_batch(net, [picture], (method,))[0][method]


def _pointing(coarse: Coarse, shift: Shift, one: Prepared, truth: NDArray[np.bool_] | None) -> float | None:
    if truth is None:
        return None
    shape = (one.grey.shape[0], one.grey.shape[1])
    hit = pointing_game(paste_window(min_max(coarse), one.crop, shape, shift=shift), truth)
    return None if hit is None else float(hit)
