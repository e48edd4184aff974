"""G: what no single contrast-enhanced T1 slice can show, told as if it had been seen."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from saliscribe.faithfulness.draft import Draft, Line, Mutant, Mutator, added, replaced

#: Kind -> whole sentences, and clauses that are hung on a true sentence.
INVENTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "oedema": (
        ("There is marked perifocal oedema.", "Vasogenic edema surrounds the lesion.",
         "The surrounding white matter is swollen.", "A rim of oedema is present.",
         "Moderate perilesional swelling is noted.", "Oedema extends along the white matter tracts."),
        ("with surrounding oedema", "accompanied by perilesional edema", "with mild swelling around it"),
    ),
    "midline shift": (
        ("There is a midline shift of 4 mm.", "The midline is displaced to the opposite side.",
         "The septum pellucidum is shifted.", "Subfalcine herniation is present.",
         "Mass effect on the ventricles is seen.", "The midline structures are deviated."),
        ("with a midline shift of 6 mm", "causing mass effect", "displacing the midline structures"),
    ),
    "enhancement": (
        ("The lesion enhances homogeneously.", "There is ring enhancement.", "Heterogeneous contrast uptake is seen.",
         "A dural tail is present.", "The centre is necrotic.", "The margin enhances avidly after gadolinium."),
        ("with ring enhancement", "showing homogeneous enhancement", "with a necrotic centre"),
    ),
    "growth": (
        ("The lesion has grown since the previous examination.", "Compared with the prior scan it is stable.",
         "There is interval progression.", "It was not present on the earlier MRI.", "This is a recurrence.",
         "The size is unchanged from last year."),
        ("unchanged from the prior study", "larger than on the previous scan", "consistent with recurrence"),
    ),
    "symptom": (
        ("The patient presents with seizures.", "This explains the patient's headache.",
         "The patient complains of visual loss.", "A hemiparesis is to be expected.",
         "The patient is 54 years old.", "There is a history of breast cancer."),
        ("explaining the patient's headaches", "in a patient with seizures", "causing visual field loss"),
    ),
    "advice": (
        ("Biopsy is recommended.", "Surgical resection should be considered.",
         "Follow-up MRI in three months is advised.",
         "Neurosurgical consultation is suggested.", "Steroids should be started.", "Correlate clinically."),
        ("for which resection is recommended", "and follow-up is advised", "so a biopsy should be taken"),
    ),
    "prognosis": (
        ("The prognosis is poor.", "The lesion is benign.", "Survival is expected to be short.",
         "This tumour is aggressive.", "A favourable outcome can be expected.", "The lesion is malignant."),
        ("with a poor prognosis", "which is benign", "with aggressive behaviour"),
    ),
    "display colour": (
        ("The red area shows high metabolic activity.", "The bright colours mark active tumour cells.",
         "The yellow zone is highly vascular.", "Warm colours show where the tumour infiltrates.",
         "The blue rim is healthy tissue.", "The hot spot corresponds to a proliferating core."),
        ("the red core being metabolically active", "the warm colours showing active tumour",
         "with the blue zone being oedema"),
    ),
}  # fmt: skip


def inventing(kind: str) -> Mutator:
    """The mutator that invents one kind of thing, as a sentence or as a clause."""
    told, hung = INVENTIONS[kind]

    def mutate(draft: Draft, draw: Random) -> Mutant | None:
        wrong = f"{kind} was not assessed"
        carriers = [at for at, line in enumerate(draft.lines) if _is_about_the_lesion(line)]
        if carriers and draw.random() < 0.4:
            at = draw.choice(carriers)
            line = draft.lines[at]
            text = f"{line.text.rstrip('.')}, {draw.choice(hung)}."
            return replaced(draft, {at: line.with_text(text)}, wrong)
        section = "findings" if kind not in ("advice", "prognosis") else "impression"
        return added(draft, draw.choice(told), wrong, draw, section)

    return mutate


def _is_about_the_lesion(line: Line) -> bool:
    """True for a sentence of findings or impression to which a clause about the lesion can be added."""
    lesion = {about.rpartition(".")[0] for about in line.states} & {"F5", "F6", "F7", "F9"}
    return line.section in ("findings", "impression") and bool(lesion) and ";" not in line.text
