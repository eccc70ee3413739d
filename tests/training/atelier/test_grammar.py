from pathlib import Path

from studio.design.phrasebook_file import PHRASEBOOK_FILE
from training.atelier.grammar import build_phrasebook

ATELIER = Path(__file__).parents[3] / "checkpoints" / "atelier"


def test_the_committed_checkpoint_has_the_phrasebook_of_today(tmp_path: Path):
    """Words and rules that changed go into it: `build_phrasebook().save(...)`."""
    build_phrasebook().save(tmp_path / PHRASEBOOK_FILE)

    committed = (ATELIER / PHRASEBOOK_FILE).read_text(encoding="utf-8")
    assert committed == (tmp_path / PHRASEBOOK_FILE).read_text(encoding="utf-8")
