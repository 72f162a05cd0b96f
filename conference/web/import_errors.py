"""What an import refuses as a whole, each with the way out. What a single row lacks is a value, not an error."""

from conference.core.errors import N_, DomainError


class FileUnreadableError(DomainError):
    """The file is neither text with columns nor a workbook."""

    sentence = N_(
        "This file cannot be read as CSV or XLSX. Save it as XLSX, or as CSV in UTF-8, and send that."
    )


class FileTooLargeError(DomainError):
    """More bytes, packed or unpacked, rows or columns than are read."""

    sentence = N_(
        "This file is larger than 10 MB, or holds more than %(rows)s rows or %(columns)s columns. Send it in parts."
    )
    status = 413


class MixedEncodingError(DomainError):
    """Most of the text is UTF-8 and some is not."""

    sentence = N_(
        "Line %(line)s is not in the encoding of the lines before it (UTF-8). Save the file again in UTF-8."
    )


class MergedCellsError(DomainError):
    """The workbook's first sheet has merged cells, of which only the first would hold a value."""

    sentence = N_("The first sheet has merged cells. Unmerge them, so that each row holds its own values.")


class NoRowsError(DomainError):
    """There is nothing under the headings."""

    sentence = N_("This file has no rows under its first line, which names the columns.")


class ColumnMissingError(DomainError):
    """A field that each registration needs has no column."""

    sentence = N_("No column holds: %(fields)s. Say which column it is.")


class ColumnUnknownError(DomainError):
    """The mapping names a column or a field that there is not."""

    sentence = N_("There is no %(kind)s called %(name)s. There are: %(known)s.")


class RowsRefusedError(DomainError):
    """Some rows cannot be imported, so that none is."""

    sentence = N_(
        "Nothing was imported: %(count)s rows are refused, the first in line %(line)s. Correct the file."
    )
    status = 409
