import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from studio import domain
from studio.design.contradictions import Conflict, Reason
from studio.design.dyes import dyes_of
from studio.design.phrasebook import Phrasebook
from studio.design.spec import DesignSpec, spec_of_values
from studio.domain import (
    Candidate,
    CandidateGroup,
    GenerationRequest,
    Job,
    JobState,
    RoundRequest,
    SeedError,
    StorageError,
    Store,
    StoreNameError,
)
from studio.drawing.engine import ENGINE_VERSION
from studio.perfusion.profile import FASHION_SCHEMA, STORE_ID
from studio.selling import errors
from studio.services.comparison import ScoreMatrix
from studio.services.export import ExportFormat
from studio.services.jobs import Progress
from studio.services.known_designs import KnownDesign, KnownDesigns
from studio.services.parts import Part, free_names
from studio.services.prompt_reading import Chip, PromptReading
from studio.services.scores import RoundScores, Score
from studio.services.studio import JobStatus
from studio.services.teaching import Training, TrainingState
from studio.storage import request_rows
from studio.storage.database import IN_MEMORY, Database
from studio.storage.image_files import ImageFiles
from studio.ui.api import group_record
from studio.ui.compare_view import compare_view
from studio.ui.design_view import design_view, part_names
from studio.ui.history_tab import rounds_view
from studio.ui.options_panel import cost_sentence
from studio.ui.phrase_field import phrase_view, prompt_of
from studio.ui.score_view import pick_sentence, score_note
from studio.ui.seed import parse_seed
from studio.ui.store_card import absence_note
from studio.ui.teach_tab import teach_view
from studio.ui.tile_board import empty_view, group_view, status_view
from studio.ui.words import CHINESE, ENGLISH, EXAMPLES, Words

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "studio" / "ui"
CHECKPOINT = ROOT / "checkpoints" / "atelier"
WORDS = Words(ENGLISH, {})
IN_CHINESE = Words(CHINESE, {"dress": "连衣裙", "red": "红色"})
NOW = datetime(2026, 11, 23, tzinfo=UTC)
REQUEST = RoundRequest(generation=GenerationRequest(prompt="red, dress", num_candidates=2, seed=9))


@pytest.fixture(scope="module")
def known(generator, tmp_path_factory) -> Iterator[KnownDesigns]:
    database = Database(IN_MEMORY)
    yield KnownDesigns(database, ImageFiles(tmp_path_factory.mktemp("images")), generator)
    database.close()


def a_group(
    selected: frozenset[int] | None = None, request: RoundRequest = REQUEST
) -> CandidateGroup:
    return CandidateGroup(
        id=15,
        parent_id=request.parent_id,
        request=request,
        prompt="dress, red",
        made_at=NOW,
        candidates=(
            Candidate(id=301, position=1, seed=9, image="a" * 64),
            Candidate(id=302, position=2, seed=10, image="b" * 64),
        ),
        selected_ids=selected,
    )


def a_status(
    state: JobState, progress: Progress | None = None, waiting: int = 0, message: str = ""
) -> JobStatus:
    job = Job(id=7, request=REQUEST, state=state, made_at=NOW, message=message)
    return JobStatus(job, progress or Progress(), waiting, None)


def test_tiles_carry_ids_and_addresses_without_a_path():
    view = group_view([a_group()], WORDS)

    assert [tile["id"] for tile in view["tiles"]] == [301, 302]
    assert view["tiles"][0]["image"] == f"images/{'a' * 64}.png"


def a_design(
    repaired: frozenset[str] = frozenset(), fixed: frozenset[str] = frozenset()
) -> DesignSpec:
    values = {"category": "dress", "colour": "red", "pattern": "floral", "belt": "tied sash"}
    design = spec_of_values(values, asked={"category", "colour"})
    return replace(design, repaired=repaired, fixed=fixed)


