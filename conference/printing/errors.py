from collections.abc import Sequence

from conference.core.errors import N_, DomainError


class FontMissingError(DomainError):
    """A font file of the package font-roboto is not where it was installed, so that nothing can be set."""

    sentence = N_("The font file %(file)s is missing: install the package font-roboto again.")
    status = 503


class FontUnusableError(DomainError):
    """CONFERENCE_FONTS names a file or folder from which no text can be set."""

    sentence = N_(
        "CONFERENCE_FONTS: %(file)s holds no font that can be embedded. "
        "Name .ttf, .otf or .ttc files with outlines, or folders of them, with commas between."
    )
    status = 503


class NothingPublishedError(DomainError):
    """The public programme was asked for on paper before any version was published."""

    sentence = N_("The programme is not published yet. Its paper version appears here with the first one.")
    status = 404


class UnknownCategoryError(DomainError):
    """The command line named a category that there is not."""

    sentence = N_("There is no category %(name)s. There are: %(known)s.")
    status = 404


class NoCategoryError(DomainError):
    """The command line named a category in a database that has none yet."""

    sentence = N_("There is no category %(name)s: none has been made yet. An organiser makes the first one.")
    status = 404


class CannotWriteError(DomainError):
    """The file for the paper cannot be written where the command line says."""

    sentence = N_(
        "%(file)s cannot be written: %(reason)s. Name a file in a folder that is there and may be written to."
    )
    status = 500


class CannotReadError(DomainError):
    """A file that the command line names cannot be read."""

    sentence = N_("%(file)s cannot be read: %(reason)s.")
    status = 404


class NoTicketError(DomainError):
    """A ticket was asked for by somebody who has no place: waiting or withdrawn."""

    sentence = N_(
        "There is no ticket, because this registration has no place. Its own page says how it stands."
    )
    status = 404


class UnknownSheetError(DomainError):
    """A sheet was named that is neither shipped nor one of the office's own."""

    sentence = N_("There is no sheet %(name)s. There are: %(known)s.")
    status = 404


class NoSuchCellError(DomainError):
    """The run is to begin in a label that the sheet does not have."""

    sentence = N_("The sheet has no label %(cell)s: begin with one from 1 to %(count)s.")


class OneLabelError(NoSuchCellError):
    """The sheet, or the roll, has one label a page, and the run is to begin in another."""

    sentence = N_("This sheet has one label and no label %(cell)s: begin with label 1.")


class OffsetTooFarError(DomainError):
    """The offset is more than any printer is off by."""

    sentence = N_("An offset of %(offset)s mm is too far: the most is %(most)s mm to either side.")


class SidesOfFoldedError(DomainError):
    """A folded badge was to be printed on both sides of the paper."""

    sentence = N_("A folded badge shows both its faces on one side of the paper: print fronts only.")


class SheetNameTakenError(DomainError):
    """An own sheet has the name of another one."""

    sentence = N_("There is a sheet called %(name)s already. Give this one another name.")
    status = 409


class SheetMeasureError(DomainError):
    """A measure of an own sheet is outside what any printer takes."""

    sentence = N_("%(value)s cannot be: enter a number from %(least)s to %(most)s.")


class LabelTooSmallError(DomainError):
    """A label could not hold the code, the band and a name."""

    sentence = N_("%(value)s mm is too small for a badge with its code: the least is %(least)s mm.")


class LabelsOverlapError(DomainError):
    """The way from one label to the next is shorter than the label."""

    sentence = N_("With %(value)s mm from one label to the next they overlap: enter at least %(least)s mm.")


class LabelsLeavePageError(DomainError):
    """A label of an own sheet is not wholly on its page."""

    sentence = N_(
        "Label %(number)s reaches to %(reach)s mm, and the page ends at %(page)s mm. Correct the margin, the way between labels, their number or the page."
    )


