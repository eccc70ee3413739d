"""The words on the screen in English."""

ENGLISH: dict[str, str] = {
    "language": "en",
    "title": "PerFusion Studio",
    "locale": "en-GB",
    "theme": "Light or dark",
    "design": "Design",
    "history": "History",
    "not_kept": (
        "What you save here is gone when this Space restarts: it has no persistent storage, or the "
        "data folder is not in it. Export what you want to keep."
    ),
    "teach": "Teach",
    "teach_lead": (
        "Saved picks teach two models: the one that scores, and the one that draws. It takes about "
        "80 answered rounds before held-out rounds can tell whether it helped."
    ),
    "nothing_taught": "No store has answered a round yet. Save picks on the Design page first.",
    "teach_what": "What to teach",
    "teach_both": "scores and designs",
    "teach_reward": "scores only",
    "teach_generator": "designs only",
    "teach_start": "Teach the models",
    "teach_stop": "Stop",
    "one_moment": "One moment …",
    "teach_impossible": (
        "This studio can’t teach itself: the folder “training” or its packages are not installed. "
        "Export the rounds from History and train where they are."
    ),
    "checkpoints": "Checkpoints",
    "checkpoints_lead": "What draws and scores. Switch, and switch back, without a restart.",
    "in_service": "in service",
    "put_in_service": "Put in service",
    "training_running": "Training {number} is under way. Go on designing, or close the page.",
    "training_stopping": "Training {number} stops after its next step; stop again to end it now.",
    "training_cancelled": "Training {number} was stopped. Nothing has changed.",
    "training_interrupted": (
        "Training {number} ended before its time, for example with the computer. Nothing has "
        "changed; start again, and with the same rounds it goes on where it was."
    ),
    "training_failed": "Training {number} could not be done.",
    "training_done": "Training {number} has ended.",
    "teaching_reward": "Learning to score: step {step}.",
    "teaching_generator": "Learning to draw: step {step}.",
    "minutes_left": "About {minutes} min left for this part.",
    "verdict_reward_passed": "Scores: better, so the new ones can be put in service.",
    "verdict_reward_kept_back": "Scores: no better, so the old ones stay.",
    "verdict_generator_passed": "Designs: better, so the new checkpoint can be put in service.",
    "verdict_generator_kept_back": "Designs: no better, so the old checkpoint stays.",
    "compare": "Compare",
    "compare_lead": "The same phrases and seeds for two stores, side by side.",
    "compare_start": "Draw for both",
    "compare_round": "Compare two stores",
    "first_store": "First store",
    "second_store": "Second store",
    "both_stores": "For both",
    "same_for_both": (
        "This checkpoint holds no adaptive network yet, so it draws the same for every store: "
        "here are those designs once, for both."
    ),
    "drawn_for": "Drawn for {name}",
    "scored_for": "Scored for {name}",
    "matrix_caption": "How much each store likes what was drawn for either",
    "matrix_note": (
        "Scores are against a store’s own mean over all designs shown here, in logits of the "
        "reward model."
    ),
    "stores": "Stores",
    "store": "Store",
    "choose_store": "Store that designs are for",
    "nobody": "nobody in particular",
    "no_store": "No store yet: designs are for nobody in particular.",
    "for_nobody": "Designs as anybody may like them.",
    "add_store": "Add a store",
    "new_store": "New store",
    "stores_lead": "Each store teaches the studio its own taste, round by round.",
    "form_lead": "Leave open what you don’t know: every answer may stay unknown.",
    "store_name": "Name",
    "save_store": "Save store",
    "design_for": "Design for it",
    "remove_store": "Remove",
    "store_saved": "Saved {name}.",
    "store_removed": "{name} was removed; its rounds stay.",
    "undo": "Undo",
    "more_answers": "more about it",
    "taught": "{count} rounds taught",
    "taught_one": "1 round taught",
    "search_phrases": "Search phrases",
    "all_stores": "All stores",
    "favourites": "Favourites",
    "favourite": "Round {number} is a favourite",
    "open_round": "Open round {number}",
    "delete": "Delete",
    "delete_round": "Delete round {number}",
    "round_deleted": "Round {number} was deleted.",
    "older": "Older rounds",
    "no_rounds": "No rounds yet. Generate one in Design, and it will be kept here.",
    "nothing_found": "No round is like that. Search for fewer phrases, or clear the filters.",
    "unanswered": "not answered",
    "phrases": "Phrases",
    "phrases_label": "Add a phrase",
    "phrases_first": "dress, v-neck, …",
    "phrases_more": "add a phrase",
    "remove_phrase": "Remove {phrase}",
    "keep_phrase": "Keep {phrase} as a favourite",
    "favourite_phrases": "Favourites",
    "unknown": "“{phrase}” is not known. Say it in other words, or take it out.",
    "unknown_nearest": "“{phrase}” is not known. Nearest:",
    "conflict": "",  # the phrasebook's own sentence says more
    "generate": "Generate {count}",
    "options": "Options",
    "count": "Designs in a round",
    "seed": "Seed",
    "seed_info": "Empty: a new one each time.",
    "strength": "Strength of the store’s taste",
    "strength_info": "0 draws the plain design, 1 as trained.",
    "times": "Drawn for each design shown",
    "times_info": "With more than 1, the best for the store are shown, and not all alike.",
    "cost": "Draws {drawn}, shows the best {shown}: about {time} on this machine.",
    "cost_unknown": (
        "Draws {drawn}, shows the best {shown}. How long that takes is told once this machine "
        "has drawn a round."
    ),
    "seconds": "{count} s",
    "minutes": "{count} min",
    "best_of": "best {shown} of {drawn}",
    "reference": "Start from a picture",
    "reference_own": (
        "The design in a picture of this studio becomes the start of the next round. Of any other "
        "picture the colours can be taken."
    ),
    "reference_any": "The next round starts from it, as far as you say.",
    "reference_start": "The next rounds start from this picture.",
    "reference_colours": (
        "There is no design in this picture, so only its colours can be taken. Add one to the "
        "phrases:"
    ),
    "reference_no_colours": (
        "There is no design in this picture, and no colour of a garment can be told apart in it."
    ),
    "drawn_anew": "Drawn anew",
    "take_away": "Take it away",
    "designs": "Designs",
    "design_number": "Design {number}",
    "own_part": "{own} this store",
    "score_label": "score {total}",
    "scores_for": "Scores for {name}, against this round’s mean",
    "scores_by_answers": (
        "Scores for {name}, against this round’s mean; the model knows it by its answers only"
    ),
    "scores_general": (
        "General scores, against this round’s mean. Choose a store to see its own part."
    ),
    "scores_single": "A single design has no other to be scored against.",
    "order": "Order:",
    "as_drawn": "as drawn",
    "by_score": "by score",
    "no_personal_models": (
        "This checkpoint can’t tell stores apart yet: it draws the same for each of them, and "
        "there are no scores. Your picks are kept; they are what it can learn from."
    ),
    "no_reward_model": "This checkpoint holds no reward model yet, so designs have no scores.",
    "no_adaptive_network": (
        "This checkpoint holds no adaptive network yet, so it draws the same for every store."
    ),
    "your_stores": "Your stores",
    "sample_stores": "Sample stores",
    "drawing": "Drawing",
    "cancel": "Cancel",
    "save_none": "Save picks",
    "save_one": "Save 1 pick",
    "save_many": "Save {count} picks",
    "none_of_these": "None of these",
    "more_like_these": "More like these",
    "refine": "Refine phrases",
    "blueprint": "Blueprint",
    "blueprint_busy": "Drawing the sheet …",
    "save_png": "Save PNG",
    "log_in": "Log in",
    "log_out": "Log out",
    "log_in_lead": "This studio asks who you are.",
    "user_name": "Name",
    "password": "Password",
    "sign_in_hub": "Sign in with Hugging Face",
    "download_failed": "That file could not be made. Reload the page, then try again.",
    "export_rounds": "Export for training",
    "export_format": "Format of the export",
    "export_as_rounds": "rounds: Parquet and PNG",
    "export_as_pickapic": "Pick-a-Pic’s columns",
    "export_as_trl": "TRL preference lines",
    "drop_png": "Drop a PNG of the studio to get its phrases back",
    "upload_failed": "The file could not be read. Reload the page, then try again.",
    "restored": "Phrases, number and seed are those of the PNG. Generate draws them again.",
    "start_from_dropped": "Start from the design in that PNG instead",
    "refining": "Going on from round {number}",
    "start_afresh": "start afresh",
    "lineage": "Lineage",
    "full_screen": "Design, full screen",
    "enlarge_number": "Design {number}, full screen",
    "design_of": "{number} of {total}",
    "tick": "Tick",
    "ticked": "✓ Ticked",
    "asked_for": "Asked for",
    "set_by_hand": "Set by hand",
    "generated": "Generated",
    "replaced": "Generated, then replaced to go with the rest",
    "exact_colours": "Colours",
    "change_part": "Change a part",
    "change_lead": "Keep this design and draw again its",
    "change_note": "What the phrases ask for stays.",
    "draw_again": "Draw again",
    "part_neckline": "neckline",
    "part_sleeves": "sleeves",
    "part_shape": "length and shape",
    "part_colour": "colour",
    "part_print": "print",
    "part_fabric": "fabric",
    "part_details": "details",
    "part_wearer": "wearer",
    "previous": "Previous design",
    "next": "Next design",
    "close": "Close",
    "keys": "1–{last} tick · ← → move · Enter full screen · S save",
    "empty_lead": "Say it in phrases, then pick what you would sell.",
    "how_store": "Choose a store, or stay with nobody in particular.",
    "how_phrases": (
        "Type what the design should have, one short phrase after another. Words that the model "
        "does not know are marked, with the nearest ones that it does."
    ),
    "how_ticks": (
        "Tick what you would sell and save it. What you leave counts too: the models learn a "
        "store’s taste from both."
    ),
    "empty_body": "One click draws a first round from an example:",
    "compare_empty": (
        "See how a taste changes the design: two stores, the same phrases, the same seeds. Every "
        "design is then scored for both stores, so you see who would pick what."
    ),
    "round": "Round {number}",
    "new_round": "New round",
    "waiting": "Number {place} in the queue, {count} before this one",
    "starting": "Reading the phrases",
    "step": "Step {step} of {total}",
    "step_left": "Step {step} of {total} · about {seconds} s left",
    "cancelled": "Cancelled. The phrases are still there: generate again when you like.",
    "failed": "This round could not be drawn. Generate it again.",
    "interrupted": "The studio stopped while this was drawn. Generate again to get it.",
    "saved": "Saved {count} of {total}.",
    "saved_none": "Noted: none of these.",
    "saved_over": "This replaces an answer from another tab ({count} picked).",
    "answered": "{count} picked",
    "answered_none": "none picked",
    "more_saved": "Saved {count} of {total}. Drawing more like them.",
    "variation_of": "more like round {number}",
    "changed": "{parts} of a design of round {number} drawn again",
    "from_picture": "from a picture",
    "for_store": "for {name}",
    "seed_note": "seed {seed}",
}
"""Sentences about errors, and what a store is asked, are in English where they arise."""