def test_who_chose_what_is_told_of_each_design_in_the_language_of_the_page(known):
    design = a_design(repaired=frozenset({"closure", "fabric"}), fixed=frozenset({"belt"}))

    view = design_view(KnownDesign.of_spec(design), known, IN_CHINESE)

    told = dict(view["told"])
    assert [*told] == ["已指定", "手动设定", "由模型生成", "生成后替换，以便与其余部分搭配"]
    assert told["已指定"] == "连衣裙, 红色"
    assert told["手动设定"] == "tied sash"
    assert told["生成后替换，以便与其余部分搭配"] == "cotton"
    assert "none" not in told["由模型生成"].split(", ")


def test_the_exact_colours_of_a_design_are_shown(known):
    view = design_view(KnownDesign.of_spec(a_design()), known, IN_CHINESE)

    assert view["colours"][0]["name"] == "红色"
    assert [each["hex"] for each in view["colours"]] == [dye.hex for dye in dyes_of(a_design())]
    assert len(view["colours"]) == 3


def test_of_an_older_design_its_words_are_told_and_no_exact_colour(known):
    words = KnownDesign({"category": "dress", "length": "midi"}, frozenset({"category"}))

    view = design_view(words, known, WORDS)

    assert view["told"] == [["Asked for", "dress"], ["Generated", "midi"]]
    assert view["colours"] == []
    assert view["can_change"]


@pytest.mark.parametrize(
    "design", [KnownDesign({}), KnownDesign({"category": "dress"}, frozenset({"category"}))]
)
def test_a_picture_whose_design_nobody_knows_has_no_part_to_change(known, design):
    assert not design_view(design, known, WORDS)["can_change"]


def test_every_tile_has_the_same_parts_with_and_without_a_design(known):
    designs = {301: design_view(KnownDesign.of_spec(a_design()), known, WORDS)}

    tiles = group_view([a_group()], WORDS, designs=designs)["tiles"]
    tiles += status_view(a_status(JobState.RUNNING), (), WORDS)["tiles"]

    assert len({frozenset(tile) for tile in tiles}) == 1
    assert tiles[0]["told"]
    assert tiles[1]["told"] == []


@pytest.mark.parametrize("words", [WORDS, IN_CHINESE], ids=["en", "zh"])
def test_every_part_of_a_design_has_a_name(words):
    names = part_names(words)

    assert [part for part, _ in names] == [*Part]
    assert len({name for _, name in names}) == len(Part)


def test_a_large_picture_has_another_address_for_another_drawing_engine():
    tile = group_view([a_group()], WORDS)["tiles"][0]

    assert tile["large"] == f"large/{'a' * 64}.png?engine={ENGINE_VERSION}"


def test_a_round_of_which_a_part_was_drawn_again_says_so():
    free = tuple(free_names(["sleeves", "fabric"]))
    generation = replace(REQUEST.generation, kept=a_design().to_json(), free=free)
    request = replace(REQUEST, generation=generation, parent_id=12)

    note = group_view([a_group(request=request)], WORDS)["note"]

    assert "sleeves, fabric of a design of round 12 drawn again" in note


def test_other_programs_get_designs_as_records():
    first, second = a_group().candidates
    with_design = replace(first, design=a_design().to_json())
    group = replace(a_group(), candidates=(with_design, replace(second, lots="red, dress")))

    one, other = group_record(group)["candidates"]

    assert one["design"]["values"]["belt"] == "tied sash"
    assert one["design"]["asked"] == ["category", "colour"]
    assert other["design"] is None
    assert other["lots"] == "red, dress"


@pytest.mark.parametrize(
    ("selected", "ticked", "note"),
    [
        (None, [], "seed 9"),
        (frozenset(), [], "none picked"),
        (frozenset({302}), [302], "1 picked"),
    ],
)
def test_an_answer_is_shown_with_its_round(selected, ticked, note):
    view = group_view([a_group(selected)], WORDS)

    assert view["ticked"] == ticked
    assert note in view["note"]


