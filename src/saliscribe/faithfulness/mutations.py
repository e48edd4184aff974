"""The 51 ways in which a report is made false, by the letter of what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass

from saliscribe.faithfulness import mutate_certainty as certainty
from saliscribe.faithfulness import mutate_class as disease
from saliscribe.faithfulness import mutate_omission as omission
from saliscribe.faithfulness import mutate_place as place
from saliscribe.faithfulness import mutate_polarity as polarity
from saliscribe.faithfulness import mutate_provenance as provenance
from saliscribe.faithfulness import mutate_quantity as quantity
from saliscribe.faithfulness import mutate_side as side
from saliscribe.faithfulness.draft import Mutator
from saliscribe.faithfulness.mutate_invention import inventing


@dataclass(frozen=True)
class Mutation:
    """``id`` is a letter with a number; ``mutate`` gives ``None`` for a report that it does not apply to."""

    id: str
    what: str
    mutate: Mutator

    @property
    def letter(self) -> str:
        """A side, B place, C class, D quantity, E polarity, F certainty, G invention, H omission, I provenance."""
        return self.id[0]


MUTATIONS: tuple[Mutation, ...] = (
    Mutation("A1", "all sides swapped", side.all_swapped),
    Mutation("A2", "one side swapped", side.one_swapped),
    Mutation("A3", "bilateral", side.bilateral),
    Mutation("A4", "side dropped", side.dropped),
    Mutation("A5", "synonym of the other side", side.synonym),
    Mutation("A6", "other hemisphere", side.other_hemisphere),
    Mutation("B1", "lobe changed", place.lobe_changed),
    Mutation("B2", "structure replaced", place.structure_replaced),
    Mutation("B3", "structure added", place.structure_added),
    Mutation("B4", "largest structure dropped", place.structure_dropped),
    Mutation("B5", "neighbour in the same gyrus", place.neighbour),
    Mutation("B6", "coarse for fine, with its share", place.coarse_for_fine),
    Mutation("B7", "wrong function or system", place.wrong_role),
    Mutation("C1", "class swapped", disease.class_swapped),
    Mutation("C2", "invented grade or subtype", disease.invented_grade),
    Mutation("C3", "metastasis, abscess and others", disease.other_disease),
    Mutation("C4", "second class first", disease.second_first),
    Mutation("C5", "another patient's sentence", disease.another_patient),
    Mutation("D1", "value changed", quantity.value_changed),
    Mutation("D2", "mm for cm", quantity.unit_changed),
    Mutation("D3", "decimal point shifted", quantity.decimal_shifted),
    Mutation("D4", "shares swapped", quantity.shares_swapped),
    Mutation("D5", "share of something else", quantity.denominator),
    Mutation("D6", "probability changed", quantity.probability_changed),
    Mutation("D7", "false precision", quantity.false_precision),
    Mutation("D8", "wrong number in words", quantity.number_in_words),
    Mutation("D9", "value copied across fields", quantity.value_copied),
    Mutation("D10", "diameter for area", quantity.diameter_for_area),
    Mutation("E1", "negation added", polarity.negation_added),
    Mutation("E2", "negation removed", polarity.negation_removed),
    Mutation("E3", "not assessed told as absent", polarity.not_assessed_as_absent),
    Mutation("E4", "double negation", polarity.double_negation),
    Mutation("E5", "contradiction elsewhere", polarity.contradicted_elsewhere),
    Mutation("F1", "possible told as confirmed", certainty.confirmed),
    Mutation("F2", "hedge dropped", certainty.hedge_dropped),
    Mutation("F3", "warnings dropped", certainty.warning_dropped),
    Mutation("G1", "oedema invented", inventing("oedema")),
    Mutation("G2", "midline shift invented", inventing("midline shift")),
    Mutation("G3", "enhancement pattern invented", inventing("enhancement")),
    Mutation("G4", "prior or growth invented", inventing("growth")),
    Mutation("G5", "symptom or history invented", inventing("symptom")),
    Mutation("G6", "advice invented", inventing("advice")),
    Mutation("G7", "prognosis invented", inventing("prognosis")),
    Mutation("G8", "display colour read as biology", inventing("display colour")),
    Mutation("H1", "class left out", omission.class_omitted),
    Mutation("H2", "size left out", omission.size_omitted),
    Mutation("H3", "uncertainty left out", omission.uncertainty_omitted),
    Mutation("H4", "not assessed left out", omission.list_omitted),
    Mutation("H5", "research-use notice left out", omission.notice_omitted),
    Mutation("I1", "wrong saliency method", provenance.wrong_method),
    Mutation("I2", "metric renamed or re-attributed", provenance.metric_renamed),
)
