"""Sessions: what Gradio remembers of each caller, held to what is worth remembering.

Gradio works out the page's configuration for every caller, which takes some 15 ms and a sixth of a
megabyte, and keeps ten thousand of them. A program that calls a named endpoint has a new session
with each call, and nothing in it. After each event it also counts the last ten thousand anew, for a
page of statistics that this studio doesn't show.
"""

import copy
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from gradio.blocks import Blocks
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

MOST_PAGES = 400
"""Open pages; the one that was used longest ago starts afresh when there are more."""
MOST_CALLS = 24
"""Sessions without a state, which are the same when they are made again."""


class Sessions(StateHolder):
    """Gradio's holder of sessions, which forgets those that hold nothing.

    All start from one that is made once.
    """

    def set_blocks(self, blocks: Blocks) -> None:
        """Take the page that sessions are of."""
        super().set_blocks(blocks)
        self._fresh = SessionState(blocks)

    def __getitem__(self, session_id: str) -> SessionState:
        """The session with this id; a new one where there is none."""
        with self.lock:
            session = self.session_data.get(session_id)
            if session is None:
                session = self.session_data[session_id] = self._new()
            self.session_data.move_to_end(session_id)
            self.time_last_used[session_id] = datetime.now()
            self._forget(session_id)
        return session

    def update(self, session_id: str) -> None:
        """A session was used."""
        with self.lock:
            if session_id in self.session_data:
                self.session_data.move_to_end(session_id)

    def _new(self) -> SessionState:
        """What Gradio's own constructor makes, without working out the configuration again."""
        session = copy.copy(self._fresh)
        session.blocks_config = copy.copy(self.blocks.default_config)
        session.config_values = {
            key: {name: dict(part) if name == "props" else part for name, part in config.items()}
            for key, config in self._fresh.config_values.items()
        }
        session.state_data, session._state_ttl = {}, {}
        return session

    def _forget(self, used: str) -> None:
        if len(self.session_data) <= MOST_CALLS:
            return
        calls = [each for each, one in self.session_data.items() if not one.state_data]
        pages = [each for each, one in self.session_data.items() if one.state_data]
        for each in (*calls[:-MOST_CALLS], *pages[:-MOST_PAGES]):
            if each != used:
                del self.session_data[each]
                self.time_last_used.pop(each, None)


@asynccontextmanager
async def forgetful(app: App) -> AsyncIterator[None]:
    """Gradio's server with `Sessions`, and without its statistics, from its start on."""
    sessions = Sessions()  # type: ignore[no-untyped-call]  # Gradio's own
    page = app.get_blocks()
    sessions.set_blocks(page)
    app.state_holder = sessions
    page._queue.ANALYTICS_MAX_EVENTS = 1
    page._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    yield
