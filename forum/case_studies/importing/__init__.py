"""Reading Markdown files of other sites as case studies: whatever does not fit is kept, and nothing is lost."""

from forum.case_studies.importing.read import CatalogueRow, ImportedText, find_files, read_catalogue, read_file

__all__ = ["CatalogueRow", "ImportedText", "find_files", "read_catalogue", "read_file"]
