import time
from dataclasses import replace

import pytest
from PIL import Image

from studio.design.families import FIGURE_FAMILIES
from studio.design.spec import DesignSpec
from studio.domain import (
    CandidateGroup,
    GenerationCancelledError,
    GenerationRequest,
    Job,
    JobState,
    RoundRequest,
)
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.services.jobs import JobQueue
from studio.services.known_designs import KnownDesigns
from studio.services.recipe import recipe_from_texts, recipe_in_file
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.jobs import JobStore
from tests.serving import wait_until


def a_request(prompt: str = "dress, red", seed: int = 5) -> RoundRequest:
    generation = GenerationRequest(prompt=prompt, num_candidates=2, seed=seed)
    return RoundRequest(generation=generation)


@pytest.fixture
def queue(database, images, generator) -> JobQueue:
    known = KnownDesigns(database, images, generator)
    return JobQueue(
        database,
        images,
        generator.generate,
        "tiny",
        start_of=lambda digest, _workspace_id: known.start_of(digest),
    )


def drawn(database: Database, queue: JobQueue, job: Job) -> CandidateGroup:
    """The round that came of a job."""
    group_id = queue.get(job.id).group_id
    assert group_id is not None, queue.get(job.id).message
    return GroupStore(database).get(group_id)


def test_a_job_becomes_a_round_with_a_file_for_every_candidate(queue, database, images):
    job = queue.add(a_request())

    queue.run_next()

    done = queue.get(job.id)
    group = GroupStore(database).get(done.group_id)
    assert done.state is JobState.DONE
    assert [candidate.seed for candidate in group.candidates] == [5, 6]
    assert all(images.find(candidate.image) for candidate in group.candidates)


def test_each_file_holds_the_recipe_of_its_own_candidate(queue, database, images):
    job = queue.add(a_request())
    queue.run_next()

    for candidate in drawn(database, queue, job).candidates:
        with Image.open(images.find(candidate.image)) as png:
            recipe = recipe_from_texts(png.info)
        assert recipe is not None
        assert recipe.seed == candidate.seed
        assert recipe.request == job.request.generation
        assert recipe.checkpoint == "tiny"


def test_the_design_of_each_candidate_is_kept_in_its_row_and_in_its_file(queue, database, images):
    job = queue.add(a_request())
    queue.run_next()

    candidates = drawn(database, queue, job).candidates

    for candidate in candidates:
        design = DesignSpec.from_json(candidate.design)
        assert (design["category"], design["colour"]) == ("dress", "red")
        recipe = recipe_in_file(images.find(candidate.image))
        assert recipe is not None
        assert recipe.design == candidate.design
        assert recipe.lots == ""
        with Image.open(images.find(candidate.image)) as png:
            again = picture(draw_croquis(design), png.height)
            assert again.tobytes() == png.convert("RGB").tobytes()


def test_a_checkpoint_of_pictures_keeps_no_designs(database, images, open_generator):
    queue = JobQueue(database, images, open_generator.generate, "tiny")
    job = queue.add(a_request())
    queue.run_next()

    group = drawn(database, queue, job)
    assert [each.design for each in group.candidates] == ["", ""]


def test_the_same_request_gives_the_same_files(queue, database):
    first, second = queue.add(a_request()), queue.add(a_request())
    while queue.run_next():
        pass

    first_group, second_group = (drawn(database, queue, job) for job in (first, second))

    assert [each.image for each in first_group.candidates] == [
        each.image for each in second_group.candidates
    ]


def test_progress_and_previews_are_seen_while_it_runs(database, images, generator):
    seen = []

    def generate(request, on_step, *, start_images, profile, start_designs, taste):
        def watched(step, total, previews):
            go_on = on_step(step, total, previews)
            seen.append(watched_queue.progress(1))
            return go_on

        return generator.generate(request, watched)

    watched_queue = JobQueue(database, images, generate, "tiny")
    watched_queue.add(a_request())
    watched_queue.run_next()

    assert [progress.step for progress in seen] == [1, 2, 3, 4]
    assert {progress.total for progress in seen} == {4}
    assert seen[-1].seconds_left == 0
    assert len(seen[-1].previews) == 2
    assert seen[-1].previews[0]().startswith(b"\xff\xd8")


def test_what_comes_before_the_first_step_is_no_part_of_the_estimate(database, images, generator):
    now, seen = [0.0], []

    def generate(request, on_step, *, start_images, profile, start_designs, taste):
        for step, seconds in ((0, 40.0), (0, 40.0), (1, 2.0)):
            now[0] += seconds
            assert on_step(step, 4, None)
            seen.append(timed.progress(1).seconds_left)
        return generator.generate(request)

    timed = JobQueue(database, images, generate, "tiny", clock=lambda: now[0])
    timed.add(a_request())
    timed.run_next()

    assert seen == [None, None, 6.0]


def test_the_last_previews_outlive_their_job_until_the_next_one(queue):
    first, second = queue.add(a_request()), queue.add(a_request())

    queue.run_next()
    assert queue.progress(first.id).previews

    queue.run_next()
    assert not queue.progress(first.id).previews
    assert queue.progress(second.id).previews


def test_variations_start_from_the_designs_on_the_pictures(queue, database):
    first = queue.add(a_request())
    queue.run_next()
    one, other = drawn(database, queue, first).candidates

    generation = replace(a_request(seed=90).generation, num_candidates=4, variation=0.05)
    varied = queue.add(RoundRequest(generation=generation, start_images=(one.image, other.image)))
    queue.run_next()

    starts = [DesignSpec.from_json(each.design) for each in (one, other)]
    for place, each in enumerate(drawn(database, queue, varied).candidates):
        design = DesignSpec.from_json(each.design)
        start = starts[place % 2]
        assert [design[name] for name in FIGURE_FAMILIES] == [
            start[name] for name in FIGURE_FAMILIES
        ]


