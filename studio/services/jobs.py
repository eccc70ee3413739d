"""The durable queue: rows in the database, one worker thread that draws them."""

import copy
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Protocol

from PIL import Image

from studio.design.spec import DesignSpec
from studio.domain import (
    GenerationCancelledError,
    GenerationRequest,
    Job,
    JobState,
    NewCandidate,
    NewGroup,
    RoundRequest,
    StudioError,
    Visitor,
)
from studio.perfusion.decoders import Preview
from studio.perfusion.generator import GeneratedGroup, StepCallback
from studio.perfusion.profile import Profile
from studio.perfusion.taste import Taste
from studio.services.choosing import Chosen
from studio.services.picture_keeper import PictureKeeper
from studio.services.recipe import Recipe, png_with_recipe
from studio.services.tastes import TasteInUse
from studio.services.turns import NOBODY, Caller, Turns, check_room, who_asks
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.jobs import JobStore

_log = logging.getLogger(__name__)


class Generate(Protocol):
    """The one inference journey, as the worker calls it."""

    def __call__(
        self,
        request: GenerationRequest,
        on_step: StepCallback,
        *,
        start_images: Sequence[Image.Image],
        profile: Profile | None,
        start_designs: Sequence[DesignSpec],
        taste: Taste,
    ) -> GeneratedGroup:
        """Draw a group."""


Choose = Callable[[Job, GeneratedGroup, Taste], Sequence[Chosen]]
"""A job, what was drawn for it and with which taste -> what is shown of that."""
StartOf = Callable[[str, int], DesignSpec | None]
"""SHA-256 of a picture, whose it is -> the design to start from; None to start from the picture."""
TasteFor = Callable[[Job], TasteInUse]
"""The taste to draw a job with; it may wait a moment for answers that were just saved."""


@dataclass(frozen=True)
class Progress:
    """How far the running job is; lives in memory only.

    Attributes:
        previews: what draws a JPEG, in candidate order; empty until the first preview.
        preview_step: the step that the previews are from.
        seconds_left: estimate from the steps so far; None before the first.
    """

    step: int = 0
    total: int = 0
    previews: tuple[Callable[[], bytes], ...] = ()
    preview_step: int = 0
    seconds_left: float | None = None


@dataclass
class _State:
    """What the queue and its views share: the job that runs, and who asked for which."""

    running: int | None = None
    asked_by: dict[int, Caller] = field(default_factory=dict)