def test_a_score_is_a_rank_and_how_often_the_store_picks_the_design():
    scores = RoundScores({301: Score(8.5, 8.0), 302: Score(9.5, 7.75)}, store_id=4, pick_slope=2.2)

    first, second = (tile["score"] for tile in group_view([a_group()], WORDS, scores)["tiles"])

    assert (first["rank"], first["plain"]) == ("2 of 2", "picks it 1 of 4 times")
    assert (second["rank"], second["plain"]) == ("1 of 2", "picks it 3 of 4 times")
    assert (first["is_up"], second["is_up"]) == (False, True)
    assert "+0.50, of which +0.62 is the store’s own" in second["tip"]
    assert first["order"] < second["order"]


def test_without_a_calibration_only_the_rank_is_told():
    scores = RoundScores({301: Score(8.5, 8.0), 302: Score(9.5, 7.75)}, store_id=4)

    view = group_view([a_group()], WORDS, scores)

    assert [tile["score"]["plain"] for tile in view["tiles"]] == [None, None]


def test_equal_scores_share_a_rank():
    scores = RoundScores({301: Score(1.0, 1.0), 302: Score(1.0, 1.0)}, store_id=4, pick_slope=1.0)

    view = group_view([a_group()], WORDS, scores)

    assert [tile["score"]["rank"] for tile in view["tiles"]] == ["1 of 2", "1 of 2"]
    assert [tile["score"]["plain"] for tile in view["tiles"]] == ["picks it 1 of 2 times"] * 2


def test_nobody_in_particular_picks_nothing_and_has_no_own_part():
    scores = RoundScores({301: Score(2.0, 2.0), 302: Score(1.0, 1.0)}, pick_slope=1.0)

    view = group_view([a_group()], WORDS, scores)

    assert [tile["score"]["plain"] for tile in view["tiles"]] == [None, None]
    assert all("own" not in tile["score"]["tip"] for tile in view["tiles"])


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.0, "1 of 20"),
        (0.09, "1 of 10"),
        (0.34, "1 of 3"),
        (0.5, "1 of 2"),
        (0.68, "2 of 3"),
        (0.91, "9 of 10"),
        (1.0, "19 of 20"),
    ],
)
def test_chances_are_told_as_people_say_them(chance, said):
    assert pick_sentence(chance, WORDS) == f"picks it {said} times"


TWO = {301: Score(2.0, 2.0), 302: Score(1.0, 1.0)}


@pytest.mark.parametrize(
    ("scores", "note"),
    [
        (None, ""),
        (RoundScores(TWO), "General scores"),
        (RoundScores(TWO, store_id=4, is_known=True), "Scores for Maison Nord"),
        (RoundScores(TWO, store_id=4), "by its answers only"),
        (RoundScores({301: Score(1.0, 1.0)}, store_id=4), "single design"),
    ],
)
def test_whose_scores_they_are_is_told(scores, note):
    assert note in score_note(scores, {4: "Maison Nord"}, WORDS)


@pytest.mark.parametrize(
    ("can_score", "is_personal", "sentence"),
    [
        (False, False, "tell stores apart"),
        (False, True, "no reward model"),
        (True, False, "no adaptive network"),
        (True, True, ""),
    ],
)
def test_what_a_checkpoint_cannot_do_is_told_plainly(can_score, is_personal, sentence):
    note = absence_note(can_score, is_personal, WORDS)

    assert sentence in note
    assert bool(note) == bool(sentence)


@pytest.mark.parametrize(
    ("drawn", "seconds", "sentence"),
    [
        (8, 12.0, ""),
        (16, None, "once this machine has drawn a round"),
        (16, 31.4, "Draws 16, shows the best 8: about 31 s"),
        (32, 200.0, "about 3 min"),
    ],
)
def test_the_cost_of_drawing_more_is_told_before(drawn, seconds, sentence):
    assert sentence in cost_sentence(drawn, 8, seconds, WORDS)
    assert bool(cost_sentence(drawn, 8, seconds, WORDS)) == bool(sentence)


