"""The image files that a workspace may look at."""

from pathlib import Path

from studio.storage.brought_pictures import BroughtPictureStore
from studio.storage.database import Database
from studio.storage.image_files import ImageFiles, is_digest


class WorkspaceImages(ImageFiles):
    """The same files, of which only a workspace's own are found.

    Args:
        files: all of them.
        database: of the workspace.
    """

    def __init__(self, files: ImageFiles, database: Database) -> None:
        self.folder = files.folder  # it is there already, or whoever writes says that it is not
        self._set_aside = files._set_aside
        self._pictures = BroughtPictureStore(database)

    def find(self, digest: str) -> Path | None:
        """The file with this content; None when there is none, or it is another workspace's."""
        return super().find(digest) if self.may_see(digest) else None

    def may_see(self, digest: str) -> bool:
        """Whether the picture is the workspace's, be its file there or not."""
        return is_digest(digest) and self._pictures.may_see(digest)
