"""Say who may log in: `python -m studio.users add NAME`, and list, password, role, remove."""

import argparse
import getpass
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from studio.domain import Role, StudioError
from studio.services.accounts import FIRST_NAME, Accounts
from studio.settings import Settings
from studio.storage.database import Database
from studio.storage.users import Source

_log = logging.getLogger(__name__)
_SOURCES: tuple[Source, ...] = ("password", "proxy", "huggingface")


def main(arguments: Sequence[str] | None = None) -> None:
    """Change the users of a data folder; the studio may be running meanwhile."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    try:
        options.data.mkdir(parents=True, exist_ok=True)
        database = Database(options.data / "studio.db")
        try:
            act: Callable[[Accounts, argparse.Namespace], str] = options.act
            told = act(Accounts(database), options)
        finally:
            database.close()
    except StudioError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{options.data} can't be written ({error.strerror}). Choose another with --data.")
    _log.info("%s", told)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio.users", description=__doc__)
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, default=Settings().data, help="the data folder")
    data.add_argument(
        "--source", choices=_SOURCES, default="password", help="who says that it is this user"
    )
    commands = parser.add_subparsers(required=True)
    add = commands.add_parser("add", parents=[data], help="let somebody in")
    add.add_argument("name", help="a name; of a Hugging Face user the number of the account")
    add.add_argument("--role", type=Role, choices=list(Role), default=Role.OWNER)
    add.add_argument("--workspace", default=FIRST_NAME, help=f"(default: {FIRST_NAME})")
    add.set_defaults(act=_add)
    every = commands.add_parser("list", parents=[data], help="all users")
    every.set_defaults(act=_list)
    password = commands.add_parser("password", parents=[data], help="give another password")
    password.add_argument("name")
    password.set_defaults(act=_password)
    role = commands.add_parser("role", parents=[data], help="let somebody do more or less")
    role.add_argument("name")
    role.add_argument("role", type=Role, choices=list(Role))
    role.set_defaults(act=_role)
    remove = commands.add_parser("remove", parents=[data], help="let somebody in no longer")
    remove.add_argument("name")
    remove.set_defaults(act=_remove)
    return parser


def _add(accounts: Accounts, options: argparse.Namespace) -> str:
    if options.source == "password":
        user = accounts.add(options.name, _typed_password(), options.role, options.workspace)
    else:
        user = accounts.invite(options.source, options.name, options.role, options.workspace)
    return f"{user.name} is {user.role} of {user.workspace}."


def _list(accounts: Accounts, _options: argparse.Namespace) -> str:
    lines = [
        f"{user.workspace}: {user.name}, {user.role} ({user.source})" for user in accounts.all()
    ]
    return "\n".join(lines) or "There are no users yet: python -m studio.users add NAME."


def _password(accounts: Accounts, options: argparse.Namespace) -> str:
    accounts.set_password(options.name, _typed_password())
    return f"{options.name} has another password, and has to log in again."


def _role(accounts: Accounts, options: argparse.Namespace) -> str:
    accounts.set_role(options.name, options.role, options.source)
    return f"{options.name} is {options.role} now, and has to log in again."


def _remove(accounts: Accounts, options: argparse.Namespace) -> str:
    accounts.remove(options.name, options.source)
    return f"{options.name} can't log in any longer. The workspace and all in it stay."


def _typed_password() -> str:
    """A password, never as an argument: those can be seen by everybody on the machine."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        sys.exit("The two are not the same. Nothing was changed.")
    return password


if __name__ == "__main__":
    main()