def test_a_round_says_which_store_its_answer_teaches():
    assert "for Maison Nord" in group_view([a_group()], WORDS, store_name="Maison Nord")["note"]


def test_a_round_says_of_how_many_it_is_the_best():
    request = replace(REQUEST, shown=2, generation=replace(REQUEST.generation, num_candidates=6))

    assert "best 2 of 6" in group_view([a_group(request=request)], WORDS)["note"]


def test_a_comparison_shows_both_stores_scores_of_every_design():
    stores = [
        Store(id=4, key="a", name="Nord", profile=""),
        Store(id=5, key="b", name="Sud", profile=""),
    ]
    rounds = [
        a_group(),
        replace(a_group(), candidates=(Candidate(id=303, position=1, seed=9, image="c" * 64),)),
    ]
    statuses = [replace(a_status(JobState.DONE), group=group) for group in rounds]
    scores = {
        4: RoundScores({301: Score(3.0, 0), 302: Score(2.0, 0), 303: Score(1.0, 0)}),
        5: RoundScores({301: Score(0.0, 0), 302: Score(0.0, 0), 303: Score(9.0, 0)}),
    }
    matrix = ScoreMatrix(scores, ((301, 302), (303,)))

    view = compare_view(statuses, stores, matrix, WORDS)

    assert view["rounds"][0]["tiles"][0]["scores"] == ["+1.00", "−3.00"]
    assert view["matrix"] == [["+0.50", "−1.00"], ["−3.00", "+6.00"]]
    assert not view["is_shared"]


def test_a_comparison_on_its_way_shows_previews_and_how_far_it_is():
    waiting = a_status(JobState.QUEUED, waiting=1)
    running = a_status(JobState.RUNNING, Progress(5, 20, (bytes, bytes), 4, seconds_left=3.4))

    view = compare_view([running, waiting], [], None, WORDS)

    assert "about 3 s left" in view["progress"]["sentence"]
    assert view["rounds"][0]["tiles"][1]["image"] == "previews/7/1.jpg?step=4"
    assert view["rounds"][1]["tiles"][0]["image"] is None


def test_a_comparison_that_failed_says_why():
    view = compare_view([a_status(JobState.FAILED, message="The disk is full.")], [], None, WORDS)

    assert view["note"] == "The disk is full."
    assert view["is_shared"]


def test_a_running_round_has_one_unpickable_tile_for_each_design():
    view = status_view(a_status(JobState.RUNNING, Progress(step=1, total=4)), (), WORDS)

    assert [tile["id"] for tile in view["tiles"]] == [None, None]
    assert view["group_id"] is None


def test_a_new_preview_has_a_new_address():
    early = Progress(2, 20, (bytes, bytes), preview_step=2, seconds_left=3.0)
    late = Progress(5, 20, (bytes, bytes), preview_step=4, seconds_left=2.0)

    views = [status_view(a_status(JobState.RUNNING, each), (), WORDS) for each in (early, late)]

    addresses = [view["tiles"][0]["image"] for view in views]
    assert addresses == ["previews/7/0.jpg?step=2", "previews/7/0.jpg?step=4"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (a_status(JobState.QUEUED, waiting=2), "Number 3 in the queue, 2 before this one"),
        (a_status(JobState.RUNNING), "Reading the phrases"),
        (a_status(JobState.RUNNING, Progress(5, 20, seconds_left=3.4)), "about 3 s left"),
        (a_status(JobState.RUNNING, Progress(20, 20, seconds_left=0.0)), "Step 20 of 20"),
    ],
)
def test_progress_is_told_in_a_sentence(status, sentence):
    assert sentence in status_view(status, (), WORDS)["progress"]["sentence"]


@pytest.mark.parametrize(
    ("status", "note"),
    [
        (a_status(JobState.FAILED, message="The disk is full."), "The disk is full."),
        (a_status(JobState.CANCELLED), "generate again"),
        (a_status(JobState.INTERRUPTED), "Generate again"),
    ],
)
def test_a_round_that_did_not_finish_says_why(status, note):
    view = status_view(status, (), WORDS)

    assert note in view["note"]
    assert view["tiles"] == []
    assert view["progress"] is None