def test_a_checkpoint_of_pictures_varies_the_pictures(database, images, open_generator):
    seen = []

    def generate(request, on_step, **starts):
        seen.append(starts)
        return open_generator.generate(request, on_step, **starts)

    queue = JobQueue(database, images, generate, "tiny")
    first = queue.add(a_request())
    queue.run_next()
    start = drawn(database, queue, first).candidates[0].image
    generation = replace(a_request().generation, variation=0.5)
    varied = queue.add(RoundRequest(generation=generation, start_images=(start,)))
    queue.run_next()

    assert queue.get(varied.id).state is JobState.DONE
    assert [len(each["start_images"]) for each in seen] == [0, 1]
    assert [len(each["start_designs"]) for each in seen] == [0, 0]


def test_variations_start_from_the_kept_images_and_say_so(queue, database, images):
    first = queue.add(a_request())
    queue.run_next()
    start = drawn(database, queue, first).candidates[0].image

    generation = replace(a_request().generation, variation=0.5)
    varied = queue.add(RoundRequest(generation=generation, start_images=(start,)))
    queue.run_next()

    group = drawn(database, queue, varied)
    with Image.open(images.find(group.candidates[0].image)) as png:
        recipe = recipe_from_texts(png.info)
    assert recipe is not None
    assert recipe.start_images == (start,)
    assert recipe.request.variation == 0.5


def test_a_variation_of_a_missing_image_fails_with_a_sentence(queue):
    generation = replace(a_request().generation, variation=0.5)
    job = queue.add(RoundRequest(generation=generation, start_images=("0" * 64,)))

    queue.run_next()

    assert "no longer in the data folder" in queue.get(job.id).message


def test_a_waiting_job_is_cancelled_at_once(queue):
    job = queue.add(a_request())

    queue.cancel(job.id)

    assert queue.get(job.id).state is JobState.CANCELLED
    assert not queue.run_next()


def test_a_running_job_stops_at_its_next_step_and_leaves_no_file(
    database, images, generator, tmp_path
):
    def generate(request, on_step, *, start_images, profile, start_designs, taste):
        def cancelling(step, total, previews):
            cancelled_queue.cancel(1)
            return on_step(step, total, previews)

        return generator.generate(request, cancelling)

    cancelled_queue = JobQueue(database, images, generate, "tiny")
    cancelled_queue.add(a_request())
    cancelled_queue.run_next()

    assert cancelled_queue.get(1).state is JobState.CANCELLED
    assert GroupStore(database).latest_id() is None
    assert list((tmp_path / "images").iterdir()) == []


def test_what_cannot_be_drawn_fails_with_the_generators_sentence(queue):
    job = queue.add(a_request(prompt="xyzzy"))

    queue.run_next()

    assert queue.get(job.id).state is JobState.FAILED
    assert "xyzzy" in queue.get(job.id).message


def test_a_bug_fails_one_job_and_the_next_one_runs(database, images, generator):
    def generate(request, on_step, *, start_images, profile, start_designs, taste):
        if request.seed == 13:
            raise ZeroDivisionError
        return generator.generate(request, on_step)

    queue = JobQueue(database, images, generate, "tiny")
    broken, fine = queue.add(a_request(seed=13)), queue.add(a_request())
    while queue.run_next():
        pass

    assert queue.get(broken.id).state is JobState.FAILED
    assert "its log says" in queue.get(broken.id).message
    assert queue.get(fine.id).state is JobState.DONE


def test_a_full_disk_is_told_even_when_it_cannot_be_written_down(database, images, generator):
    def generate(request, on_step, *, start_images, profile, start_designs, taste):
        generated = generator.generate(request, on_step)
        with database.reading() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
            connection.execute("PRAGMA query_only = ON")
        return generated

    queue = JobQueue(database, images, generate, "tiny")
    job = queue.add(a_request())
    queue.run_next()

    assert queue.get(job.id).state is JobState.FAILED
    assert "read-only" in queue.get(job.id).message
    assert JobStore(database).get(job.id).state is JobState.RUNNING
    with database.reading() as connection:
        connection.execute("PRAGMA query_only = OFF")
    queue.run_next()
    assert JobStore(database).get(job.id) == queue.get(job.id)
    assert JobStore(database).get(job.id).state is JobState.FAILED


def test_a_restart_marks_the_interrupted_job_and_draws_the_waiting_one(database, images, generator):
    jobs = JobStore(database)
    queue = JobQueue(database, images, generator.generate, "tiny")
    running, waiting = queue.add(a_request()), queue.add(a_request())
    jobs.start(running.id)  # and here the power went

    restarted = JobQueue(database, images, generator.generate, "tiny")
    restarted.start()
    wait_until(lambda: restarted.get(waiting.id).state.is_final)
    restarted.stop()

    assert restarted.get(running.id).state is JobState.INTERRUPTED
    assert restarted.get(waiting.id).state is JobState.DONE


def test_stopping_interrupts_the_running_job(database, images, generator):
    def endless(request, on_step, *, start_images, profile, start_designs, taste):
        while on_step(1, 2, None):
            time.sleep(0.01)
        raise GenerationCancelledError("Stopped.")

    queue = JobQueue(database, images, endless, "tiny")
    queue.start()
    job = queue.add(a_request())
    wait_until(lambda: queue.progress(job.id).step == 1)
    queue.stop()

    assert queue.get(job.id).state is JobState.INTERRUPTED
