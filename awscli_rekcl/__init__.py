"""``aws rekognition delete-model-and-wait``: a plugin for the AWS CLI.

The AWS CLI imports this module at the start of every ``aws`` command, so it imports nothing itself.
"""

import sys

MYPY = False  # what mypy takes for typing.TYPE_CHECKING, without the import
if MYPY:
    from typing import Any

    from botocore.hooks import HierarchicalEmitter
    from botocore.session import Session

__version__ = "1.0.0"


def awscli_initialize(event_hooks: "HierarchicalEmitter") -> None:
    """Register the command. The AWS CLI calls this when it loads its plugins."""
    event_hooks.register("building-command-table.rekognition", _add_command)


def _add_command(command_table: "dict[str, Any]", session: "Session", **kwargs: "Any") -> None:
    command_table[_Command.name] = _Command(session)


class _Command:
    """The command in the table of commands: loaded when somebody calls it or asks for its help.

    Whoever types another command of `aws rekognition` pays nothing for it, nor depends on it.
    """

    name = "delete-model-and-wait"

    def __init__(self, session: "Session") -> None:
        self._session = session

    def __call__(self, args: "Any", parsed_globals: "Any") -> "Any":
        return self._loaded()(args, parsed_globals)

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._loaded(), name)

    def _loaded(self) -> "Any":
        try:
            from awscli_rekcl.command import DeleteModelAndWaitCommand
        except Exception as error:
            text = "The plugin awscli_rekcl does not work in this AWS CLI"
            raise RuntimeError(f"{text}: {error!r}") from error
        command = DeleteModelAndWaitCommand(self._session)
        if "lineage" in vars(self):  # which the AWS CLI sets: the commands above
            command.lineage = self.lineage
        return command


class _Paths:
    """Lets version 1 of the AWS CLI read a configuration that is meant for version 2 as well.

    Version 1 takes the paths in ``cli_legacy_plugin_path`` for the name of one more plugin to
    import. No module has a name with a slash in it, so such a name gets an empty plugin.
    """

    @staticmethod
    def find_spec(name: str, path: "Any" = None, target: "Any" = None) -> "Any":
        if "/" not in name and "\\" not in name:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, _Paths, is_package=True)  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: "Any") -> None:
        return None

    @staticmethod
    def exec_module(module: "Any") -> None:
        module.awscli_initialize = lambda event_hooks: None


if getattr(sys.modules.get("awscli"), "__version__", "").startswith("1."):
    sys.meta_path.append(_Paths)