def test_the_lineage_shows_the_first_pick_of_each_round():
    lineage = [a_group(frozenset({302})), a_group(frozenset())]

    view = group_view(lineage, WORDS)

    images = [each["image"] for each in view["lineage"]]
    assert images == [f"thumbnails/{'b' * 64}.png", f"thumbnails/{'a' * 64}.png"]


def test_a_variation_says_what_it_varies():
    request = replace(REQUEST, parent_id=12, start_images=("a" * 64,))

    assert "more like round 12" in group_view([a_group(request=request)], WORDS)["note"]


def test_every_view_has_the_same_parts():
    views = [
        empty_view(EXAMPLES["en"]),
        group_view([a_group()], WORDS),
        status_view(a_status(JobState.RUNNING), (), WORDS),
        status_view(a_status(JobState.FAILED), (), WORDS),
    ]

    parts = {frozenset(view) - {"examples"} for view in views}

    assert len(parts) == 1


def test_phrases_are_shown_as_they_were_typed():
    reading = PromptReading(
        chips=(
            Chip("dress", "dress"),
            Chip("smoked", "smoked", "unknown", ("smocked",)),
            Chip("no belt", "belt", refused=True),
        ),
        ignored=("green eyes",),
        suggestions=("midi",),
    )

    view = phrase_view("dress, smoked", reading, 4, WORDS)

    assert view["revision"] == 4
    assert view["phrases"][1] == {
        "text": "smoked",
        "label": "smoked",
        "trouble": "unknown",
        "refused": False,
        "read_as": "",
        "nearest": ["smocked"],
    }
    assert view["phrases"][2]["label"] == "belt"
    assert view["notes"] == ["Ignored, as the design has nothing of it: “green eyes”."]
    assert view["suggestions"] == ["midi"]


@pytest.mark.parametrize("payload", [None, "dress", 3, [], {}, {"prompt": None}, {"prompt": [1]}])
def test_what_is_no_prompt_is_an_empty_one(payload):
    assert prompt_of(payload) == ""


def test_the_prompt_is_what_the_field_sends():
    assert prompt_of({"prompt": "dress"}) == "dress"


@pytest.mark.parametrize(
    ("text", "seed"), [(None, None), ("", None), ("  ", None), ("0", 0), (" 12 ", 12)]
)
def test_a_seed_may_be_left_open(text, seed):
    assert parse_seed(text) == seed


@pytest.mark.parametrize("text", ["-1", "1.5", "abc", "1e3", "²"])
def test_a_seed_that_is_no_whole_number_is_told(text):
    with pytest.raises(SeedError):
        parse_seed(text)


def test_the_round_list_marks_picks_and_says_whose_they_are():
    store = Store(id=4, key="store-4", name="Maison Nord", profile="{}")
    request = replace(REQUEST, store_id=4)

    view = rounds_view([a_group(frozenset({302}), request)], [store], WORDS)

    assert view["rounds"][0]["store"] == "Maison Nord"
    assert [thumb["ticked"] for thumb in view["rounds"][0]["thumbs"]] == [False, True]
    assert view["rounds"][0]["answer"] == "1 picked"
    assert not view["has_more"]


def test_the_round_list_offers_every_format_of_an_export_by_its_name():
    english, chinese = (rounds_view([], [], words)["formats"] for words in (WORDS, IN_CHINESE))

    assert [kind for kind, _ in english] == [kind for kind, _ in chinese] == [*ExportFormat]
    assert all(name for _, name in english + chinese)
    assert english[0] == ["rounds", "rounds: Parquet and PNG"]


