"""Jobs: rounds that were asked for, so that a closed tab or a restart loses none."""

import sqlite3
from datetime import datetime

from studio.domain import Job, JobState, RoundRequest, UnknownJobError
from studio.storage.database import Database
from studio.storage.loose_images import LooseImageStore
from studio.storage.request_rows import (
    UnreadableRowError,
    readable,
    request_from_text,
    request_to_text,
    time_of,
)


class JobStore:
    """Reads and writes `jobs`; a job that reached a final state stays in it.

    `add`, `get`, `latest` and `cancel_queued` are for people: they know the jobs of one workspace.
    The rest is for the worker and knows all of them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loose = LooseImageStore(database)

    def add(self, request: RoundRequest, made_at: datetime) -> Job:
        """Queue a round; the images that it starts from are named from here on."""
        with self._database.transaction() as connection:
            self._loose.leave(request.start_images)
            cursor = connection.execute(
                "INSERT INTO jobs (workspace_id, request, state, made_at) VALUES (?, ?, ?, ?) "
                "RETURNING *",
                (
                    self._database.workspace_id,
                    request_to_text(request),
                    JobState.QUEUED,
                    made_at.isoformat(),
                ),
            )
            return _job(cursor.fetchone())

    def get(self, job_id: int) -> Job:
        """The job with this id.

        Raises:
            UnknownJobError: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM jobs WHERE id = ? AND workspace_id = ?",
                (job_id, self._database.workspace_id),
            ).fetchone()
        if row is None:
            raise UnknownJobError("That round is no longer known. Reload the page.")
        return _job(row)

    def of_anybody(self, job_id: int) -> Job:
        """The job with this id, whosever it is.

        Raises:
            UnknownJobError: there is none.
            UnreadableRowError: its row was written by something else.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise UnknownJobError("That round is no longer known. Reload the page.")
        return _job(row)

    def latest(self) -> Job | None:
        """The job that was asked for last and whose round, if it has one, was not deleted."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT jobs.* FROM jobs LEFT JOIN groups ON groups.id = jobs.group_id "
                "WHERE jobs.workspace_id = ? "
                "AND (jobs.state != ? OR (groups.id IS NOT NULL AND groups.deleted_at IS NULL)) "
                "ORDER BY jobs.id DESC LIMIT 8",
                (self._database.workspace_id, JobState.DONE),
            ).fetchall()
        return next(readable(rows, _job), None)

    def in_state(self, state: JobState) -> tuple[int, ...]:
        """The ids of the jobs in a state, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM jobs WHERE state = ? ORDER BY id", (state,)
            ).fetchall()
        return tuple(row["id"] for row in rows)

    def give_up_queued(self, job_id: int, message: str) -> None:
        """End a queued job that can't even be started."""
        self._move(job_id, JobState.QUEUED, JobState.FAILED, message)

    def start(self, job_id: int) -> bool:
        """Take a queued job; False when it was cancelled meanwhile."""
        return self._move(job_id, JobState.QUEUED, JobState.RUNNING, "")

    def cancel_queued(self, job_id: int) -> bool:
        """Cancel a job that has not started; False when it has.

        Raises:
            UnknownJobError: there is no such job.
        """
        self.get(job_id)
        return self._move(job_id, JobState.QUEUED, JobState.CANCELLED, "")

    def stop(self, job_id: int, state: JobState, message: str) -> None:
        """End a running job without a round: cancelled, or failed for a told reason."""
        self._move(job_id, JobState.RUNNING, state, message)

    def finish(self, job_id: int, group_id: int) -> None:
        """End a running job with the round that came of it."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, group_id = ? WHERE id = ?",
                (JobState.DONE, group_id, job_id),
            )

    def interrupt_running(self) -> None:
        """Mark what was running when the studio stopped."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE jobs SET state = ? WHERE state = ?",
                (JobState.INTERRUPTED, JobState.RUNNING),
            )

    def _move(self, job_id: int, before: JobState, after: JobState, message: str) -> bool:
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE jobs SET state = ?, message = ? WHERE id = ? AND state = ?",
                (after, message, job_id, before),
            )
            return cursor.rowcount == 1


def _job(row: sqlite3.Row) -> Job:
    if row["state"] not in [*JobState]:
        raise UnreadableRowError(f"Job {row['id']} can't be read: it has a state of its own.")
    return Job(
        id=row["id"],
        request=request_from_text(row["request"]),
        state=JobState(row["state"]),
        made_at=time_of(row["made_at"]),
        message=row["message"],
        group_id=row["group_id"],
        workspace_id=row["workspace_id"],
    )
