"""A contract for import-linter: how pages and domain modules of different apps may meet.

The built-in contracts know packages; this one knows the shape of an app (ARCHITECTURE.md), so a
new app is under the rule from the day it is listed in ``root_packages``.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PagesContract(Contract):
    """Pages reach other apps only through ``doors``; modules that are no pages import no page.

    Configuration: ``pages`` and ``doors`` are names of modules (or folders) of an app, ``kernel``
    the package that everybody may use whole.
    """

    type_name = "pages"

    pages = fields.SetField(subfield=fields.StringField())
    doors = fields.SetField(subfield=fields.StringField())
    kernel = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every direct import once."""
        broken = sorted(
            (importer, imported)
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._breaks(importer.split("."), imported.split("."))
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _breaks(self, importer: list[str], imported: list[str]) -> bool:
        if self._is_page(importer):
            foreign = imported[0] not in (importer[0], self.kernel)
            return foreign and not self.doors & set(imported[1:2])
        return self._is_page(imported)

    def _is_page(self, module: list[str]) -> bool:
        """The kernel brings the machinery of pages, which is there for everybody."""
        return module[0] != self.kernel and bool(self.pages & set(module[1:]))

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name every import that breaks the rule."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} must not import {imported}")