@pytest.mark.parametrize(
    ("answer", "text", "chinese"),
    [
        (("work", "party"), "work, party", "工作, 派对"),
        (95.0, "95", "95"),
        ("autumn", "autumn", "秋"),
        ("something new", "something new", "something new"),
    ],
)
def test_an_answer_is_shown_as_a_person_reads_it(answer, text, chinese):
    assert WORDS.answer(answer) == text
    assert IN_CHINESE.answer(answer) == chinese


def test_phrases_are_shown_in_the_language_of_the_page():
    assert group_view([a_group()], IN_CHINESE)["phrases"] == "连衣裙, 红色"
    assert group_view([a_group()], WORDS)["phrases"] == "dress, red"


def test_both_languages_say_the_same_things_with_the_same_gaps():
    def gaps(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    only_chinese = CHINESE.keys() - ENGLISH.keys()
    assert ENGLISH.keys() <= CHINESE.keys()
    assert all(re.match(r"question:|answer:|conflict:|\w+Error$", key) for key in only_chinese)
    assert {key for key in ENGLISH if gaps(ENGLISH[key]) != gaps(CHINESE[key])} == set()


@pytest.mark.parametrize(
    ("voters", "said"), [(0, "0 people"), (1, "1 person"), (2, "2 people"), (11, "11 people")]
)
def test_nouns_come_in_the_number_that_is_told(voters, said):
    values = {"voters": voters, "key": "k", "day": "today"}

    assert WORDS.told("poll_told", values) == f"{said} voted · poll k · today"
    assert IN_CHINESE.told("poll_told", values).startswith(f"{voters} 人")


def test_every_question_and_answer_has_a_chinese_name():
    questions = [field for field in FASHION_SCHEMA.fields if field.name != STORE_ID]

    assert all(f"question:{field.name}" in CHINESE for field in questions)
    assert all(f"answer:{value}" in CHINESE for field in questions for value in field.values)


def test_an_error_is_a_sentence_in_both_languages():
    error = StoreNameError("Give the store a name.")

    assert WORDS.error(error) == "Give the store a name."
    assert IN_CHINESE.error(error) == CHINESE["StoreNameError"]
    told = {key for key in CHINESE if key.endswith("Error")}
    places = domain, errors, request_rows
    assert not {key for key in told if not any(hasattr(place, key) for place in places)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_model_knows_every_phrase_of_the_examples(language):
    phrasebook = Phrasebook.load(CHECKPOINT)

    for example in EXAMPLES[language]:
        parsed = phrasebook.parse(example)
        assert parsed.unknown == ()
        assert parsed.conflicts == ()


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("options", [(), ("blue", "navy")])
def test_every_reason_of_a_contradiction_is_a_sentence_in_both_languages(reason, options):
    conflict = Conflict(("dress", "red"), "In English.", ("belt",), reason, options)

    assert WORDS.conflict(conflict) == "In English."
    chinese = IN_CHINESE.conflict(conflict)
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search(r"[{}]|English", chinese)
    assert re.search("连衣裙|belt", chinese)


def test_no_word_is_kept_that_nothing_shows():
    written = "".join(
        path.read_text()
        for path in UI.glob("*")
        if path.suffix in (".py", ".js") and not path.stem.startswith("words")
    )
    states = {str(state) for state in JobState}
    begun = tuple(re.findall(r"[\"`](\w+_)\$?\{", written))  # as in words[f"role_{role}"]

    unused = {
        key
        for key in ENGLISH.keys() - states
        if not key.startswith(begun)
        and not re.search(rf"\bwords\.{key}\b|words\[\"{key}\"|\"{key}\"", written)
    }

    assert unused - {"answered", "answered_none"} == set()


def a_teach_view(words: Words, training: Training | None, **changes: Any) -> dict[str, Any]:
    taught_rounds = changes.get("taught", 12)
    store = Store(id=1, key="a", name="<b>Nord</b>", profile="{}", taught=taught_rounds)
    first, taught = Path("checkpoints/atelier"), Path("trainings/checkpoints/taught-1")
    return teach_view(
        stores=[store, replace(store, id=2, taught=changes.get("others", 0))],
        training=training,
        checkpoints=[(first.name, first), (taught.name, taught)],
        now=taught,
        missing=changes.get("missing", ""),
        words=words,
        sales=changes.get("sales", 0),
    )


@pytest.mark.parametrize("words", [WORDS, IN_CHINESE], ids=["en", "zh"])
def test_the_teach_tab_offers_sales_only_where_there_are_some(words):
    assert a_teach_view(words, None)["sales"] == ""
    assert "7" in a_teach_view(words, None, sales=7)["sales"]


def test_the_teach_tab_says_what_was_taught_and_what_is_in_service():
    view = a_teach_view(WORDS, None)

    assert view["stores"] == [["<b>Nord</b>", 12]]
    assert view["checkpoints"] == [["atelier", False], ["taught-1", True]]
    assert (view["is_running"], view["sentences"]) == (False, [])


def test_a_running_training_tells_what_it_learns_and_the_time_left():
    training = Training(
        number=2,
        state=TrainingState.RUNNING,
        part="generator",
        step=40,
        steps=300,
        minutes_left=3.2,
    )

    view = a_teach_view(WORDS, training)

    assert view["is_running"]
    assert view["sentences"][1:] == [
        "Learning to draw: step 40 of 300.",
        "About 3 min left for this part.",
    ]


@pytest.mark.parametrize("words", [WORDS, IN_CHINESE], ids=["en", "zh"])
def test_before_the_first_step_it_says_that_the_rounds_are_got_ready(words):
    training = Training(number=2, state=TrainingState.RUNNING)

    assert a_teach_view(words, training)["sentences"][1:] == [words["teaching_prepares"]]


@pytest.mark.parametrize(
    ("taught", "said"),
    [(0, ""), (12, "12 answered rounds are few"), (80, "80 answered rounds: enough")],
)
def test_what_so_many_rounds_can_do_is_said_before(taught, said):
    assert a_teach_view(WORDS, None, taught=taught)["prospect"].startswith(said)
    assert bool(a_teach_view(IN_CHINESE, None, taught=taught)["prospect"]) == bool(said)


def test_that_rounds_of_one_store_teach_scores_alone_is_said_before():
    assert a_teach_view(WORDS, None)["prospect"].endswith(WORDS["teach_one_store"])
    assert WORDS["teach_one_store"] not in a_teach_view(WORDS, None, others=3)["prospect"]


def test_a_part_that_was_not_taught_is_told_below_the_verdict_of_the_other():
    training = Training(
        number=1,
        state=TrainingState.DONE,
        verdicts=(("reward", False, ("Too few.",)),),
        message="All rounds are of one store.",
    )

    told = a_teach_view(WORDS, training)["sentences"]

    assert told[0] == WORDS["training_done"].format(number=1)
    assert told[1].endswith("Too few.")
    assert told[2:] == ["All rounds are of one store."]


def test_what_is_missing_is_told_with_what_gets_it():
    view = a_teach_view(WORDS, None, missing="A package is missing: pip install x.")

    assert not view["is_possible"]
    assert "pip install x" in view["missing"]


@pytest.mark.parametrize("words", [WORDS, IN_CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("state", list(TrainingState))
@pytest.mark.parametrize("passed", [True, False])
def test_every_end_of_a_training_has_its_sentence(words, state, passed):
    verdicts = tuple((part, passed, ("Because.",)) for part in ("reward", "generator"))
    training = Training(number=2, state=state, verdicts=verdicts, message="Why.")

    sentences = a_teach_view(words, training)["sentences"]

    assert "2" in sentences[0]
    assert all(sentences)


def test_every_trouble_with_the_disk_has_a_sentence_of_its_own_in_chinese():
    kinds: list[type[StorageError]] = [StorageError, *StorageError.__subclasses__()]

    told = {IN_CHINESE.error(kind("In English.")) for kind in kinds}

    assert len(kinds) >= 8
    assert len(told) == len(kinds)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in each) for each in told)
