"""Say what a store never sells: `python -m studio.house_rules STORE --never "fabric: satin"`."""

import argparse
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from studio.design.house_rules import HouseRules, house_rules_of, told
from studio.domain import HouseRulesError, StudioError
from studio.perfusion.profile import FASHION_SCHEMA
from studio.services.accounts import FIRST_NAME, workspace_of
from studio.services.stores import StoreBook
from studio.settings import Settings
from studio.storage.database import Database

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Show or replace a store's house rules; the studio may be running meanwhile."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(prog="python -m studio.house_rules", description=__doc__)
    parser.add_argument("store", help="its name, or its number")
    for name, meaning in (("only", "it sells only these"), ("never", "it never sells these")):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="FAMILY: VALUES",
            help=f'{meaning}, such as "fabric: satin, denim"; repeatable',
        )
    parser.add_argument("--clear", action="store_true", help="it sells anything")
    parser.add_argument("--data", type=Path, default=Settings().data, help="the data folder")
    parser.add_argument("--workspace", default=FIRST_NAME, help=f"whose (default: {FIRST_NAME})")
    options = parser.parse_args(arguments)
    if not (options.data / "studio.db").is_file():
        sys.exit(f"There is no studio in {options.data}. Say where it is with --data.")
    try:
        database = workspace_of(Database(options.data / "studio.db"), options.workspace)
        rules = _changed(StoreBook(database, FASHION_SCHEMA), options)
    except StudioError as error:
        sys.exit(str(error))
    _log.info("%s", "\n".join(told(rules)) or "It sells anything.")


def _changed(book: StoreBook, options: argparse.Namespace) -> HouseRules:
    """The rules of the store, once they were replaced if other ones are given."""
    store = book.named(options.store)
    if options.clear or options.only or options.never:
        rules = house_rules_of(_listed(options.only), _listed(options.never))
        store = book.set_house_rules(store.id, rules)
    return book.house_rules(store.id)


def _listed(texts: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        family, colon, values = text.partition(":")
        if not colon:
            raise HouseRulesError(f'Write “{text}” as a family and its values: "fabric: satin".')
        found.setdefault(family.strip(), []).extend(
            value.strip() for value in values.split(",") if value.strip()
        )
    return found


if __name__ == "__main__":
    main()