class NotANumberError(DomainError):
    """A setting of a print run is no number."""

    sentence = N_("“%(value)s” is no number. Enter digits, such as 3 or −1.5.")


class BoxCountError(DomainError):
    """So many boxes cannot stand on a desk."""

    sentence = N_("“%(value)s” boxes cannot be: enter a number from 1 to %(most)s.")


class BoxStartsError(DomainError):
    """What the boxes begin with is no row of letters in their order."""

    sentence = N_(
        "“%(value)s” cannot begin a box here. Enter letters of %(alphabet)s in their order, with spaces between, such as A E H M S."
    )


class OtherLineError(DomainError):
    """A line of people for badges cannot be read."""

    sentence = N_(
        "Line %(line)s cannot be read: %(fault)s. Write name, organisation and word, with commas, semicolons or tabs between."
    )


class TooManyLinesError(DomainError):
    """More lines of people were sent than are printed at once."""

    sentence = N_("That is %(count)s lines, and %(most)s can be printed at once. Send them in parts.")


class NobodyChosenError(DomainError):
    """Badges of others were asked for, and nobody was chosen or typed."""

    sentence = N_("Nobody is chosen. Tick speakers or staff, or type a line for each person.")


class SignWordsError(DomainError):
    """The words of a sign are too many to be read from a distance."""

    sentence = N_("That is %(count)s characters, and a sign holds %(most)s. Enter fewer words.")


class SignCountError(DomainError):
    """So many signs cannot be printed at once."""

    sentence = N_("“%(value)s” cannot be: enter a number of signs from 1 to %(most)s.")


class DesignFaultsError(DomainError):
    """A design says something that cannot be printed. `faults` are all of them, each a `design_model.Fault`."""

    sentence = N_("The design cannot be printed: %(faults)s")

    def __init__(self, field: str | None = None, *, faults: Sequence[object]) -> None:
        super().__init__(field, faults=" ".join(str(one) for one in faults))
        self.faults = tuple(faults)


class UnknownDesignError(DomainError):
    """A design was named that is neither shipped nor one of the office's own."""

    sentence = N_("There is no badge design %(name)s. There are: %(known)s.")
    status = 404


class DesignNameTakenError(DomainError):
    """An own design has the name of another one."""

    sentence = N_("There is a badge design called %(name)s already. Give this one another name.")
    status = 409


class ShippedDesignError(DomainError):
    """A design that comes with the program was to be changed or deleted."""

    sentence = N_("%(name)s comes with the program and stays as it is. Make a copy, and change that.")
    status = 409


class DesignSizeError(DomainError):
    """A design was chosen for a sheet whose labels it is not made for."""

    sentence = N_(
        "The design %(name)s is for labels from %(least)s to %(most)s mm, and this sheet has %(size)s mm. Choose another design or another sheet."
    )


class LogoKindError(DomainError):
    """A picture for a badge is no PNG, JPEG or WebP file, such as an SVG, which can ask for other files."""

    sentence = N_(
        "This file is not a PNG, JPEG or WebP picture. Save the logo as PNG, 600 pixels wide or more."
    )


class NotForPressError(DomainError):
    """The booklet holds a colour or picture whose printing inks are not known."""

    sentence = N_(
        "This cannot be printed in four inks: %(what)s. Take the picture out, or save it as PNG or JPEG."
    )


class DraftForPrinterError(DomainError):
    """A printer was to get a programme that nobody has published."""

    sentence = N_("There is no published version to send to a printer: publish the programme first.")
    status = 409


class DayTooWideError(DomainError):
    """A day has more rooms side by side than its paper shows readably."""

    sentence = N_(
        "%(count)s columns stand side by side on this day, and %(paper)s shows %(most)s that can be read. Take %(remedy)s."
    )


class NoSuchDayError(DomainError):
    """A plan was asked for of a day that the programme does not have."""

    sentence = N_("The programme has no such day. Choose one of its days.")
    status = 404
