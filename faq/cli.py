"""`frontdesk faq …`: what staff and developers ask of the FAQ at a terminal."""

from __future__ import annotations

import click

from faq.commands.asking import ask, rank
from faq.commands.beginning import new
from faq.commands.checking import check
from faq.commands.learning import gaps
from faq.commands.sheets import export, import_
from faq.commands.shop import SAMPLE as DEFAULT
from faq.commands.shop import Say, Shop
from faq.commands.testing import test

__all__ = ["DEFAULT", "Say", "Shop", "faq"]

_COMMANDS = (new, check, test, ask, gaps, import_, export, rank)


class _InOrder(click.Group):
    """A group that lists its commands as one comes to need them, not by the alphabet."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Their names."""
        return list(self.commands)


def faq(say: Say) -> click.Group:
    """All FAQ commands, in the language that `say` picks; they want a Shop as their object."""
    about = say("常见问题：试问、检查、导入导出、补缺。", "The FAQ: ask it, check it, feed it.")
    group = _InOrder("faq", help=about)
    for make in _COMMANDS:
        group.add_command(make(say), make.__name__.rstrip("_"))
    return group
