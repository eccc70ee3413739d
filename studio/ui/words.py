"""Every word on the screen that is not a person's own, in one place."""

WORDS: dict[str, str] = {
    "title": "PerFusion Studio",
    "design": "Design",
    "phrases": "Phrases",
    "phrases_label": "Add a phrase",
    "phrases_first": "dress, v-neck, …",
    "phrases_more": "add a phrase",
    "remove_phrase": "Remove {phrase}",
    "unknown": "“{phrase}” is not known. Say it in other words, or take it out.",
    "unknown_nearest": "“{phrase}” is not known. Nearest:",
    "generate": "Generate {count}",
    "options": "Options",
    "count": "Designs in a round",
    "seed": "Seed",
    "seed_info": "Empty: a new one each time.",
    "designs": "Designs",
    "design_number": "Design {number}",
    "drawing": "Drawing",
    "cancel": "Cancel",
    "save_one": "Save 1 pick",
    "save_many": "Save {count} picks",
    "none_of_these": "None of these",
    "keys": "1–{last} tick · ← → move · S save",
    "empty_lead": "Say it in phrases, then pick what you would sell.",
    "empty_body": (
        "Type what the design should have, one short phrase after another. Words that the model "
        "does not know are marked, with the nearest ones that it does. Or start from an example:"
    ),
    "round": "Round {number}",
    "new_round": "New round",
    "waiting": "Waiting for {count} before this one",
    "starting": "Reading the phrases",
    "step": "Step {step} of {total}",
    "step_left": "Step {step} of {total} · about {seconds} s left",
    "cancelled": "Cancelled. The phrases are still there: generate again when you like.",
    "failed": "This round could not be drawn. Generate it again.",
    "interrupted": "The studio stopped while this was drawn. Generate again to get it.",
    "saved": "Saved {count} of {total}.",
    "saved_none": "Noted: none of these.",
    "answered": "{count} picked",
    "answered_none": "none picked",
    "seed_note": "seed {seed}",
}

EXAMPLES = (
    "dress, v-neck, slim-fit, long sleeves, long-hair model",
    "blouse, ruffles, puff sleeves, ivory",
    "coat, belt, knee-length, camel",
)