class JobQueue:
    """Runs queued jobs one after another, and knows how far the running one is."""

    def __init__(  # noqa: PLR0913  what a round needs on its way; nothing to group
        self,
        database: Database,
        images: ImageFiles,
        generate: Generate,
        checkpoint: str,
        *,
        choose: Choose = lambda job, drawn, taste: tuple(map(Chosen, drawn.candidates)),
        start_of: StartOf = lambda digest, workspace_id: None,
        taste_for: TasteFor = lambda job: TasteInUse(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._jobs = JobStore(database)
        self._images = images
        self._keeper = PictureKeeper(database, images)
        self._generate = generate
        self._checkpoint = checkpoint
        self._choose = choose
        self._start_of = start_of
        self._taste_for = taste_for
        self._clock = clock
        self._drawing = threading.Lock()
        self._adding = threading.RLock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._state = _State()
        self._cancelled: set[int] = set()
        self._turns = Turns()
        self._progress: dict[int, Progress] = {}
        self._unsaved_ends: dict[int, tuple[JobState, str]] = {}
        self._worker: threading.Thread | None = None

    def start(self) -> None:
        """Mark what a crash interrupted, then draw what is queued."""
        self._jobs.interrupt_running()
        self._worker = threading.Thread(target=self._work, name="studio-worker", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """Interrupt the running job; queued ones wait for the next start."""
        self._stopping.set()
        self._wake.set()
        if self._worker is not None:
            self._worker.join()

    @property
    def checkpoint(self) -> str:
        """What draws from the next round on."""
        return self._checkpoint

    def of(self, visitor: Visitor) -> "JobQueue":
        """The same queue for one visitor: it takes, tells and stops jobs of their workspace."""
        theirs = copy.copy(self)
        theirs._jobs = JobStore(self._database.of(visitor))
        return theirs

    def add(self, request: RoundRequest) -> Job:
        """Queue a round; it survives a restart from here on.

        Raises:
            QueueFullError: whoever asks has enough rounds waiting, or everybody together.
        """
        caller = who_asks()
        with self._adding:  # nobody else comes between looking and adding
            waiting = self._waiting()
            check_room(caller, waiting.values())
            job = self._jobs.add(request, datetime.now(UTC))
            running = {self._state.running} if self._state.running is not None else set()
            kept = {
                each: self._state.asked_by[each]
                for each in {*waiting, *running} & {*self._state.asked_by}
            }
            self._state.asked_by = {**kept, job.id: caller}
        self._wake.set()
        return job

    def cancel(self, job_id: int) -> None:
        """Stop a job, whether it waits or runs; nothing happens to one that has ended.

        Raises:
            UnknownJobError: there is no such job; one that gets this number later is drawn.
            ForbiddenError: who asks may only look.
        """
        if not self._jobs.cancel_queued(job_id) and job_id == self._state.running:
            self._cancelled.add(job_id)

    def waiting_before(self, job_id: int) -> int:
        """How many rounds are drawn before this one, as it stands; 0 for one that doesn't wait."""
        order = self._turns.order(self._waiting())
        if job_id not in order:
            return 0
        return order.index(job_id) + (self._state.running is not None)

    def switch(self, checkpoint: str, act: Callable[[], None]) -> None:
        """Do something between two rounds; those from then on are drawn by `checkpoint`."""
        with self._drawing:
            act()
            self._checkpoint = checkpoint

    def get(self, job_id: int) -> Job:
        """The job, as far as it is known; see `JobStore.get`."""
        job = self._jobs.get(job_id)
        if job.state.is_final or job_id not in self._unsaved_ends:
            return job
        state, message = self._unsaved_ends[job_id]
        return replace(job, state=state, message=message)

    def progress(self, job_id: int) -> Progress:
        """How far the job is, or was when it ended; nothing for older jobs.

        Raises:
            UnknownJobError: there is no such job.
        """
        self._jobs.get(job_id)
        return self._progress.get(job_id, Progress())

    def run_next(self) -> bool:
        """Draw the job whose turn it is; False when none waits."""
        self._save_ends()
        with self._drawing:
            waiting = self._waiting()
            if not waiting:
                return False
            job_id = self._turns.order(waiting)[0]
            self._turns.take(job_id, waiting)
            job = self._readable(job_id)
            if job is None:
                return True
            self._state.running = job.id
            try:
                if self._jobs.start(job.id):
                    self._run(job)
            finally:
                self._state.running = None
        return True

    def _waiting(self) -> dict[int, Caller]:
        with self._adding:  # a job is never seen before it is known who asked for it
            asked_by = self._state.asked_by
            queued = self._jobs.in_state(JobState.QUEUED)
        return {each: asked_by.get(each, NOBODY) for each in queued}

    def _readable(self, job_id: int) -> Job | None:
        """The job; one whose row can't be read fails with a sentence, and the next has its turn."""
        try:
            return self._jobs.of_anybody(job_id)
        except StudioError as error:
            self._jobs.give_up_queued(job_id, str(error))
            return None

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                idle = not self.run_next()
            except StudioError as error:
                _log.warning("The rounds that wait can't be drawn now; trying again. %s", error)
                idle = True
            if idle:
                self._wake.wait(timeout=5.0)

    def _run(self, job: Job) -> None:
        try:
            images, designs = self._starts(job)
            use = self._taste_for(job)
            generated = self._generate(
                job.request.generation,
                self._watch_steps(job.id),
                start_images=images,
                profile=Profile.from_json(job.request.profile) if job.request.profile else None,
                start_designs=designs,
                taste=use.taste,
            )
            self._keep(job, generated, use)
        except GenerationCancelledError:
            asked = job.id in self._cancelled
            self._end(job.id, JobState.CANCELLED if asked else JobState.INTERRUPTED, "")
        except StudioError as error:
            self._end(job.id, JobState.FAILED, str(error))
        except Exception:  # the thread must outlive a bug; the log tells where it is
            _log.exception("Job %d failed.", job.id)
            self._end(
                job.id,
                JobState.FAILED,
                "The studio made a mistake while drawing; its log says which. Try again.",
            )
        finally:
            self._cancelled.discard(job.id)
            # A tab may still ask for the last previews of this job, not of earlier ones.
            for earlier in [each for each in self._progress if each != job.id]:
                del self._progress[earlier]

    def _starts(self, job: Job) -> tuple[list[Image.Image], list[DesignSpec]]:
        """What a round starts from: pictures, or the designs on them; one of the two is empty."""
        digests = job.request.start_images
        found = (self._start_of(digest, job.workspace_id) for digest in digests)
        designs = [each for each in found if each is not None]
        if digests and len(designs) == len(digests):
            return [], designs
        return [self._images.load(digest) for digest in digests], []

    def _watch_steps(self, job_id: int) -> StepCallback:
        started = self._clock()

        def on_step(step: int, total: int, previews: list[Preview] | None) -> bool:
            nonlocal started
            if not step:  # nothing is drawn yet, so this time says nothing of the rest
                started = self._clock()
            before = self._progress.get(job_id, Progress())
            self._progress[job_id] = Progress(
                step=step,
                total=total,
                previews=tuple(map(_jpeg_once, previews)) if previews else before.previews,
                preview_step=step if previews else before.preview_step,
                seconds_left=(self._clock() - started) / step * (total - step) if step else None,
            )
            return job_id not in self._cancelled and not self._stopping.is_set()

        return on_step

    def _keep(self, job: Job, generated: GeneratedGroup, use: TasteInUse) -> None:
        """Files first, then one transaction: a round is there completely or not at all."""
        chosen = self._choose(job, generated, use.taste)
        is_used = generated.personalised or job.request.shown
        request = use.told_in(job.request) if is_used else replace(job.request, taste="")
        shown = [each.candidate for each in chosen]
        pngs = []
        for candidate in shown:
            recipe = Recipe(
                request=job.request.generation,
                prompt=generated.prompt,
                seed=candidate.seed,
                num_inference_steps=generated.num_inference_steps,
                guidance_scale=generated.guidance_scale,
                checkpoint=self._checkpoint,
                start_images=job.request.start_images,
                profile=job.request.profile,
                shown=job.request.shown,
                taste=request.taste or "",
                exploring=request.exploring,
                mixed=request.mixed,
                design=_text(candidate.design),
                refused=generated.negative_prompt,
            )
            pngs.append(png_with_recipe(candidate.image, recipe))
        candidates = tuple(
            NewCandidate(
                seed=each.candidate.seed,
                image=digest,
                design=_text(each.candidate.design),
                explores=each.explores,
            )
            for each, digest in zip(chosen, self._keeper.keep(pngs), strict=True)
        )
        database = self._database.of(Visitor(workspace_id=job.workspace_id))
        with database.transaction():
            group_id = GroupStore(database).add(
                NewGroup(
                    request=request,
                    prompt=generated.prompt,
                    checkpoint=self._checkpoint,
                    candidates=candidates,
                    made_at=datetime.now(UTC),
                    seconds=None if job.request.start_images else generated.timings.total_s,
                )
            )
            self._jobs.finish(job.id, group_id)

    def _end(self, job_id: int, state: JobState, message: str) -> None:
        try:
            self._jobs.stop(job_id, state, message)
        except StudioError as error:
            self._unsaved_ends[job_id] = state, message or str(error)

    def _save_ends(self) -> None:
        """Write down how jobs ended while nothing could be written."""
        for job_id, (state, message) in list(self._unsaved_ends.items()):
            self._jobs.stop(job_id, state, message)
            del self._unsaved_ends[job_id]


def _text(design: DesignSpec | None) -> str:
    return "" if design is None else design.to_json()


def _jpeg_once(draw: Preview) -> Callable[[], bytes]:
    """A JPEG that is drawn when somebody asks for it first."""

    @cache
    def jpeg() -> bytes:
        file = BytesIO()
        draw().save(file, format="JPEG", quality=80)
        return file.getvalue()

    return jpeg
